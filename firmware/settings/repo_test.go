package settings

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
)

type memory map[string]string

func (m memory) Put(name, value string) error { m[name] = value; return nil }

func open(t *testing.T, dir string, told func(Revision, []byte)) (*Repo, memory) {
	t.Helper()
	m := memory{}
	r, err := Open(Options{Dir: dir, Secrets: m, Told: told})
	if err != nil {
		t.Fatal(err)
	}
	return r, m
}

func TestCommitAndRollback(t *testing.T) {
	dir := t.TempDir()
	var told []uint64
	r, _ := open(t, dir, func(r Revision, doc []byte) { told = append(told, r.Rev) })
	if _, err := r.Commit("ana", ""); !errors.Is(err, ErrNothing) {
		t.Errorf("commit without change: %v", err)
	}
	c, _ := r.Candidate()
	c.Office.Name = "Luna"
	if ps := r.SetCandidate(c); len(ps) > 0 {
		t.Fatal(ps)
	}
	if ch := r.Compare(); len(ch) != 1 || ch[0] != (Change{"office.name", "Oficina", "Luna"}) {
		t.Errorf("%v", ch)
	}
	if rev, err := r.Commit("ana", "new name"); err != nil || rev.Rev != 2 || rev.Who != "ana" {
		t.Fatal(rev, err)
	}
	again, _ := open(t, dir, nil)
	if rev, tree, _ := again.Current(); rev.Rev != 2 || rev.Note != "new name" || tree.Office.Name != "Luna" {
		t.Errorf("after a restart: %+v", rev)
	}
	if rev, err := r.Rollback(1, "ana", "as it was"); err != nil || rev.Rev != 3 {
		t.Fatal(rev, err)
	}
	if _, tree, _ := r.Current(); tree.Office.Name != "Oficina" {
		t.Errorf("%q", tree.Office.Name)
	}
	if _, err := r.Rollback(99, "ana", ""); err == nil {
		t.Error("rolled back to nothing")
	}
	if len(told) != 3 || told[2] != 3 {
		t.Errorf("told %v", told)
	}
	if revs := r.Revisions(); len(revs) != 3 || revs[0].Rev != 3 {
		t.Errorf("%v", revs)
	}
}

func TestAWrongCandidateIsKeptButNotCommitted(t *testing.T) {
	r, _ := open(t, t.TempDir(), nil)
	c, _ := r.Candidate()
	c.Queues[0].Agents = append(c.Queues[0].Agents, "eva")
	if ps := r.SetCandidate(c); len(ps) != 1 || ps[0].Path != "queues[reception].agents[4]" {
		t.Fatal(ps)
	}
	var ps Problems
	if _, err := r.Commit("ana", ""); !errors.As(err, &ps) {
		t.Fatal(err)
	}
	if _, changed := r.Candidate(); !changed {
		t.Error("the work was lost")
	}
	r.Discard()
	if _, changed := r.Candidate(); changed || len(r.Compare()) != 0 {
		t.Error("discard")
	}
	if rev, _, _ := r.Current(); rev.Rev != 1 {
		t.Error(rev)
	}
}

// No password reaches the disk outside the secret store, not even in a comparison.
func TestPasswordsGoIntoTheStore(t *testing.T) {
	dir := t.TempDir()
	var docs []byte
	r, secrets := open(t, dir, func(_ Revision, doc []byte) { docs = append(docs, doc...) })
	err := r.Edit(func(c *Tree) error {
		c.Stations = append(c.Stations, Station{Extension: "201-210", SIP: &Phone{Password: "sesame"}})
		c.Trunks = append(c.Trunks, Trunk{Name: "p", Server: "h", User: "u", Register: true, Secret: "mine", Password: "sesame"})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c, _ := r.Candidate() // the page gets it without passwords and sends it back
	c.Stations[4].SIP.Password, c.Trunks[0].Password = "", ""
	r.SetCandidate(c)
	for _, ch := range r.Compare() {
		if strings.Contains(ch.New, "sesame") {
			t.Errorf("%v", ch)
		}
	}
	if _, err := r.Commit("ana", ""); err != nil {
		t.Fatal(err)
	}
	if secrets["phone-201-210"] != "sesame" || secrets["mine"] != "sesame" {
		t.Errorf("%v", secrets)
	}
	_, tree, doc := r.Current()
	file, err := os.ReadFile(fileOf(dir, 2))
	if err != nil || bytes.Contains(append(append(file, doc...), docs...), []byte("sesame")) {
		t.Errorf("password written: %v", err)
	}
	if s, _ := tree.StationByExt("205"); s.SIP.Secret != "phone-201-210" {
		t.Errorf("%+v", s.SIP)
	}
}

// Whatever byte of the newest file is wrong, the box starts on the one before,
// says so, and its next commit goes above both.
func TestDamageFallsBack(t *testing.T) {
	dir := t.TempDir()
	r, _ := open(t, dir, nil)
	if err := r.Edit(func(c *Tree) error { c.Office.Name = "Luna"; return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Commit("ana", ""); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(fileOf(dir, 2))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(good); i += 7 {
		bad := bytes.Clone(good)
		bad[i] ^= 0x20
		if err := os.WriteFile(fileOf(dir, 2), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		r, _ := open(t, dir, nil)
		if _, tree, _ := r.Current(); tree.Office.Name == "Oficina" && r.Damage() == nil {
			t.Fatalf("byte %d: nothing said", i)
		}
	}
	if err := os.WriteFile(fileOf(dir, 2), good[:40], 0o600); err != nil {
		t.Fatal(err)
	}
	r, _ = open(t, dir, nil)
	if err := r.Edit(func(c *Tree) error { c.Office.Name = "Mar"; return nil }); err != nil {
		t.Fatal(err)
	}
	if rev, err := r.Commit("ana", ""); err != nil || rev.Rev != 3 {
		t.Error(rev, err)
	}
}

func TestNothingReadableStartsAnew(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(fileOf(dir, 7), []byte("\x00\x01"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, _ := open(t, dir, nil)
	if rev, tree, _ := r.Current(); rev.Rev != 8 || tree.Office.Name == "" || r.Damage() == nil {
		t.Errorf("%+v %v", rev, r.Damage())
	}
}

func TestFiftyAreKept(t *testing.T) {
	dir := t.TempDir()
	r, _ := open(t, dir, nil)
	for i := range 60 {
		if err := r.Edit(func(c *Tree) error { c.Office.Place = strings.Repeat("x", i+1); return nil }); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Commit("", ""); err != nil {
			t.Fatal(err)
		}
	}
	revs, err := list(dir)
	if err != nil || len(revs) != 50 || revs[49] != 61 {
		t.Errorf("%v %v", revs, err)
	}
}
