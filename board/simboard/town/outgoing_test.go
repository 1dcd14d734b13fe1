package town

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// dialTo lifts, waits for dial tone and dials until the exchange routes.
func (s *street) dialTo(digits string, pulse bool) {
	s.t.Helper()
	s.must(s.set.Lift())
	s.must(s.set.Dial(Dial{Digits: digits, Pulse: pulse, WaitDialTone: true}))
	s.until("routing", 60*time.Second, s.phaseIs(phaseRouting))
	if got := s.line.state().Dialled; got != digits {
		s.t.Errorf("the exchange heard %q, want %q", got, digits)
	}
}

func TestDigitsOverDialTone(t *testing.T) {
	for _, country := range []string{"ES", "IT", "UK", "US"} {
		for seed := range 5 {
			s := newStreet(t, country)
			s.set.r = rand.New(rand.NewPCG(uint64(seed), 7)) // other fingers
			s.must(s.set.Lift())
			s.until("dial tone", 2*time.Second, s.phaseIs(phaseDialTone))
			digits := fmt.Sprintf("55%d1234567890*#", seed)
			s.must(s.set.Dial(Dial{Digits: digits}))
			s.until("routing", 30*time.Second, s.phaseIs(phaseRouting))
			if got := s.line.state().Dialled; got != digits {
				t.Errorf("%s: the exchange heard %q, want %q", country, got, digits)
			}
		}
	}
}

func TestPulseDialling(t *testing.T) {
	s := newStreet(t, "ES")
	s.dialTo("1029384756", true)
}

func TestKnownPlanNeedsNoWaiting(t *testing.T) {
	s := newStreet(t, "ES")
	s.must(s.set.Lift())
	s.must(s.set.Dial(Dial{Digits: "912345678", WaitDialTone: true}))
	s.until("last digit", 20*time.Second, func() bool { return s.line.dialledN == 9 })
	if s.line.phase != phaseRouting {
		t.Errorf("nine digits are a whole Spanish number, but the line is %s", s.line.phase)
	}
	s.must(s.set.Hangup())
	s.until("clear", time.Second, s.phaseIs(phaseIdle))
	s.must(s.set.Lift())
	s.must(s.set.Dial(Dial{Digits: "0123", WaitDialTone: true}))
	s.until("last digit", 20*time.Second, func() bool { return s.line.dialledN == 4 })
	near(t, "completion", s.until("routing", 5*time.Second, s.phaseIs(phaseRouting)), 2*time.Second, 20*time.Millisecond)
}

// The telephone names what it hears in each country.
func TestProgressTones(t *testing.T) {
	plan := []Rule{
		{Pattern: "1", Behaviour: never}, {Pattern: "2", Behaviour: busy},
		{Pattern: "3", Behaviour: congestion}, {Pattern: "4", Behaviour: unknown},
		{Pattern: "5", AnswerAfterS: 1, Party: Party{Voice: "babble"}},
	}
	want := map[string]string{"1": "ringback", "2": "busy", "3": "congestion", "4": "special-information", "5": "speech"}
	for _, country := range []string{"ES", "IT", "UK", "US"} {
		s := newStreet(t, country)
		cfg := s.line.Config()
		cfg.Plan = plan
		s.must(s.line.Configure(cfg))
		for digit, name := range want {
			s.must(s.set.Lift())
			hears := func(name string) func() bool { return func() bool { return s.set.state().Hears.Sound == name } }
			s.until(country+" dial tone", 6*time.Second, hears("dial"))
			s.must(s.set.Dial(Dial{Digits: digit}))
			s.until(country+" "+name, 12*time.Second, hears(name))
			wrong := map[string]int{}
			for range 1000 {
				s.step()
				wrong[s.set.state().Hears.Sound]++
			}
			if n := wrong[name]; n < 990 {
				t.Errorf("%s: %s was named so for %d of 1000 frames: %v", country, name, n, wrong)
			}
			s.must(s.set.Hangup())
			s.until("clear", 2*time.Second, s.phaseIs(phaseIdle))
		}
	}
}

func TestDialToneLateAndNever(t *testing.T) {
	s := newStreet(t, "ES")
	cfg := s.line.Config()
	cfg.DialToneMS = 3000
	s.must(s.line.Configure(cfg))
	s.must(s.set.Lift())
	near(t, "dial tone", s.until("dial tone", 5*time.Second, s.phaseIs(phaseDialTone)), 3*time.Second, 60*time.Millisecond)
	s.must(s.set.Hangup())
	s.until("clear", time.Second, s.phaseIs(phaseIdle))

	cfg.NoDialTone = true
	s.must(s.line.Configure(cfg))
	s.must(s.set.Lift())
	s.must(s.set.Dial(Dial{Digits: "112"}))
	s.run(30 * time.Second)
	if st := s.line.state(); st.State != "seized" || st.Dialled != "" {
		t.Errorf("a line without dial tone took %q and is %s", st.Dialled, st.State)
	}
}

// A terminal's wetting pulse of 25 ms is no seizure; a recall is no hang-up.
func TestWettingPulseAndFlash(t *testing.T) {
	s := newStreet(t, "UK")
	s.set.lifted = true
	s.run(30 * time.Millisecond)
	s.set.lifted = false
	s.run(time.Second)
	if s.line.phase != phaseIdle {
		t.Fatalf("30 ms of current seized the line: %s", s.line.phase)
	}
	s.dialTo("999", false)
	s.until("answer", 10*time.Second, s.phaseIs(phaseTalking))
	s.must(s.set.Flash(200))
	s.run(time.Second)
	if st := s.line.state(); st.State != "talking" || st.Flashes != 1 {
		t.Errorf("after a recall the line is %s with %d recalls", st.State, st.Flashes)
	}
	s.must(s.set.Hangup())
	near(t, "clearing", s.until("clear", time.Second, s.phaseIs(phaseIdle)), 400*time.Millisecond, 20*time.Millisecond)
}

func TestEchoOfAFarHybrid(t *testing.T) {
	s := newStreet(t, "ES")
	cfg := s.line.Config()
	cfg.EchoDB, cfg.EchoMS = 12, 40
	cfg.Plan = []Rule{{Pattern: "*", AnswerAfterS: 1, Party: Party{Voice: voiceSilent}}}
	s.must(s.line.Configure(cfg))
	s.dialTo("112", false)
	s.until("answer", 10*time.Second, s.phaseIs(phaseTalking))
	s.must(s.set.Speak(Speech{Voice: "tone:1004", Loop: true}))
	s.run(3 * time.Second)
	if got := s.line.state().Hears.Level; got < -10.5 || got > -9.5 {
		t.Errorf("the far end hears %v dBm0, want -10", got)
	}
	if got := s.set.state().Hears.Level; got < -29.5 || got > -28.5 {
		t.Errorf("the echo is %v dBm0, want -22 less the exchange's 7 dB", got)
	}
}
