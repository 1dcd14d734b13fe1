package gate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"centralita/firmware/access"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// office is a gate with a clock of its own and the facts it told.
type office struct {
	*Gate
	now    time.Time
	told   []event.Event
	people map[id.Person]Profile
	first  string
}

func opened(t *testing.T, file string) *office {
	t.Helper()
	o := &office{now: time.Unix(1e9, 0), people: map[id.Person]Profile{
		"ana":  {access.Agent, "Ana", "es"},
		"jefe": {access.Owner, "", "it"},
	}}
	g, first, err := Open(Options{File: file,
		Now:    func() time.Time { return o.now },
		Tell:   func(e event.Event) { o.told = append(o.told, e) },
		People: func(p id.Person) (Profile, bool) { x, ok := o.people[p]; return x, ok },
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Gate, o.first = g, first
	return o
}

func TestFirstOwner(t *testing.T) {
	file, ctx := filepath.Join(t.TempDir(), "sub", "accounts.json"), t.Context()
	o := opened(t, file)
	if len(o.first) != 19 {
		t.Fatalf("one-time password %q", o.first)
	}
	secret, s, err := o.SignIn(ctx, "owner", o.first, "10.0.0.2")
	if err != nil || s.Role != access.Owner || !s.MustChange || len(secret) < 43 {
		t.Fatalf("%+v %v", s, err)
	}
	for next, want := range map[string]error{"short": ErrShort, o.first: ErrSame, strings.Repeat("x", 129): ErrLong} {
		if err := o.ChangePassword(ctx, s, o.first, next); !errors.Is(err, want) {
			t.Errorf("%q: %v", next, err)
		}
	}
	if err := o.ChangePassword(ctx, s, "wrong", "a long enough one"); !errors.Is(err, ErrWrong) {
		t.Error(err)
	}
	if err := o.ChangePassword(ctx, s, o.first, "una frase larga"); err != nil {
		t.Fatal(err)
	}
	if s, err := o.Who(secret); err != nil || s.MustChange {
		t.Errorf("%+v %v", s, err)
	}
	again := opened(t, file)
	if again.first != "" {
		t.Error("a second one-time password")
	}
	if _, _, err := again.SignIn(ctx, "owner", "una frase larga", "x"); err != nil {
		t.Error(err)
	}
	data, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(data), "una frase") || strings.Contains(string(data), secret) {
		t.Errorf("secrets in the file: %v", err)
	}
}

func TestPeopleOfTheSettings(t *testing.T) {
	o, ctx := opened(t, filepath.Join(t.TempDir(), "a")), t.Context()
	if _, _, err := o.SignIn(ctx, "ana", "", "x"); !errors.Is(err, ErrWrong) {
		t.Errorf("without a password: %v", err)
	}
	if err := o.GivePassword(ctx, "nadie", "12345678"); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	if err := o.GivePassword(ctx, "ana", "12345678"); err != nil {
		t.Fatal(err)
	}
	secret, s, err := o.SignIn(ctx, "ana", "12345678", "x")
	if err != nil || s.Role != access.Agent || s.Label != "Ana" || s.Language != "es" || !s.MustChange {
		t.Fatalf("%+v %v", s, err)
	}
	if err := o.SetLanguage(s, "en"); err != nil {
		t.Fatal(err)
	}
	if s, _ = o.Who(secret); s.Language != "en" {
		t.Errorf("%+v", s)
	}
	delete(o.people, "ana")
	if _, err := o.Who(secret); !errors.Is(err, ErrNobody) {
		t.Errorf("somebody removed stays: %v", err)
	}
	if _, _, err := o.SignIn(ctx, "ana", "12345678", "x"); !errors.Is(err, ErrWrong) {
		t.Errorf("and signs in: %v", err)
	}
}

func TestSessionsEnd(t *testing.T) {
	o, ctx := opened(t, filepath.Join(t.TempDir(), "a")), t.Context()
	in := func() (string, Session) {
		secret, s, err := o.SignIn(ctx, "owner", o.first, "x")
		if err != nil {
			t.Fatal(err)
		}
		return secret, s
	}
	one, s := in()
	o.SignOut(s)
	if _, err := o.Who(one); !errors.Is(err, ErrNobody) {
		t.Error("signed out")
	}
	two, _ := in()
	o.now = o.now.Add(11 * time.Hour)
	if _, err := o.Who(two); err != nil {
		t.Error(err)
	}
	o.now = o.now.Add(13 * time.Hour)
	if _, err := o.Who(two); !errors.Is(err, ErrNobody) {
		t.Error("idle for 13 hours")
	}
	three, _ := in()
	_, s = in()
	if err := o.ChangePassword(ctx, s, o.first, "another one"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Who(three); !errors.Is(err, ErrNobody) {
		t.Error("the other screen stays after a new password")
	}
	for _, secret := range []string{"", "x", strings.Repeat("x", 1000)} {
		if _, err := o.Who(secret); !errors.Is(err, ErrNobody) {
			t.Errorf("%q", secret)
		}
	}
	if k := o.told[0].Kind() + o.told[1].Kind(); k != "SignedInSignedOut" {
		t.Error(k)
	}
}

func TestSessionsAreBounded(t *testing.T) {
	o := opened(t, filepath.Join(t.TempDir(), "a"))
	o.mu.Lock()
	defer o.mu.Unlock()
	for range 2 * sessionsMax {
		o.now = o.now.Add(time.Second)
		if _, _, ok := o.admit("owner", "x"); !ok {
			t.Fatal("not admitted")
		}
	}
	if len(o.sessions) != sessionsMax {
		t.Error(len(o.sessions))
	}
}

// Guessing is slowed down by address and by name; the right word ends it.
func TestBrake(t *testing.T) {
	o, ctx := opened(t, filepath.Join(t.TempDir(), "a")), t.Context()
	var limited *Limited
	for i := range 5 {
		if _, _, err := o.SignIn(ctx, "owner", "wrong", fmt.Sprint(i)); !errors.Is(err, ErrWrong) {
			t.Fatal(err)
		}
	}
	if _, _, err := o.SignIn(ctx, "owner", o.first, "elsewhere"); !errors.As(err, &limited) || limited.Wait > 10*time.Second {
		t.Fatal(err)
	}
	o.now = o.now.Add(11 * time.Second)
	for range 8 {
		if _, _, err := o.SignIn(ctx, "owner", o.first, "elsewhere"); err != nil {
			t.Fatal(err)
		}
	}
	if e, ok := o.told[0].(*event.SignInRefused); !ok || e.Who != "owner" {
		t.Errorf("%v", o.told[0])
	}
	b := newBrake()
	for i := range 3 * brakesMax {
		b.take(fmt.Sprint(i), o.now)
	}
	if len(b.by) > brakesMax {
		t.Error(len(b.by))
	}
}

func TestALongNameIsToldShort(t *testing.T) {
	o := opened(t, filepath.Join(t.TempDir(), "a"))
	if _, _, err := o.SignIn(t.Context(), id.Person(strings.Repeat("ñ", 5000)), "x", "x"); !errors.Is(err, ErrWrong) {
		t.Error(err)
	}
	if e := o.told[0].(*event.SignInRefused); len(e.Who) > 2*nameMax {
		t.Error(len(e.Who))
	}
}

func TestDamagedAccountsStartAnew(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a")
	for _, text := range []string{"", "{", "{}", `{"owner":{"hash":"x"}}`, `{"owner":{"hash":"$argon2id$v=19$m=99999999,t=2,p=1$aaaa$aaaa"}}`} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if o := opened(t, file); o.first == "" || o.Damage() == nil {
			t.Errorf("%q: %v", text, o.Damage())
		}
	}
}

func TestHashingWaitsItsTurn(t *testing.T) {
	o := opened(t, filepath.Join(t.TempDir(), "a"))
	o.hashing <- struct{}{}
	o.hashing <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := o.SignIn(ctx, "owner", "x", "x"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
