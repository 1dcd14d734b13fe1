package settings

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// tries edits the office's name and commits it on trial.
func tries(t *testing.T, r *Repo, name string, d time.Duration) Revision {
	t.Helper()
	if err := r.Edit(func(t *Tree) error { return Set(t, "office", "name", name) }); err != nil {
		t.Fatal(err)
	}
	rev, err := r.CommitFor("ana", "try", d, "not confirmed")
	if err != nil {
		t.Fatal(err)
	}
	return rev
}

func officeOf(r *Repo) string {
	_, tree, _ := r.Current()
	return tree.Office.Name
}

// Without a second commit the settings before come back by themselves, once; what
// is being edited meanwhile stays.
func TestTrialFallsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []string
		r, _ := open(t, t.TempDir(), func(rev Revision, doc []byte) { told = append(told, rev.Note) })
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- r.Serve(ctx) }()
		tries(t, r, "Luna", 10*time.Minute)
		time.Sleep(5 * time.Minute)
		tries(t, r, "Sol", 10*time.Minute) // a second try: the way back is the same
		if trial, on := r.Trial(); !on || trial.Back != 1 {
			t.Errorf("%+v %v", trial, on)
		}
		if err := r.Edit(func(t *Tree) error { return Set(t, "office", "place", "Cádiz") }); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10*time.Minute - time.Second)
		if officeOf(r) != "Sol" {
			t.Error("fell back too early")
		}
		time.Sleep(2 * time.Second)
		rev, _, _ := r.Current()
		if _, on := r.Trial(); on || officeOf(r) != "Oficina" || rev.Rev != 4 || rev.Who != "" {
			t.Errorf("%+v %q", rev, officeOf(r))
		}
		if c, _ := r.Candidate(); c.Office.Place != "Cádiz" {
			t.Error("what was being edited is gone")
		}
		time.Sleep(time.Hour)
		if got := strings.Join(told, ","); got != ",try,try,not confirmed" {
			t.Error(got)
		}
		cancel()
		<-done
	})
}

func TestTrialIsConfirmed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		r, _ := open(t, dir, nil)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- r.Serve(ctx) }()
		tries(t, r, "Luna", time.Minute)
		time.Sleep(30 * time.Second)
		if rev, err := r.Commit("ana", ""); err != nil || rev.Rev != 2 {
			t.Fatal(rev, err)
		}
		if _, err := r.Commit("ana", ""); !errors.Is(err, ErrNothing) {
			t.Error(err)
		}
		time.Sleep(time.Hour)
		again, _ := open(t, dir, nil)
		if _, on := again.Trial(); on || officeOf(r) != "Luna" || officeOf(again) != "Luna" {
			t.Errorf("%q %q %v", officeOf(r), officeOf(again), on)
		}
		cancel()
		<-done
	})
}

// A restart within the time waits for the rest of it; after it, or with a clock
// that cannot be right, the settings before are there at once.
func TestTrialOutlivesARestart(t *testing.T) {
	for name, c := range map[string]struct {
		later time.Duration
		want  string
	}{"within": {30 * time.Second, "Luna"}, "after": {2 * time.Minute, "Oficina"}, "clock lost": {-50 * 365 * 24 * time.Hour, "Oficina"}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				r, _ := open(t, dir, nil)
				tries(t, r, "Luna", time.Minute)
				again, err := Open(Options{Dir: dir, Secrets: memory{}, Now: func() time.Time { return time.Now().Add(c.later) }})
				if err != nil || officeOf(again) != c.want {
					t.Fatal(officeOf(again), err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				done := make(chan error)
				go func() { done <- again.Serve(ctx) }()
				time.Sleep(31 * time.Second)
				if officeOf(again) != "Oficina" {
					t.Error("never fell back")
				}
				cancel()
				<-done
			})
		})
	}
}

// A password of a trial does not take the place of the one before.
func TestTrialKeepsTheOldPassword(t *testing.T) {
	r, words := open(t, t.TempDir(), nil)
	trunk := func(word string) error {
		return r.Edit(func(t *Tree) error {
			for _, w := range [][]string{{"server", "sip.example"}, {"user", "u"}, {"register", "true"}, {"password", word}} {
				if err := Set(t, append([]string{"trunks", "p"}, w...)...); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := trunk("first"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Commit("ana", ""); err != nil {
		t.Fatal(err)
	}
	if err := trunk("second"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.CommitFor("ana", "", time.Minute, ""); err != nil {
		t.Fatal(err)
	}
	_, tree, _ := r.Current()
	if now := tree.Trunks[0].Secret; words[now] != "second" || words["trunk-p"] != "first" {
		t.Errorf("%s: %v", now, words)
	}
	if err := r.fallBack(""); err != nil {
		t.Fatal(err)
	}
	_, tree, _ = r.Current()
	if got := words[tree.Trunks[0].Secret]; got != "first" {
		t.Error(got)
	}
	for _, d := range []time.Duration{0, TrialMin - 1, TrialMax + 1} {
		if _, err := r.CommitFor("ana", "", d, ""); err == nil {
			t.Error(d, "was taken")
		}
	}
}
