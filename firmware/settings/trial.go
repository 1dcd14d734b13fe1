package settings

import (
	"context"
	"fmt"
	"time"

	"centralita/firmware/id"
)

// Bounds of a trial: shorter nobody can type the confirmation, longer nobody
// remembers that the box will turn back.
const (
	TrialMin = 5 * time.Second
	TrialMax = 24 * time.Hour
)

// Trial is why a revision does not last: unless a commit confirms it, the one
// before comes back by itself. It stands in the revision's file, so that a restart
// or a power cut does not forget it.
type Trial struct {
	Back  uint64 `json:"back"`  // the revision that comes back
	Until int64  `json:"until"` // Unix ms
	Note  string `json:"note"`  // of the revision that brings it back
}

// CommitFor is Commit on trial for so long: without another commit before its end
// the revision that was in force for good comes back, with the note.
func (r *Repo) CommitFor(who id.Person, note string, d time.Duration, back string) (Revision, error) {
	if err := checkTrial(d); err != nil {
		return Revision{}, err
	}
	r.commit.Lock()
	defer r.commit.Unlock()
	t, changed := r.Candidate()
	if !changed {
		return Revision{}, ErrNothing
	}
	return r.write(t, r.now.beyond, who, note, r.trialFor(d, back))
}

// RollbackFor is Rollback on trial for so long, as CommitFor.
func (r *Repo) RollbackFor(rev uint64, who id.Person, note string, d time.Duration, back string) (Revision, error) {
	if err := checkTrial(d); err != nil {
		return Revision{}, err
	}
	r.commit.Lock()
	defer r.commit.Unlock()
	k, err := read(r.opt.Dir, rev)
	if err != nil {
		return Revision{}, err
	}
	return r.write(k.tree, k.beyond, who, note, r.trialFor(d, back))
}

func checkTrial(d time.Duration) error {
	if d < TrialMin || d > TrialMax {
		return Problems{problem("", Duration(d).String(), "range", Duration(TrialMin).String(), Duration(TrialMax).String())}
	}
	return nil
}

// trialFor begins a trial; one after another goes back to before the first. commit
// is held.
func (r *Repo) trialFor(d time.Duration, back string) *Trial {
	trial := &Trial{Back: r.now.Rev, Until: r.opt.Now().Add(d).UnixMilli(), Note: back}
	if r.now.trial != nil {
		trial.Back = r.now.trial.Back
	}
	return trial
}

// Trial says whether the revision in force is on trial.
func (r *Repo) Trial() (Trial, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now.trial == nil {
		return Trial{}, false
	}
	return *r.now.trial, true
}

// confirm lets the revision in force last; commit is held.
func (r *Repo) confirm() (Revision, error) {
	k := r.now
	k.trial = nil
	if err := save(r.opt.Dir, k); err != nil {
		return Revision{}, fmt.Errorf("settings: %w", err)
	}
	r.mu.Lock()
	r.now = k
	r.mu.Unlock()
	r.poke()
	return k.Revision, nil
}

// left is what a trial has: by the clock that nobody sets, once this program knows
// it.
func (r *Repo) left(t Trial) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over.IsZero() {
		r.over = time.Now().Add(time.UnixMilli(t.Until).Sub(r.opt.Now()))
	}
	return time.Until(r.over)
}

// Serve ends trials in time until ctx ends. Its errors are of the disk.
func (r *Repo) Serve(ctx context.Context) error {
	for {
		left := time.Hour
		if t, on := r.Trial(); on {
			if left = r.left(t); left <= 0 {
				if err := r.fallBack(""); err != nil {
					return err
				}
				continue
			}
		}
		timer := time.NewTimer(left)
		select {
		case <-ctx.Done():
		case <-r.moved:
		case <-timer.C:
		}
		timer.Stop()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// fallBack puts the revision before a trial in force again. What is being edited
// stays.
func (r *Repo) fallBack(who id.Person) error {
	r.commit.Lock()
	defer r.commit.Unlock()
	trial := r.now.trial
	if trial == nil {
		return nil // confirmed in the last moment
	}
	k, err := read(r.opt.Dir, trial.Back)
	if err != nil {
		return err
	}
	r.mu.Lock()
	editing := r.cand
	r.mu.Unlock()
	if _, err := r.write(k.tree, k.beyond, who, trial.Note, nil); err != nil {
		return err
	}
	r.mu.Lock()
	if r.cand == nil {
		r.cand = editing
	}
	r.mu.Unlock()
	return nil
}

// resume looks at a trial after a start: where its time is over, or the clock does
// not tell, the revision before comes back at once.
func (r *Repo) resume() error {
	t := r.now.trial
	if t == nil {
		return nil
	}
	if now := r.opt.Now().UnixMilli(); now >= r.now.Wall && now < t.Until {
		return nil
	}
	return r.fallBack("")
}

func (r *Repo) poke() {
	select {
	case r.moved <- struct{}{}:
	default:
	}
}
