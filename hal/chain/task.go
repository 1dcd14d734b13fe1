package chain

import (
	"errors"
	"iter"
	"time"
)

// Poll is how long Until waits between looks.
const Poll = 10 * time.Millisecond

// ErrBus ends a sequence whose accesses do not reach the chip.
var ErrBus = errors.New("the bus failed")

// Pause gives the chain back to the other ports for a while; false means give up.
type Pause func(time.Duration) bool

// task is a long sequence on one port, such as its initialisation, that takes
// turns with everything else the chain does: it runs in the chain's goroutine,
// between its pauses only, and so needs no lock.
type task struct {
	next func() (time.Duration, bool)
	stop func()
	wake time.Time
	err  error
}

// newTask makes a task of f; it begins with its first turn, from then on.
func newTask(f func(Pause) error, from time.Time) *task {
	t := &task{wake: from}
	t.next, t.stop = iter.Pull(iter.Seq[time.Duration](func(yield func(time.Duration) bool) {
		t.err = f(yield)
	}))
	return t
}

// turn lets the task run to its next pause when it is due. It tells true when
// the task has ended, with its error in err.
func (t *task) turn(now time.Time) bool {
	if now.Before(t.wake) {
		return false
	}
	d, more := t.next()
	t.wake = now.Add(d)
	return !more
}

// Steps runs the parts of a sequence up to the first that fails.
func (s *Service) Steps(wait Pause, steps ...func(Pause) error) error {
	for _, step := range steps {
		if err := step(wait); err != nil {
			return err
		}
		if s.chain.opts.Bus.Err() != nil {
			return ErrBus
		}
	}
	return nil
}

// Until polls; what is not done within the limit is late.
func (s *Service) Until(wait Pause, limit time.Duration, late error, done func() bool) error {
	for waited := time.Duration(0); !done(); waited += Poll {
		if s.chain.opts.Bus.Err() != nil {
			return ErrBus
		}
		if waited >= limit {
			return late
		}
		if !wait(Poll) {
			return ErrBus
		}
	}
	return nil
}
