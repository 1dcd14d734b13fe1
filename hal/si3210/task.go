package si3210

import (
	"iter"
	"time"
)

// pause gives the chain back to the other ports for a while; false means give up.
type pause func(time.Duration) bool

// task is a long sequence on one port, such as its initialisation, that takes
// turns with everything else the chain does: it runs in the chain's goroutine,
// between its pauses only, and so needs no lock.
type task struct {
	next func() (time.Duration, bool)
	stop func()
	wake time.Time
	err  error
}

// newTask makes a task of f; it begins with its first turn.
func newTask(f func(pause) error) *task {
	t := &task{}
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
