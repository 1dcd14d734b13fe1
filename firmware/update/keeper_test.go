package update

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// machine is a box with two slots that outlives starts of the program.
type machine struct {
	t          *testing.T
	dir, stick string

	slot     string // that runs
	first    string // that starts next
	good     []string
	boot     int
	bundle   Bundle
	infoErr  error
	writeErr error
	busy     atomic.Int64
	well     atomic.Bool
	failing  string
	restarts atomic.Int64
	noHand   atomic.Bool
	ended    []Outcome
	alarm    *Outcome
	held     chan struct{} // writing waits for it
}

func newMachine(t *testing.T) *machine {
	return &machine{t: t, dir: t.TempDir(), stick: t.TempDir(), slot: "A", first: "A", boot: 1, bundle: Bundle{Version: "1.5.0", Compatible: "centralita-rev1", Oldest: "1.4.0"}}
}

func (m *machine) Status(context.Context) (Status, error) {
	return Status{Compatible: "centralita-rev1", Booted: m.slot}, nil
}

func (m *machine) Info(_ context.Context, file string) (Bundle, error) {
	if _, err := os.Stat(file); err != nil {
		m.t.Error(err)
	}
	return m.bundle, m.infoErr
}

func (m *machine) Install(ctx context.Context, _ string, percent func(int)) error {
	percent(40)
	if m.held != nil {
		select {
		case <-m.held:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if m.writeErr == nil {
		m.first = m.other()
	}
	return m.writeErr
}

func (m *machine) other() string { return map[string]string{"A": "B", "B": "A"}[m.slot] }

func (m *machine) MarkGood(context.Context) error { m.good = append(m.good, m.slot); return nil }
func (m *machine) Stay(context.Context) error     { m.first = m.slot; return nil }

// runs is the program of a version on it, until the returned function.
func (m *machine) runs(version string) (*Keeper, func()) {
	m.t.Helper()
	k, err := New(Options{Dir: m.dir, Stick: m.stick, Installer: m, Version: version, Boot: fmt.Sprint(m.boot),
		Calls: func(context.Context) (int, error) { return int(m.busy.Load()), nil },
		Well:  func() (bool, string) { return m.well.Load(), m.failing },
		Restart: func() error {
			m.restarts.Add(1)
			if m.noHand.Load() {
				return os.ErrNotExist
			}
			return nil
		},
		Ended: func(o Outcome) { m.ended = append(m.ended, o) }, Alarm: func(o *Outcome) { m.alarm = o },
	})
	if err != nil {
		m.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { _ = k.Serve(ctx); close(over) }()
	synctest.Wait()
	return k, func() { cancel(); <-over }
}

// starts is a new start of the machine.
func (m *machine) starts(slot string) { m.boot++; m.slot = slot }

func (m *machine) is(k *Keeper, want Phase) {
	m.t.Helper()
	synctest.Wait()
	if got := k.State(); got.Phase != want {
		m.t.Fatalf("it is %s (%v), want %s", got.Phase, got.Problem, want)
	}
}

func (m *machine) result(want, why, detail string) {
	m.t.Helper()
	if len(m.ended) != 1 || m.ended[0].Result != want || m.ended[0].Why != why || m.ended[0].Detail != detail || m.ended[0].Version != "1.5.0" || m.ended[0].From != "1.4.2" {
		m.t.Fatalf("it ended as %+v, want %s %s %s", m.ended, want, why, detail)
	}
}

// written brings a bundle to the point where the box waits for calls.
func (m *machine) written(k *Keeper) {
	m.t.Helper()
	if err := k.Receive(m.t.Context(), strings.NewReader("bundle"), 6); err != nil {
		m.t.Fatal(err)
	}
	m.is(k, Checked)
	if err := k.Install("ana"); err != nil {
		m.t.Fatal(err)
	}
	m.is(k, Waiting)
	if _, err := os.Stat(filepath.Join(m.dir, incoming)); !errors.Is(err, os.ErrNotExist) {
		m.t.Errorf("the bundle is still there: %v", err)
	}
}

func TestNewVersionIsGoodOnlyWhenTheBoxIsWell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t)
		m.busy.Store(2)
		k, stop := m.runs("1.4.2")
		m.written(k)
		time.Sleep(10 * time.Minute)
		if m.restarts.Load() != 0 || k.State().Calls != 2 {
			t.Fatalf("%d restarts, %d calls", m.restarts.Load(), k.State().Calls)
		}
		m.busy.Store(0)
		time.Sleep(10 * time.Second)
		m.is(k, Restarting)
		if m.restarts.Load() != 1 {
			t.Fatalf("%d restarts", m.restarts.Load())
		}
		stop()

		m.starts("B")
		k, stop = m.runs("1.5.0")
		m.is(k, Trial)
		if err := k.Receive(t.Context(), strings.NewReader("x"), 1); !errors.Is(err, ErrBusy) {
			t.Errorf("a bundle in the trial: %v", err)
		}
		time.Sleep(time.Minute)
		m.is(k, Trial)
		if len(m.good) > 0 {
			t.Fatal("good before the box was well")
		}
		m.well.Store(true)
		time.Sleep(5 * time.Second)
		m.is(k, Idle)
		m.result(Good, "", "")
		if fmt.Sprint(m.good) != "[B]" || m.alarm != nil || m.ended[0].Who != "ana" {
			t.Errorf("good %v, alarm %v, %+v", m.good, m.alarm, m.ended)
		}
		// What it keeps now is nothing for versions before 1.4.0.
		m.bundle.Version = "1.3.9"
		if err := k.Receive(t.Context(), strings.NewReader("x"), 1); !errors.Is(err, refuse("older")) {
			t.Errorf("1.3.9 after 1.5.0: %v", err)
		}
		stop()
	})
}

func TestFallsBack(t *testing.T) {
	for name, c := range map[string]struct {
		trial       func(m *machine)
		why, detail string
	}{
		"never started": {func(*machine) {}, NoStart, ""},
		"was not well": {func(m *machine) {
			m.failing = "sip"
			for range 3 {
				m.starts("B")
				_, stop := m.runs("1.5.0")
				time.Sleep(3 * time.Minute)
				stop()
			}
		}, NotWell, "sip"},
		"never confirmed": {func(m *machine) {
			m.starts("B")
			_, stop := m.runs("1.5.0")
			stop()
		}, Unknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMachine(t)
				k, stop := m.runs("1.4.2")
				m.written(k)
				stop()
				c.trial(m)
				m.starts("A")
				k, stop = m.runs("1.4.2")
				m.is(k, Idle)
				m.result(FellBack, c.why, c.detail)
				if m.alarm == nil || m.alarm.Version != "1.5.0" || len(m.good) > 0 {
					t.Fatalf("alarm %+v, good %v", m.alarm, m.good)
				}
				stop()
				// It lasts until a person knows of it.
				m.alarm = nil
				k, stop = m.runs("1.4.2")
				if m.alarm == nil || len(m.ended) != 1 {
					t.Fatalf("after another start: alarm %v, %d told", m.alarm, len(m.ended))
				}
				if err := k.Cancel(t.Context()); err != nil || m.alarm != nil {
					t.Fatalf("%v, alarm %v", err, m.alarm)
				}
				stop()
			})
		})
	}
}

func TestInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t)
		m.held = make(chan struct{})
		k, stop := m.runs("1.4.2")
		if err := k.Receive(t.Context(), strings.NewReader("bundle"), 6); err != nil {
			t.Fatal(err)
		}
		if err := k.Install("ana"); err != nil {
			t.Fatal(err)
		}
		m.is(k, Writing)
		if p := k.State().Percent; p != 40 {
			t.Errorf("%d %%", p)
		}
		stop()
		m.starts("A")
		k, stop = m.runs("1.4.2")
		m.is(k, Idle)
		m.result(Interrupted, "", "")
		stop()
	})
}

// The program may begin anew while it waits: calls still are waited for, and the
// version can be taken back.
func TestProgramBeginsAnewWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t)
		m.busy.Store(1)
		k, stop := m.runs("1.4.2")
		m.written(k)
		stop()
		k, stop = m.runs("1.4.2")
		m.is(k, Waiting)
		if err := k.Cancel(t.Context()); err != nil || m.first != "A" {
			t.Fatalf("%v, next starts %s", err, m.first)
		}
		m.is(k, Idle)
		if err := k.Restart(); !errors.Is(err, ErrNothing) {
			t.Errorf("a restart of nothing: %v", err)
		}
		stop()
		if m.restarts.Load() != 0 || len(m.ended) != 0 {
			t.Errorf("%d restarts, told %v", m.restarts.Load(), m.ended)
		}
	})
}

func TestRestartNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t)
		m.busy.Store(1)
		m.noHand.Store(true)
		k, stop := m.runs("1.4.2")
		defer stop()
		m.written(k)
		if err := k.Restart(); err != nil {
			t.Fatal(err)
		}
		m.is(k, Waiting)
		if k.State().Problem != ErrRestart || m.restarts.Load() != 1 {
			t.Fatalf("%v after %d", k.State().Problem, m.restarts.Load())
		}
		m.noHand.Store(false)
		if err := k.Restart(); err != nil {
			t.Fatal(err)
		}
		m.is(k, Restarting)
		time.Sleep(restartMax + time.Minute) // nothing happened
		m.is(k, Waiting)
		if k.State().Problem != ErrRestart {
			t.Error("a restart that does not come is not told")
		}
	})
}

func TestRefusedBundles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t)
		k, stop := m.runs("1.4.2")
		defer stop()
		was := m.bundle
		for name, c := range map[string]struct {
			spoil func()
			file  string
			size  int64
			code  string
		}{
			"not whole":    {func() {}, "bund", 6, "damaged"},
			"signature":    {func() { m.infoErr = ErrSignature }, "bundle", 6, "signature"},
			"damaged":      {func() { m.infoErr = errors.New("exit status 1") }, "bundle", 6, "damaged"},
			"wrong board":  {func() { m.bundle.Compatible = "centralita-stm32mp1" }, "bundle", 6, "board"},
			"too large":    {func() {}, "bundle", BundleMax + 1, "large"},
			"larger still": {func() {}, "", -1, "large"},
		} {
			m.bundle, m.infoErr = was, nil
			c.spoil()
			var err error
			if c.file == "" {
				err = k.Receive(t.Context(), endless{}, c.size)
			} else {
				err = k.Receive(t.Context(), strings.NewReader(c.file), c.size)
			}
			if !errors.Is(err, refuse(c.code)) {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
			m.is(k, Idle)
			if left, _ := filepath.Glob(filepath.Join(m.dir, "*")); len(left) > 0 {
				t.Errorf("%s: %v are left", name, left)
			}
		}
		// One that is found broken only when it is read as a whole.
		m.bundle, m.infoErr, m.writeErr = was, nil, ErrDamaged
		if err := k.Receive(t.Context(), strings.NewReader("bundle"), 6); err != nil {
			t.Fatal(err)
		}
		if err := k.Install("ana"); err != nil {
			t.Fatal(err)
		}
		m.is(k, Idle)
		m.result(Failed, "damaged", "")
		if m.restarts.Load() != 0 {
			t.Error("it restarts for a version that was not written")
		}
	})
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestStick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t)
		m.busy.Store(1)
		secret := filepath.Join(t.TempDir(), "secret.raucb")
		for name, text := range map[string]string{filepath.Join(m.stick, "photo.jpg"): "x", secret: "y"} {
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Symlink(secret, filepath.Join(m.stick, "link.raucb")); err != nil {
			t.Fatal(err)
		}
		k, stop := m.runs("1.4.2")
		defer stop()
		for _, name := range []string{"", "photo.jpg", "link.raucb", "../" + filepath.Base(secret), secret} {
			if err := k.Take(name, false, "ana"); !errors.Is(err, ErrStick) {
				t.Errorf("%q is taken: %v", name, err)
			}
		}
		if err := os.WriteFile(filepath.Join(m.stick, "v1.5.0.raucb"), bytes.Repeat([]byte("b"), 1000), 0o600); err != nil {
			t.Fatal(err)
		}
		if s := k.State().Sticks; fmt.Sprint(s) != "[v1.5.0.raucb]" {
			t.Fatalf("on the stick: %v", s)
		}
		if err := k.Take("", true, "ana"); err != nil {
			t.Fatal(err)
		}
		m.is(k, Waiting)
	})
}

func TestWithoutInstaller(t *testing.T) {
	k, err := New(Options{Dir: filepath.Join(t.TempDir(), "none"), Version: "dev"})
	if err != nil {
		t.Fatal(err)
	}
	if s := k.State(); s.Offered || s.Version != "dev" {
		t.Errorf("%+v", s)
	}
	for _, err := range []error{k.Receive(t.Context(), strings.NewReader("x"), 1), k.Install(""), k.Restart(), k.Cancel(t.Context())} {
		if !errors.Is(err, ErrNone) {
			t.Error(err)
		}
	}
}

// A record that is broken keeps no box from starting.
func TestBrokenRecord(t *testing.T) {
	m := newMachine(t)
	if err := os.WriteFile(filepath.Join(m.dir, recordFile), []byte(`{"pending":`), 0o600); err != nil {
		t.Fatal(err)
	}
	k, err := New(Options{Dir: m.dir, Installer: m, Version: "1.4.2"})
	if err == nil || k == nil || k.State().Phase != Idle {
		t.Errorf("%v, %v", k, err)
	}
}
