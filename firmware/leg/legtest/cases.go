package legtest

import (
	"centralita/firmware/leg"
	"centralita/firmware/media"
)

// cases are the sentences of the contract, one each.
var cases = []struct {
	name  string
	needs func(Able) string // why the line cannot be asked this, or ""
	test  func(*suite)
}{
	{"offered comes first and ended last", calls, func(s *suite) {
		l := s.offered()
		l.Answer()
		s.answered()
		l.Hangup(leg.Normal)
		if r := s.end(l); r.Cause != leg.Normal {
			s.t.Errorf("ended as %q, want what Hangup said", r.Cause)
		}
	}},
	{"answering twice is answering once", calls, func(s *suite) {
		l := s.offered()
		l.Answer()
		l.Answer()
		s.answered()
		l.Answer()
		s.quiet()
		l.Hangup(leg.Normal)
		s.end(l)
	}},
	{"progress before answer tells nothing", waits, func(s *suite) {
		l := s.offered()
		l.Progress(false)
		l.Progress(true)
		l.Progress(false)
		s.quiet()
		l.Hangup(leg.Busy)
		s.end(l)
	}},
	{"an offered leg can be refused", waits, func(s *suite) {
		l := s.offered()
		l.Hangup(leg.Rejected)
		if r := s.end(l); r.Cause != leg.Rejected {
			s.t.Errorf("ended as %q, want %q", r.Cause, leg.Rejected)
		}
	}},
	{"the caller gives up", gives, func(s *suite) {
		l := s.offered()
		s.line.HangsUp(s.t)
		s.end(l)
	}},
	{"hangup before ring", called, func(s *suite) {
		l := s.made()
		l.Hangup(leg.Cancelled)
		s.end(l)
	}},
	{"hangup right behind ring", called, func(s *suite) {
		l := s.made()
		l.Ring(leg.Caller{Number: "201", To: "0912345678"})
		l.Hangup(leg.Cancelled)
		s.end(l)
	}},
	{"hangup while it rings", rings, func(s *suite) {
		l := s.made()
		l.Ring(leg.Caller{Number: "201", To: "0912345678"})
		s.line.Rings(s.t)
		s.expect(leg.Ringing)
		l.Hangup(leg.NoAnswer)
		if r := s.end(l); r.Cause != leg.NoAnswer {
			s.t.Errorf("ended as %q, want %q", r.Cause, leg.NoAnswer)
		}
	}},
	{"ringing, answer, hangup", rings, func(s *suite) {
		l := s.made()
		l.Ring(leg.Caller{Number: "201", To: "0912345678"})
		s.line.Rings(s.t)
		s.expect(leg.Ringing)
		s.line.Answers(s.t)
		s.answered()
		l.Hangup(leg.Normal)
		s.end(l)
	}},
	{"ringing twice is ringing once", called, func(s *suite) {
		l := s.made()
		l.Ring(leg.Caller{Number: "201", To: "0912345678"})
		l.Ring(leg.Caller{Number: "202", To: "0987654321"})
		s.line.Answers(s.t)
		s.answered()
		l.Ring(leg.Caller{Number: "201", To: "0912345678"})
		s.quiet()
		l.Hangup(leg.Normal)
		s.end(l)
	}},
	{"the far end refuses", refuses, func(s *suite) {
		l := s.made()
		l.Ring(leg.Caller{Number: "201", To: "0912345678"})
		s.line.Refuses(s.t)
		for {
			if w := s.expect(leg.Ringing, leg.EarlySound, leg.Ended); w.r.Kind == leg.Ended {
				break
			}
		}
		l.Hangup(leg.Normal)
		s.quiet()
	}},
	{"the far end hangs up", hangs, func(s *suite) {
		l := s.talking()
		s.line.HangsUp(s.t)
		if r := s.end(l); !r.Cause.FarHangup() {
			s.t.Errorf("ended as %q, which is no hanging up of the far end", r.Cause)
		}
	}},
	{"digits come in order, each once", presses, func(s *suite) {
		l := s.talking()
		const digits = "1590*#"
		for i := range len(digits) {
			s.line.Presses(s.t, digits[i])
		}
		for i := range len(digits) {
			if w := s.expect(leg.Digit); w.r.Digit != digits[i] {
				s.t.Fatalf("digit %d is %q, want %q", i, w.r.Digit, digits[i])
			}
		}
		l.Hangup(leg.Normal)
		s.end(l)
	}},
	{"hanging up twice ends once, with the first cause", talks, func(s *suite) {
		l := s.talking()
		l.Hangup(leg.Preempted)
		l.Hangup(leg.Normal)
		if r := s.end(l); r.Cause != leg.Preempted {
			s.t.Errorf("ended as %q, want %q", r.Cause, leg.Preempted)
		}
	}},
	{"orders of another life do nothing", talks, func(s *suite) {
		l := s.talking()
		l.Progress(true)
		l.Answer()
		l.Flash()
		l.Send("")
		s.quiet()
		l.Hangup(leg.Normal)
		s.end(l)
	}},
	{"an ended leg is silent", talks, func(s *suite) {
		l := s.talking()
		l.Hangup(leg.Normal)
		s.end(l)
		s.stopTick() // one thread alone reads and writes
		var f media.Frame
		f.Silence(media.Narrow)
		for n := range uint64(100) {
			l.Write(1000+n, &f)
			if l.Read(1000+n, &f) && n > 50 { // what was in flight may still be played
				s.t.Fatal("sound half a second after the end")
			}
		}
	}},
	{"the rate is one of the two", talks, func(s *suite) {
		l := s.talking()
		if r := l.Rate(); r != media.Narrow && r != media.Wide {
			s.t.Errorf("rate %d", r)
		}
		l.Hangup(leg.Normal)
		s.end(l)
	}},
}

func unless(ok bool, why string) string {
	if ok {
		return ""
	}
	return why
}

func calls(a Able) string  { return unless(a.Calls, "the far end cannot call") }
func called(a Able) string { return unless(a.IsCalled, "the far end cannot be called") }
func talks(a Able) string  { return unless(a.Calls || a.IsCalled, "no call is possible") }
func waits(a Able) string {
	return unless(a.Calls && !a.LiftsItself, "no incoming leg waits for an answer")
}
func gives(a Able) string   { return unless(a.Calls && a.GivesUp, "giving up is not known") }
func rings(a Able) string   { return unless(a.IsCalled && a.Rings, "ringing is not known") }
func refuses(a Able) string { return unless(a.IsCalled && a.Refuses, "the far end cannot refuse") }
func hangs(a Able) string   { return unless(a.HangsUp, "hanging up is not known") }
func presses(a Able) string { return unless(a.Presses, "the far end has no keys") }
