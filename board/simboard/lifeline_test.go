package simboard_test

import (
	"math"
	"testing"
	"time"

	"centralita/board/simboard"
	"centralita/board/simboard/town"
)

// dark is a box with a lifeline on which nothing runs: no driver, no program.
func dark(t *testing.T) (*simboard.Sim, *town.Line, *town.Handset) {
	t.Helper()
	s, err := simboard.New(simboard.Options{Lifeline: true})
	if err != nil {
		t.Fatal(err)
	}
	people, err := town.New(s, town.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	line, err := people.Line("fxo1")
	if err != nil {
		t.Fatal(err)
	}
	set, err := people.Handset("fxs1")
	if err != nil {
		t.Fatal(err)
	}
	return s, line, set
}

// until steps the dark board, at most so long.
func until(t *testing.T, s *simboard.Sim, most time.Duration, what string, is func() bool) {
	t.Helper()
	for range int(most / (10 * time.Millisecond)) {
		if s.Step(); is() {
			return
		}
	}
	t.Fatalf("%s: not within %s", what, most)
}

// granted steps once, in which the town fulfils a wish.
func granted(t *testing.T, s *simboard.Sim, p town.Pending) {
	t.Helper()
	s.Step()
	if err := <-p; err != nil {
		t.Fatal(err)
	}
}

// TestLifelineCallsOut: with the box dead the telephone has the exchange's dial
// tone, dials an emergency number and both hear each other.
func TestLifelineCallsOut(t *testing.T) {
	s, line, set := dark(t)
	granted(t, s, set.Lift())
	granted(t, s, set.Dial(town.Dial{Digits: "112", WaitDialTone: true}))
	until(t, s, 20*time.Second, "answer", func() bool { return line.State().State == "talking" })
	if got := line.State().Dialled; got != "112" {
		t.Errorf("the exchange heard %q", got)
	}
	granted(t, s, set.Speak(town.Speech{Voice: "babble:3", Loop: true}))
	for range 1500 { // the keys pressed are forgotten
		s.Step()
	}
	for who, hears := range map[string]town.Hears{"outside": line.State().Hears, "telephone": set.State().Hears} {
		if math.Abs(hears.Speech+18) > 6 { // speech at -16 dBm0, with its pauses
			t.Errorf("%s hears %+v", who, hears)
		}
	}
	granted(t, s, set.Hangup())
	until(t, s, 2*time.Second, "clear", func() bool { return line.State().State == "idle" })
}

// TestLifelineRings: with the box dead an incoming call rings the telephone, shows
// its number and can be answered.
func TestLifelineRings(t *testing.T) {
	s, line, set := dark(t)
	granted(t, s, line.Call(town.Call{Number: "912345678"}))
	until(t, s, 8*time.Second, "number on the display", func() bool { return set.State().Shown.Number == "912345678" })
	until(t, s, 8*time.Second, "bell", func() bool { return set.State().Bell })
	granted(t, s, set.Lift())
	until(t, s, time.Second, "answer", func() bool { return line.State().State == "talking" })
	if other := s.Handset("fxs2").Volts(); other != 0 {
		t.Errorf("another telephone has %.0f V", other)
	}
}

// TestLifelineHeld: while the relay is held the telephone is the box's alone, and
// within half a second of the last hold it has its line again.
func TestLifelineHeld(t *testing.T) {
	s, line, set := dark(t)
	hold := func(frames int) {
		t.Helper()
		for n := range frames {
			if n%10 == 0 {
				if err := s.Lifeline.Hold(); err != nil {
					t.Fatal(err)
				}
			}
			s.Step()
		}
	}
	hold(100)
	if v := set.State().Volts; v != 0 {
		t.Errorf("held, the telephone of a box without power has %.0f V", v)
	}
	<-func() town.Pending { p := set.Lift(); hold(100); return p }()
	if st := line.State(); st.State != "idle" || st.MilliAmp != 0 {
		t.Errorf("held, the line is %s with %.1f mA", st.State, st.MilliAmp)
	}
	until(t, s, 500*time.Millisecond+100*time.Millisecond, "the line back at the telephone", func() bool { return line.State().OffHook })
	if !s.Lifeline.AtRest() {
		t.Error("at rest, the guided contact says otherwise")
	}
	if err := s.Break(simboard.LifelineRelay, simboard.Welded); err != nil {
		t.Fatal(err)
	}
	until(t, s, time.Second, "contacts that stick", func() bool { return !line.State().OffHook && !s.Lifeline.AtRest() })
}
