package analog

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	items "centralita/firmware/line"
	"centralita/firmware/media"
)

// answered is an incoming call on fxo1 that the box has taken.
func answered(t *testing.T, c town.Call, set Settings) (*bench, ears, *town.Line, leg.Leg) {
	t.Helper()
	e := newEars()
	var got leg.Leg
	b := newBench(t, func(l leg.Leg, r leg.Report) { got = l; e.told(l, r) })
	b.bank.Configure(set)
	line, err := b.town.Line("fxo1")
	if err != nil {
		t.Fatal(err)
	}
	c.Number = "912345678"
	wish(t, line.Call(c))
	e.wait(t, 12*time.Second, leg.Offered)
	got.Answer()
	e.wait(t, 2*time.Second, leg.Answered)
	return b, e, line, got
}

// TestTalkIsNotCut: what sounds or looks like a hang-up and is none leaves a call
// alone, and the hang-up after it is seen.
func TestTalkIsNotCut(t *testing.T) {
	long(t)
	for name, c := range map[string]town.Call{
		"busy tone in the room": {Party: town.Party{Voice: "babble:3+signal:busy@-30"}},
		"a whistle":             {Party: town.Party{Voice: "whistle:4"}},
		"held vowels":           {Party: town.Party{Voice: "vowels:2"}},
		"music":                 {Party: town.Party{Voice: "music:1"}},
		"a dial tone for 2 s":   {Party: town.Party{Script: []town.Act{{Speak: "signal:dial", ForS: 2}, {Speak: "babble:2", ForS: 90}}}},
		"a loop that flickers":  {Wear: &town.Wear{GlitchesHour: 1800, FlickersHour: 900}, Party: town.Party{Voice: "babble:5"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.Supervision = &town.Supervision{LoopBreakMS: 400, BusyTone: true}
				b, e, line, _ := answered(t, c, Settings{Country: "ES"})
				defer b.close()
				select {
				case r := <-e.heard:
					t.Fatalf("report %+v while they talk", r)
				case <-time.After(25 * time.Second):
				}
				wish(t, line.Hangup())
				if r := e.wait(t, 2*time.Second, leg.Ended); r.Cause != leg.LoopBreak {
					t.Errorf("ended as %s (%s)", r.Cause, r.Text)
				}
			})
		})
	}
}

// TestWornTones: an exchange off its pitch, rhythm and level is heard all the same,
// and the reason says so.
func TestWornTones(t *testing.T) {
	for name, c := range map[string]struct {
		set   Settings
		signs town.Supervision
		words string
	}{
		"busy":       {Settings{Country: "ES"}, town.Supervision{BusyTone: true}, "busy tone for "},
		"congestion": {Settings{Country: "ES"}, town.Supervision{CongestionTone: true}, " tone for "},
		"dial tone":  {Settings{Country: "ES"}, town.Supervision{DialToneAfterS: 1}, "dial tone for "},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				wear := town.Wear{ToneDBm0: -26, ToneOffPct: 1.3, JitterPct: 4, NoiseDBm0: -56, HumDBm0: -52}
				b, e, line, _ := answered(t, town.Call{Supervision: &c.signs, Wear: &wear, Party: town.Party{Voice: "babble:3"}}, c.set)
				defer b.close()
				time.Sleep(5 * time.Second)
				wish(t, line.Hangup())
				r := e.wait(t, 6*time.Second, leg.Ended)
				if !strings.Contains(r.Text, c.words) || !strings.Contains(r.Text, "certainty") {
					t.Errorf("ended as %s: %s", r.Cause, r.Text)
				}
			})
		})
	}
}

// singing is a port of ours that always makes a sound: music on hold.
type singing struct{ at int }

func (s *singing) Rate() media.Rate { return media.Narrow }
func (s *singing) Read(_ uint64, f *media.Frame) bool {
	for i := range f.PCM() {
		s.at++
		f.PCM()[i] = int16(s.at * s.at % 7000) // something, not a tone
	}
	return true
}
func (s *singing) Write(uint64, *media.Frame) {}

// TestSilence: a line that gives no sign is released when both sides have been
// silent for long; a silent caller who hears our music is not.
func TestSilence(t *testing.T) {
	for name, music := range map[string]bool{"both silent": false, "our music": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				set := Settings{Country: "ES", Lines: map[id.Port]Line{"fxo1": {Silence: time.Minute}}}
				b, e, _, l := answered(t, town.Call{Party: town.Party{Voice: "silent"}}, set)
				defer b.close()
				if music {
					h, err := b.engine.Reserve()
					if err != nil {
						t.Fatal(err)
					}
					b.mu.Lock()
					_ = b.engine.Plug(h, &singing{})
					_ = b.engine.Connect(h, b.places[l], media.Unity)
					b.mu.Unlock()
				}
				limit := time.After(90 * time.Second)
				for ended := false; !ended; {
					select {
					case r := <-e.heard:
						if ended = r.Kind == leg.Ended; ended && (music || r.Cause != leg.Silence) {
							t.Fatalf("ended as %s (%s)", r.Cause, r.Text)
						}
					case <-limit:
						if !music {
							t.Error("the line is held")
						}
						return
					}
				}
			})
		})
	}
}

// TestCutIsSuspected: a number that calls again right after its release was
// probably cut. The next readings of the line say so and take back what the release
// had taught.
func TestCutIsSuspected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, e, line, _ := answered(t, town.Call{Supervision: &town.Supervision{BusyTone: true}, Party: town.Party{Voice: "babble:3"}}, Settings{Country: "ES"})
		defer b.close()
		time.Sleep(8 * time.Second)
		wish(t, line.Hangup())
		first := readings(e.wait(t, 6*time.Second, leg.Measured))
		if first[items.ReleaseBusy] == nil || first[items.ReleaseHeld] == nil || first[items.ReleaseBy] == nil || first[items.ReleaseBy].Text != string(leg.BusyTone) {
			t.Errorf("the release read %v", first)
		}
		e.wait(t, time.Second, leg.Ended)
		time.Sleep(5 * time.Second)
		wish(t, line.Call(town.Call{Number: "912345678", RingForS: 10}))
		e.wait(t, 12*time.Second, leg.Offered)
		again := readings(e.wait(t, 30*time.Second, leg.Measured))
		if again[items.ReleaseCut] == nil || again[items.ReleaseRevoked+"busy"] == nil {
			t.Errorf("the second call read %v", again)
		}
	})
}

func readings(r leg.Report) map[string]*event.Reading {
	m := map[string]*event.Reading{}
	for i := range r.Readings {
		m[r.Readings[i].Item] = &r.Readings[i]
	}
	return m
}
