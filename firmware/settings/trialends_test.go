package settings

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestTrialIsKeptWithoutWhatIsBeingEdited(t *testing.T) {
	r, _ := open(t, t.TempDir(), nil)
	if _, err := r.Keep(); !errors.Is(err, ErrNoTrial) {
		t.Error(err)
	}
	tries(t, r, "Luna", time.Minute)
	if err := r.Edit(func(t *Tree) error { return Set(t, "office", "name", "Marte") }); err != nil {
		t.Fatal(err)
	}
	if rev, err := r.Keep(); err != nil || rev.Rev != 2 {
		t.Fatal(rev, err)
	}
	if _, on := r.Trial(); on || officeOf(r) != "Luna" || r.Left() != 0 {
		t.Errorf("%t %q %v", on, officeOf(r), r.Left())
	}
	if c, changed := r.Candidate(); !changed || c.Office.Name != "Marte" {
		t.Error("what was being edited is gone")
	}
}

func TestTrialIsReturned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := open(t, t.TempDir(), nil)
		if _, err := r.Return("ana"); !errors.Is(err, ErrNoTrial) {
			t.Error(err)
		}
		tries(t, r, "Luna", time.Minute)
		time.Sleep(20 * time.Second)
		tries(t, r, "Sol", time.Minute)
		if left := r.Left(); left != time.Minute {
			t.Error(left)
		}
		if sure, err := r.Lasting(); err != nil || sure.Office.Name != "Oficina" {
			t.Error(sure.Office.Name, err)
		}
		rev, err := r.Return("ana")
		if err != nil || rev.Rev != 4 || rev.Who != "ana" || officeOf(r) != "Oficina" {
			t.Errorf("%+v %v %q", rev, err, officeOf(r))
		}
	})
}

func TestRollbackOnTrial(t *testing.T) {
	r, _ := open(t, t.TempDir(), nil)
	tries(t, r, "Luna", time.Minute)
	if _, err := r.Keep(); err != nil {
		t.Fatal(err)
	}
	rev, err := r.RollbackFor(1, "ana", "back", time.Minute, "not confirmed")
	if err != nil || rev.Rev != 3 || officeOf(r) != "Oficina" {
		t.Fatal(rev, err, officeOf(r))
	}
	if trial, on := r.Trial(); !on || trial.Back != 2 {
		t.Errorf("%+v %t", trial, on)
	}
	if _, err := r.Return("ana"); err != nil || officeOf(r) != "Luna" {
		t.Error(err, officeOf(r))
	}
	if _, err := r.RollbackFor(1, "ana", "", 0, ""); err == nil {
		t.Error("a trial of no time was taken")
	}
	if _, err := r.RollbackFor(77, "ana", "", time.Minute, ""); err == nil {
		t.Error("a revision that is not there was taken")
	}
}
