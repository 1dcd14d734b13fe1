package analog

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/media"
)

// talk is a call between an outside party at fxo1 and the person at fxs1, each
// hearing the other through the box and both hybrids.
type talk struct {
	*bench
	ears    ears
	outside *town.Line
	person  *town.Handset
}

func newTalk(t *testing.T, outside town.Party, sign town.Supervision) *talk {
	e := newEars()
	var in leg.Leg
	b := newBench(t, func(l leg.Leg, r leg.Report) {
		if r.Kind == leg.Offered {
			in = l
		}
		e.told(l, r)
	})
	line, err := b.town.Line("fxo1")
	if err != nil {
		t.Fatal(err)
	}
	k := &talk{b, e, line, handsetEnd{b}.set(t)}
	wish(t, line.Call(town.Call{Number: "912345678", Party: outside, Supervision: &sign}))
	e.wait(t, 10*time.Second, leg.Offered)
	out := makeLeg(t, b.bank, "fxs1")
	b.plug(out, leg.Report{})
	out.Ring(leg.Caller{})
	e.wait(t, 3*time.Second, leg.Ringing)
	wish(t, k.person.Lift())
	e.wait(t, 2*time.Second, leg.Answered)
	in.Answer()
	e.wait(t, 2*time.Second, leg.Answered)
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.engine.Connect(b.places[in], b.places[out], media.Unity)
	_ = b.engine.Connect(b.places[out], b.places[in], media.Unity)
	return k
}

// dBm0 is the level of what an end heard from frame `from` on, for a second.
func dBm0(t *testing.T, end interface {
	Heard(first uint64, most int, out []int16) ([]int16, uint64)
}, from uint64) float64 {
	t.Helper()
	pcm, _ := end.Heard(from, 100, nil)
	if len(pcm) != 8000 {
		t.Fatalf("%d samples heard", len(pcm))
	}
	sum := 0.0
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	return 10*math.Log10(sum/8000+1e-3) - 20*math.Log10(16141)
}

// TestOwnEcho: who speaks, outside or inside, gets next to nothing back of it
// after a second of talking, and the other hears it as it was.
func TestOwnEcho(t *testing.T) {
	const loss, want = 18.0, 25.0 // of the simulated hybrids; of the canceller
	for _, who := range []string{"outside", "inside"} {
		t.Run(who, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				voice := "babble:5"
				if who == "inside" {
					voice = "silent"
				}
				k := newTalk(t, town.Party{Voice: voice}, town.Supervision{})
				defer k.close()
				if who == "inside" {
					wish(t, k.person.Speak(town.Speech{Voice: "babble:7", Loop: true}))
				}
				time.Sleep(time.Second)
				for range 3 {
					from := k.person.State().Hears.Frames
					time.Sleep(1200 * time.Millisecond)
					said, back := dBm0(t, k.person, from), dBm0(t, k.outside, from)
					if who == "inside" {
						said, back = back, said
					}
					t.Logf("said %.1f dBm0, came back %.1f", said, back)
					if said < -42 { // with pauses of the voice, and 7 dB of the exchange
						t.Errorf("the other hears only %.1f dBm0", said)
					}
					if back > said-loss-want {
						t.Errorf("own echo is %.1f dB down, want %.0f", said-back, loss+want)
					}
				}
			})
		})
	}
}

// TestEchoAsSet: what comes back of a speaker's voice is what the line's setting
// says: nothing, what a linear canceller leaves, or the whole echo.
func TestEchoAsSet(t *testing.T) {
	for _, c := range []struct {
		echo        Echo
		least, most float64 // dB that the echo is down
	}{{EchoSuppressed, 48, 200}, {EchoCancelled, 35, 200}, {EchoKept, 10, 25}} {
		synctest.Test(t, func(t *testing.T) {
			k := newTalk(t, town.Party{Voice: "babble:5"}, town.Supervision{})
			defer k.close()
			k.bank.Configure(Settings{Country: "ES", Echo: map[id.Port]Echo{"fxs1": c.echo}})
			time.Sleep(3 * time.Second)
			from := k.person.State().Hears.Frames
			time.Sleep(1200 * time.Millisecond)
			if down := dBm0(t, k.person, from) - dBm0(t, k.outside, from); down < c.least || down > c.most {
				t.Errorf("setting %d: the echo is %.1f dB down", c.echo, down)
			}
		})
	}
}

// TestBusyToneThroughBothHybrids: the tone of a far end that has hung up goes to
// the handset, whose hybrid sends some of it back into the line. It is still heard
// as what it is: within five seconds, as on any line that has not shown its tones yet.
func TestBusyToneThroughBothHybrids(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newTalk(t, town.Party{Voice: "babble:5"}, town.Supervision{BusyTone: true})
		defer k.close()
		time.Sleep(10 * time.Second)
		wish(t, k.outside.Hangup())
		if r := k.ears.wait(t, 5*time.Second, leg.Ended); r.Cause != leg.BusyTone {
			t.Errorf("ended as %s (%s)", r.Cause, r.Text)
		}
	})
}
