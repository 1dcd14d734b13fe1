package legtest

import (
	"sync"
	"testing"
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/media"
)

// Able says what the far end of a rig can do; what it cannot is not tested.
type Able struct {
	Calls    bool // Call makes an incoming leg
	IsCalled bool // Make makes an outgoing one
	Rings    bool // its ringing is known
	Refuses  bool // it can refuse a call
	Presses  bool // it can press digits after answer
	HangsUp  bool // its hanging up after answer is known
	GivesUp  bool // its giving up before answer is known
	// LiftsItself: an incoming leg is answered as it is offered, as a handset that
	// was lifted is.
	LiftsItself bool
}

// Line is one far end, in the hand of the suite. Its methods act and return; the
// reports come by the Told it was opened with.
type Line interface {
	Able() Able
	Make(t *testing.T) leg.Leg // an outgoing leg to the far end, not yet rung
	Call(t *testing.T)         // the far end calls the box
	Rings(t *testing.T)        // it begins to ring, after Ring
	Answers(t *testing.T)
	Refuses(t *testing.T)
	HangsUp(t *testing.T) // or gives up
	Presses(t *testing.T, digit byte)
	Close() // everything of it ends
}

// Clocked is a Line whose sound thread is its own clock's, as that of a board:
// InTick runs f in it between two frames and waits for it, or does nothing when
// the clock has stopped.
type Clocked interface{ InTick(f func()) }

// Rig opens a fresh line for each test. Run, if set, runs a test in surroundings
// of the rig's own, such as a bubble of virtual time.
type Rig struct {
	Open     func(t *testing.T, told leg.Told) Line
	Run      func(t *testing.T, test func(*testing.T))
	Patience time.Duration // how long a report may take; 0 is five seconds
	Settle   time.Duration // how long to listen for what should not come; 0 is 50 ms
}

// Conformance is what every kind of leg must do.
func Conformance(t *testing.T, rig Rig) {
	if rig.Patience == 0 {
		rig.Patience = 5 * time.Second
	}
	if rig.Settle == 0 {
		rig.Settle = 50 * time.Millisecond
	}
	if rig.Run == nil {
		rig.Run = func(t *testing.T, test func(*testing.T)) { test(t) }
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			rig.Run(t, func(t *testing.T) {
				s := &suite{t: t, rig: rig, told: make(chan told, 64)}
				s.line = rig.Open(t, s.hear)
				defer s.line.Close()
				if why := c.needs(s.line.Able()); why != "" {
					t.Skip(why)
				}
				s.stopTick = sync.OnceFunc(s.tick())
				defer s.stopTick()
				c.test(s)
			})
		})
	}
}

type told struct {
	l leg.Leg
	r leg.Report
}

// suite is one test at work.
type suite struct {
	t    *testing.T
	rig  Rig
	line Line
	told chan told

	stopTick func()

	mu   sync.Mutex
	legs []leg.Leg // that the tick reads and writes
}

func (s *suite) hear(l leg.Leg, r leg.Report) {
	if r.Kind == leg.Measured {
		return // what a wire teaches comes when it likes
	}
	s.mu.Lock()
	known := false
	for _, have := range s.legs {
		known = known || have == l
	}
	if !known {
		s.legs = append(s.legs, l)
	}
	s.mu.Unlock()
	if r.Kind == leg.Measured {
		return // what a leg has learnt comes when it likes
	}
	s.told <- told{l, r}
}

// tick reads and writes every leg all the time, from its own goroutine, as the
// engine does in every state of a leg.
func (s *suite) tick() (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		var f media.Frame
		for n := uint64(1); ; n++ {
			// Not a ticker: in virtual time the race detector of Go 1.26 crashes now and
			// then in a select on a timer that is due (runtime.(*timer).maybeRunChan).
			time.Sleep(10 * time.Millisecond)
			select {
			case <-quit:
				return
			default:
			}
			s.mu.Lock()
			legs := append([]leg.Leg(nil), s.legs...)
			s.mu.Unlock()
			move := func() {
				for _, l := range legs {
					f.Silence(media.Narrow)
					l.Read(n, &f)
				}
				for _, l := range legs {
					f.Silence(media.Narrow)
					l.Write(n, &f)
				}
			}
			if line, ok := s.line.(Clocked); ok {
				line.InTick(move)
			} else {
				move()
			}
		}
	}()
	return func() {
		close(quit)
		<-done
	}
}

// expect is the next report, which must be one of kinds; it comes with its leg.
// Updated, Trouble and Measured may come at any time and are passed over.
func (s *suite) expect(kinds ...leg.ReportKind) told {
	s.t.Helper()
	for {
		select {
		case w := <-s.told:
			for _, k := range kinds {
				if w.r.Kind == k {
					s.sound(w)
					return w
				}
			}
			if w.r.Kind != leg.Updated && w.r.Kind != leg.Trouble && w.r.Kind != leg.Measured {
				s.t.Fatalf("report %+v, want one of kind %v", w.r, kinds)
			}
		case <-time.After(s.rig.Patience):
			s.t.Fatalf("no report of kind %v within %v", kinds, s.rig.Patience)
		}
	}
}

// sound checks what every report owes.
func (s *suite) sound(w told) {
	s.t.Helper()
	if w.r.Port == "" {
		s.t.Errorf("report %+v names no port", w.r)
	}
	switch w.r.Kind {
	case leg.Ended:
		if !w.r.Cause.Known() {
			s.t.Errorf("ended with unknown cause %q", w.r.Cause)
		}
	case leg.Answered:
		if w.r.By == "" {
			s.t.Error("answered, and it is not said how that is known")
		}
	}
}

// end expects Ended and nothing behind it, whatever is asked of the leg then.
func (s *suite) end(l leg.Leg) leg.Report {
	s.t.Helper()
	w := s.expect(leg.Ended)
	if w.l != l {
		s.t.Fatal("another leg ended")
	}
	l.Answer()
	l.Progress(false)
	l.Ring(leg.Caller{Number: "1"})
	l.Send("1")
	l.Flash()
	l.Hangup(leg.Busy)
	s.quiet()
	return w.r
}

func (s *suite) quiet() {
	s.t.Helper()
	select {
	case w := <-s.told:
		s.t.Fatalf("unexpected report %+v", w.r)
	case <-time.After(s.rig.Settle):
	}
}

// offered lets the far end call and returns the leg.
func (s *suite) offered() leg.Leg {
	s.t.Helper()
	s.line.Call(s.t)
	w := s.expect(leg.Offered)
	if w.l == nil {
		s.t.Fatal("offered without a leg")
	}
	return w.l
}

// made prepares an outgoing leg.
func (s *suite) made() leg.Leg {
	s.t.Helper()
	l := s.line.Make(s.t)
	s.mu.Lock()
	s.legs = append(s.legs, l)
	s.mu.Unlock()
	return l
}

// talking is a leg in conversation, called if the far end can be, else calling.
func (s *suite) talking() leg.Leg {
	s.t.Helper()
	if s.line.Able().IsCalled {
		l := s.made()
		l.Ring(leg.Caller{Number: "201", To: "0912345678"})
		s.line.Answers(s.t)
		s.answered()
		return l
	}
	l := s.offered()
	l.Answer()
	s.answered()
	return l
}

// answered passes over the signs of a call on its way until it is answered.
func (s *suite) answered() {
	s.t.Helper()
	for {
		if w := s.expect(leg.Ringing, leg.EarlySound, leg.Answered); w.r.Kind == leg.Answered {
			return
		}
	}
}
