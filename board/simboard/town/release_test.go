package town

import (
	"testing"
	"time"
)

// incoming is an answered call from outside under the given signs.
func incoming(t *testing.T, country string, signs Supervision) *street {
	s := newStreet(t, country)
	s.must(s.line.Call(Call{CallerID: NoCallerID, Supervision: &signs, Party: Party{Voice: "babble"}}))
	s.run(time.Second)
	s.must(s.set.Lift())
	s.until("talk", time.Second, s.phaseIs(phaseTalking))
	s.run(time.Second)
	return s
}

func TestLoopBreak(t *testing.T) {
	for _, ms := range []int{90, 250, 600, 900} {
		s := incoming(t, "ES", Supervision{LoopBreakMS: ms})
		if s.pair.MilliAmp() < 20 {
			t.Fatalf("%v mA while talking", s.pair.MilliAmp())
		}
		s.must(s.line.Hangup())
		broken := func() bool { return s.pair.MilliAmp() == 0 }
		s.until("break", 50*time.Millisecond, broken)
		near(t, "loop break", s.until("battery", 2*time.Second, func() bool { return !broken() }), time.Duration(ms)*time.Millisecond, 10*time.Millisecond)
		s.run(2 * time.Second)
		if s.line.phase != phaseReleased {
			t.Errorf("the line is %s while the box stays off-hook", s.line.phase)
		}
		s.must(s.set.Hangup())
		s.until("clear", time.Second, s.phaseIs(phaseIdle))
	}
}

// A box that hangs up during the break is seen when the battery is back.
func TestHangupDuringLoopBreak(t *testing.T) {
	s := incoming(t, "ES", Supervision{LoopBreakMS: 900})
	s.must(s.line.Hangup())
	s.run(300 * time.Millisecond)
	s.must(s.set.Hangup())
	s.until("clear", 1500*time.Millisecond, s.phaseIs(phaseIdle))
}

func TestPolarity(t *testing.T) {
	s := incoming(t, "ES", Supervision{Polarity: true})
	if s.pair.Feed.Volts < 0 {
		t.Error("an incoming call is not reversed by its answer")
	}
	s.must(s.line.Hangup())
	if s.pair.Feed.Volts > 0 {
		t.Error("polarity did not change at the hang-up")
	}
	s.must(s.set.Hangup())
	s.until("clear", time.Second, s.phaseIs(phaseIdle))
	s.step()
	if s.pair.Feed.Volts < 0 {
		t.Error("an idle line is reversed")
	}

	cfg := s.line.Config()
	cfg.Supervision = Supervision{Polarity: true}
	s.must(s.line.Configure(cfg))
	s.dialTo("112", false)
	s.until("ringback", 2*time.Second, s.phaseIs(phaseRingback))
	if s.pair.Feed.Volts < 0 {
		t.Error("reversed before the answer")
	}
	s.until("answer", 10*time.Second, s.phaseIs(phaseTalking))
	if s.pair.Feed.Volts > 0 {
		t.Error("the answer is not shown by polarity")
	}
	s.must(s.line.Hangup())
	if s.pair.Feed.Volts < 0 {
		t.Error("polarity is not back at the hang-up")
	}
}

func TestBusyToneAndDialToneAfterRelease(t *testing.T) {
	s := incoming(t, "UK", Supervision{BusyTone: true, DialToneAfterS: 12})
	s.must(s.line.Hangup())
	s.until("busy tone", 4*time.Second, func() bool { return s.set.state().Hears.Sound == "busy" })
	s.until("dial tone", 12*time.Second, func() bool { return s.set.state().Hears.Sound == "dial" })
}

func TestNoSignAtAll(t *testing.T) {
	s := incoming(t, "ES", Supervision{})
	s.must(s.line.Hangup())
	for range 1000 {
		s.step()
		if s.pair.Feed.Volts != 48 || energy(&s.line.out) != 0 {
			t.Fatal("a line without signs showed one")
		}
	}
}

func TestPartyHangsUpAfter(t *testing.T) {
	s := newStreet(t, "ES")
	s.must(s.line.Call(Call{CallerID: NoCallerID, Party: Party{HangupAfterS: 5}}))
	s.run(time.Second)
	s.must(s.set.Lift())
	s.until("talk", time.Second, s.phaseIs(phaseTalking))
	near(t, "talk", s.until("hang-up", 6*time.Second, s.phaseIs(phaseReleased)), 5*time.Second, 20*time.Millisecond)
}

func TestCutAndDeadLine(t *testing.T) {
	s := incoming(t, "ES", Supervision{})
	s.must(s.line.Cut(true))
	if v := s.pair.Volts(); v != 0 {
		t.Errorf("%v V on a cut pair", v)
	}
	s.until("clear", time.Second, s.phaseIs(phaseIdle))
	s.must(s.line.Cut(false))
	s.must(s.set.Hangup())
	cfg := s.line.Config()
	cfg.NoBattery = true
	s.must(s.line.Configure(cfg))
	if v := s.pair.Volts(); v != 0 {
		t.Errorf("%v V on a dead line", v)
	}
}
