package town

import "testing"

// A line of the town calls another by its number: that one rings and shows who
// calls, both hear each other, and the one that is left sees the country's signs.
func TestCallBetweenLines(t *testing.T) {
	s := newStreet(t, "US")
	other, callee := s.lines[1], s.handsets[1]
	s.dialTo("912000002", false)
	s.until("ringing", 5e9, func() bool { return other.phase == phaseRinging && s.line.phase == phaseRingback })
	if other.caller.number != "912000001" {
		t.Errorf("shown as %q", other.caller.number)
	}
	s.must(callee.Lift())
	s.until("talking", 1e9, s.phaseIs(phaseTalking))
	s.must(s.set.Speak(Speech{Voice: "babble:3", Loop: true}))
	s.run(4e9)
	if hears := callee.state().Hears; hears.Sound != "speech" {
		t.Errorf("the called end hears %+v", hears)
	}
	s.must(s.set.Hangup())
	s.until("released", 5e9, func() bool { return other.phase == phaseReleased && other.dead })
	if s.line.phase != phaseIdle || other.peer != nil {
		t.Errorf("%s, peer %v", s.line.phase, other.peer)
	}
}

// Its own number, and that of a line in use, are busy.
func TestCallToOneself(t *testing.T) {
	s := newStreet(t, "ES")
	s.dialTo("912000001", false)
	s.until("busy", 5e9, s.phaseIs(phaseBusy))
}

// A line that the office gives another number is called by that from then on; what
// else was set for it stays, and so does a number that nobody changed.
func TestRenumber(t *testing.T) {
	s := newStreet(t, "ES")
	other := s.lines[1]
	cfg := other.Config()
	cfg.RouteMS = 1234
	s.must(other.Configure(cfg))
	numbers := map[string]string{other.name: "955123456"}
	s.Renumber(numbers)
	s.run(1e8)
	if is := other.Config(); is.Number != "955123456" || is.RouteMS != 1234 {
		t.Errorf("%+v", is)
	}
	cfg = other.Config()
	cfg.Number = "955000000" // by hand, on the bench
	s.must(other.Configure(cfg))
	s.Renumber(numbers)
	s.dialTo("955000000", false)
	s.until("ringing", 5e9, func() bool { return other.phase == phaseRinging })
}
