package gate

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// again opens the gate of a folder as a new run does.
func again(t *testing.T, dir string, now time.Time) *Gate {
	t.Helper()
	g, _, err := Open(Options{File: filepath.Join(dir, "accounts"), Sessions: filepath.Join(dir, "sessions"), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// A restart of the box signs nobody out who was not idle, and nobody in.
func TestSessionsOutliveARestart(t *testing.T) {
	dir, now := t.TempDir(), time.Unix(1e9, 0)
	g, first, err := Open(Options{File: filepath.Join(dir, "accounts"), Sessions: filepath.Join(dir, "sessions"), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	in := func() (string, Session) {
		secret, s, err := g.SignIn(t.Context(), "owner", first, "10.0.0.2")
		if err != nil {
			t.Fatal(err)
		}
		return secret, s
	}
	stays, _ := in()
	left, s := in()
	g.SignOut(s)
	told, err := os.ReadFile(filepath.Join(dir, "sessions"))
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "sessions")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if bytes.Contains(told, []byte(stays)) {
		t.Error("the file tells a secret")
	}

	next := again(t, dir, now.Add(11*time.Hour))
	if s, err := next.Who(stays); err != nil || s.Person != "owner" || !s.MustChange || s.From != "10.0.0.2" {
		t.Errorf("%+v %v", s, err)
	}
	if _, err := next.Who(left); !errors.Is(err, ErrNobody) {
		t.Error("signed out before the restart")
	}
	if _, err := again(t, dir, now.Add(22*time.Hour)).Who(stays); err != nil {
		t.Errorf("seen eleven hours ago in the run before: %v", err)
	}
	if _, err := again(t, dir, now.Add(40*time.Hour)).Who(stays); !errors.Is(err, ErrNobody) {
		t.Error("idle over a restart")
	}
	if err := os.Remove(filepath.Join(dir, "accounts")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "sessions"), bytes.Replace(told, []byte("owner"), []byte("ghost"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := again(t, dir, now).Who(stays); !errors.Is(err, ErrNobody) {
		t.Error("somebody without an account")
	}
}

// Whatever lies there, the gate opens.
func TestDamagedSessionsAreNone(t *testing.T) {
	for _, rot := range []string{"", "{", "[]", `[{"key":"zz","person":"owner"}]`, `[{"key":"` + string(bytes.Repeat([]byte("z"), 64)) + `","person":"owner"}]`} {
		dir := t.TempDir()
		again(t, dir, time.Unix(1e9, 0))
		if err := os.WriteFile(filepath.Join(dir, "sessions"), []byte(rot), 0o600); err != nil {
			t.Fatal(err)
		}
		if g := again(t, dir, time.Unix(1e9, 0)); len(g.sessions) != 0 {
			t.Errorf("%q opened %d", rot, len(g.sessions))
		}
	}
}
