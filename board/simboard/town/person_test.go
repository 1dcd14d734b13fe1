package town

import (
	"testing"
	"time"

	"centralita/hal/sim/wire"
)

// A person answers after two rings, speaks, and hangs up when the line is busy.
func TestPersonAnswers(t *testing.T) {
	s := newStreet(t, "ES")
	s.must(s.set.Attend(Attend{Rings: 2, Voice: "babble:5"}))
	s.must(s.line.Call(Call{CallerID: NoCallerID, Supervision: &Supervision{BusyTone: true}, Party: Party{HangupAfterS: 6}}))
	s.until("second ring", 10*time.Second, func() bool { return s.set.bell.rings == 2 })
	d := s.until("answer", 3*time.Second, s.phaseIs(phaseTalking))
	if d < 300*time.Millisecond || d > 1300*time.Millisecond {
		t.Errorf("lifted %v after the second ring", d)
	}
	s.run(4 * time.Second)
	if h := s.line.State().Hears; h.Sound != "speech" || h.Speech < -20 {
		t.Errorf("the outside hears %+v", h)
	}
	s.until("release", 4*time.Second, s.phaseIs(phaseReleased))
	s.until("hang-up", 8*time.Second, func() bool { return !s.set.lifted })
	s.until("clear", time.Second, s.phaseIs(phaseIdle))

	// Ready for the next, and not for one who gives up after the first ring.
	s.run(8 * time.Second)
	s.must(s.line.Call(Call{CallerID: NoCallerID, RingForS: 2}))
	s.run(12 * time.Second)
	if s.set.lifted {
		t.Error("lifted for nobody")
	}
}

// A handset that is already in the hand when a call comes connects at once.
func TestCallMeetsSeizure(t *testing.T) {
	s := newStreet(t, "UK")
	s.must(s.line.Call(Call{Number: "02079460000"}))
	s.run(300 * time.Millisecond) // the message is under way
	s.must(s.set.Lift())
	s.until("talk", 200*time.Millisecond, s.phaseIs(phaseTalking))
	if s.pair.Feed.Volts < 0 || s.pair.Feed.RingVrms > 0 {
		t.Errorf("%+v while talking", s.pair.Feed)
	}
	s.must(s.set.Hangup())
	s.until("clear", time.Second, s.phaseIs(phaseIdle))
	s.must(s.set.Lift())
	s.run(time.Second)
	s.refuse("line_busy", s.line.Call(Call{}))
	s.refuse("off_hook", s.set.Lift())
}

// A handset left off-hook ends in silence.
func TestLeftOffHook(t *testing.T) {
	s := newStreet(t, "ES")
	s.must(s.set.Lift())
	s.until("dial tone", time.Second, s.phaseIs(phaseDialTone))
	s.until("congestion", 21*time.Second, s.phaseIs(phaseCongestion))
	s.until("parked", 61*time.Second, s.phaseIs(phaseParked))
}

// One's own voice coming back from a hybrid is nobody's speech; another's voice
// at the same time is.
func TestEchoIsNotSpeech(t *testing.T) {
	var e ear
	e.learn(countries[0])
	e.fresh()
	own, other := Babble(1), Babble(2)
	named := map[string]int{}
	hear := func(add bool) {
		for i := 0; i+80 <= len(own); i += 80 {
			var out, in wire.Sound
			copy(out[:], own[i:])
			e.speak(&out)
			for k := range in {
				in[k] = out[k] / 8
				if add {
					in[k] += other[i+k]
				}
			}
			e.hear(&in)
			named[e.hears().Sound]++
		}
	}
	hear(false)
	if named["silence"] < 1900 {
		t.Errorf("echo was named %v", named)
	}
	clear(named)
	hear(true)
	if named["speech"] < 1200 {
		t.Errorf("speech over echo was named %v", named)
	}
}

// Pulses dial, and a recall of the custom length does not end the call.
func TestPulsesAndFlashOfAPerson(t *testing.T) {
	s := newStreet(t, "US")
	s.must(s.set.Lift())
	s.refuse("bad_digit", s.set.Dial(Dial{Digits: "*1", Pulse: true}))
	s.must(s.set.Dial(Dial{Digits: "911", Pulse: true, WaitDialTone: true}))
	s.refuse("still_dialling", s.set.Dial(Dial{Digits: "1"}))
	s.until("routing", 20*time.Second, s.phaseIs(phaseRouting))
	if d := s.line.State().Dialled; d != "911" {
		t.Errorf("dialled %q", d)
	}
	s.until("answer", 12*time.Second, s.phaseIs(phaseTalking))
	s.must(s.set.Flash(0))
	s.run(2 * time.Second)
	if l := s.line.State(); l.Flashes != 1 || l.State != "talking" {
		t.Errorf("after an American flash: %+v", l)
	}
}
