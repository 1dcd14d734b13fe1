package settings

import (
	"errors"
	"time"

	"centralita/firmware/id"
)

// ErrNoTrial is the answer to an end of a trial when there is none.
var ErrNoTrial = errors.New("settings: nothing is on trial")

// Keep lets the revision on trial last. What is being edited stays.
func (r *Repo) Keep() (Revision, error) {
	r.commit.Lock()
	defer r.commit.Unlock()
	if r.now.trial == nil {
		return Revision{}, ErrNoTrial
	}
	return r.confirm()
}

// Return ends a trial before its time: the revision before comes back.
func (r *Repo) Return(who id.Person) (Revision, error) {
	if _, on := r.Trial(); !on {
		return Revision{}, ErrNoTrial
	}
	if err := r.fallBack(who); err != nil {
		return Revision{}, err
	}
	now, _, _ := r.Current()
	return now, nil
}

// Lasting is the tree that is in force for good: the one before a trial.
func (r *Repo) Lasting() (*Tree, error) {
	if t, on := r.Trial(); on {
		return r.At(t.Back)
	}
	_, t, _ := r.Current()
	return t, nil
}

// Left is how long a trial still has.
func (r *Repo) Left() time.Duration {
	t, on := r.Trial()
	if !on {
		return 0
	}
	return max(r.left(t), 0)
}
