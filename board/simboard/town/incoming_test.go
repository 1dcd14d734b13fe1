package town

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"
)

// bursts measures the ringing voltage on the pair: on, off, on, off ...
func (s *street) bursts(n int) (got []time.Duration) {
	on := func() bool { return s.pair.Feed.RingVrms > 0 }
	s.until("first ring", 5*time.Second, on)
	for range n {
		now := on()
		got = append(got, s.until("end of a burst or pause", 10*time.Second, func() bool { return on() != now }))
	}
	return got
}

func TestRingingCadence(t *testing.T) {
	for country, want := range map[string][]int{
		"ES": {1500, 3000, 1500},
		"IT": {1000, 4000, 1000},
		"UK": {400, 200, 400, 2000, 400, 200, 400},
		"US": {2000, 4000, 2000},
	} {
		s := newStreet(t, country)
		s.must(s.line.Call(Call{Number: "912345678", CallerID: NoCallerID}))
		got := s.bursts(len(want))
		for i := range want {
			near(t, fmt.Sprintf("%s step %d", country, i), got[i], time.Duration(want[i])*time.Millisecond, 10*time.Millisecond)
		}
		if n := s.set.state().Rings; n != 2 {
			t.Errorf("%s: the telephone counted %d rings, want 2", country, n)
		}
	}
}

// The telephone's own decoder reads what the exchange sends, in each country and
// style that a telephone without more knowledge can read.
func TestCallerID(t *testing.T) {
	for _, country := range []string{"ES", "IT", "UK", "US"} {
		for _, style := range Styles {
			t.Run(country+"/"+string(style), func(t *testing.T) {
				s := newStreet(t, country)
				s.must(s.line.Call(Call{Number: "912345678", Name: "Casa Lola", CallerID: style}))
				var reversals int
				was := false
				for range 900 {
					s.step()
					if now := s.pair.Feed.Volts < 0; now != was {
						was = now
						reversals++
					}
				}
				got := s.set.state().Shown
				want := Shown{Number: "912345678", Name: "Casa Lola", Date: "03071234"}
				switch style {
				case NoCallerID:
					want = Shown{}
				case DTMFReversal, DTMFRing, DTMFPlain:
					want = Shown{Number: "912345678"}
				}
				if got != want {
					t.Errorf("shown %+v, want %+v", got, want)
				}
				if want := map[Style]int{FSKReversal: 2, DTMFReversal: 2}[style]; reversals != want {
					t.Errorf("%d reversals, want %d", reversals, want)
				}
				if r := s.set.state().Rings; r < 2 {
					t.Errorf("%d rings in nine seconds", r)
				}
			})
		}
	}
}

func TestCallerIDSpoiltAndWithheld(t *testing.T) {
	s := newStreet(t, "ES")
	s.must(s.line.Call(Call{Number: "912345678", BadChecksum: true}))
	s.run(5 * time.Second)
	if got := s.set.state().Shown; got != (Shown{Error: "checksum"}) {
		t.Errorf("shown %+v, want a checksum error", got)
	}
	s.must(s.line.Hangup())
	s.run(8 * time.Second)
	s.must(s.line.Call(Call{Withheld: "P"}))
	s.run(5 * time.Second)
	if got := s.set.state().Shown; got.Reason != "P" || got.Number != "" || got.Error != "" {
		t.Errorf("shown %+v, want a private number", got)
	}
}

// The first ring of a new call wipes the last caller, except a message that came
// before it.
func TestDisplayIsOfThisCall(t *testing.T) {
	s := newStreet(t, "UK")
	s.must(s.line.Call(Call{Number: "02079460000"}))
	s.run(4 * time.Second)
	s.must(s.line.Hangup())
	s.run(8 * time.Second)
	s.must(s.line.Call(Call{CallerID: NoCallerID}))
	s.run(3 * time.Second)
	if got := s.set.state().Shown; got != (Shown{}) {
		t.Errorf("shown %+v of the call before", got)
	}
}

// Second ring at least 200 ms after the message (EN 300 659-1), which begins
// 500 to 2000 ms after the first.
func TestMessageKeepsItsDistance(t *testing.T) {
	for _, country := range []string{"ES", "IT", "US"} {
		s := newStreet(t, country)
		s.must(s.line.Call(Call{Number: "912345678", Name: "A very long name of a caller indeed, fifty octets"}))
		ring := func() bool { return s.pair.Feed.RingVrms > 0 }
		sounds := func() bool { return energy(&s.set.in) > 0 }
		s.until("first ring", time.Second, ring)
		s.until("its end", 3*time.Second, func() bool { return !ring() })
		before := s.until("message", 3*time.Second, sounds)
		s.until("its end", 3*time.Second, func() bool { return !sounds() })
		after := s.until("second ring", 5*time.Second, ring)
		if before < 500*time.Millisecond || before > 2*time.Second || after < 200*time.Millisecond {
			t.Errorf("%s: message %v after the first ring, second ring %v after it", country, before, after)
		}
	}
}

func TestAnswerTripsRinging(t *testing.T) {
	s := newStreet(t, "ES")
	s.must(s.line.Call(Call{Number: "600111222", Party: Party{Voice: "babble:3"}}))
	s.until("ring", 2*time.Second, func() bool { return s.pair.Feed.RingVrms > 0 })
	s.must(s.set.Lift())
	d := s.until("ring trip", time.Second, func() bool { return s.pair.Feed.RingVrms == 0 })
	if d > 200*time.Millisecond {
		t.Errorf("ringing went on for %v after the answer; exchanges take 20 to 200 ms", d)
	}
	s.run(4 * time.Second)
	got := s.set.state().Hears
	if got.Sound != "speech" || got.Speech < -27 || got.Speech > -19 {
		t.Errorf("the telephone hears %+v, want speech at -16 dBm0 less the exchange's 7 dB", got)
	}
	s.must(s.set.Hangup())
	s.until("clear", time.Second, s.phaseIs(phaseIdle))
}

// Voice arrives sample by sample as it was spoken, 7 dB quieter.
func TestVoiceIsUnspoilt(t *testing.T) {
	s := newStreet(t, "ES")
	s.must(s.line.Call(Call{CallerID: NoCallerID, Party: Party{Voice: "babble:9"}}))
	s.run(time.Second)
	s.must(s.set.Lift())
	s.until("talk", time.Second, s.phaseIs(phaseTalking))
	first := s.set.ear.count
	s.run(3 * time.Second)
	got, _ := s.set.Heard(first, 1000, nil)
	want := Babble(9)[:2*rate]
	for i, x := range want {
		want[i] = int16(math.Round(math.Pow(10, -7.0/20) * float64(x)))
	}
	i := slices.IndexFunc(got, func(x int16) bool { return x != 0 })
	j := slices.IndexFunc(want, func(x int16) bool { return x != 0 })
	if i < 0 || !slices.Equal(got[i:i+rate], want[j:j+rate]) {
		t.Error("the voice is not what was spoken")
	}
}

func TestCallerGivesUp(t *testing.T) {
	s := newStreet(t, "ES")
	s.must(s.line.Call(Call{RingForS: 7}))
	d := s.until("end", 10*time.Second, s.phaseIs(phaseIdle))
	near(t, "giving up", d, 7*time.Second, 20*time.Millisecond)
	s.run(7 * time.Second)
	if st := s.set.state(); st.Ringing || st.Rings != 0 {
		t.Errorf("the telephone still rings: %+v", st)
	}
}

func TestCallNeedsAFreeLine(t *testing.T) {
	s := newStreet(t, "ES")
	s.must(s.line.Call(Call{}))
	s.refuse("line_busy", s.line.Call(Call{}))
	s.refuse("bad_number", s.line.Call(Call{Number: "call me"}))
	s.refuse("unknown_country", s.line.Call(Call{Country: "XX"}))
	s.refuse("bad_caller_id", s.line.Call(Call{CallerID: "pigeon"}))
	s.refuse("bad_voice", s.line.Call(Call{Party: Party{Voice: "tenor"}}))
}

// A caller listens to a menu, presses 1, speaks, hangs up.
func TestPartyScript(t *testing.T) {
	s := newStreet(t, "ES")
	s.must(s.line.Call(Call{CallerID: NoCallerID, Party: Party{Script: []Act{
		{Until: "speech", ForS: 10}, {Until: "silence", ForS: 10}, {WaitS: 0.5}, {Digits: "1"}, {Speak: "babble", ForS: 2}, {Hangup: true},
	}}}))
	s.run(time.Second)
	s.must(s.set.Lift())
	s.run(time.Second)
	if d := s.set.state().Hears.Digits; d != "" {
		t.Fatalf("digits %q before the menu was heard", d)
	}
	s.must(s.set.Speak(Speech{Voice: "tone:600"}))
	s.run(3 * time.Second)
	if d := s.set.state().Hears.Digits; d != "1" {
		t.Errorf("the box heard %q, want 1", d)
	}
	s.until("hang-up", 4*time.Second, s.phaseIs(phaseReleased))
}
