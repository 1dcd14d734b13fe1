package supervise

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// diary collects what happened, in order.
type diary struct {
	mu    sync.Mutex
	lines []string
	notes []Note
}

func (d *diary) write(s string) { d.mu.Lock(); d.lines = append(d.lines, s); d.mu.Unlock() }
func (d *diary) tell(n Note)    { d.mu.Lock(); d.notes = append(d.notes, n); d.mu.Unlock() }

func (d *diary) whats(worker string) (w []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range d.notes {
		if n.Worker == worker {
			w = append(w, n.What)
		}
	}
	return w
}

func (d *diary) waits(name string) Worker {
	return Named(name, func(ctx context.Context) error {
		<-ctx.Done()
		d.write(name)
		return nil
	})
}

func TestStagesEndInOppositeOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		ctx, cancel := context.WithCancel(t.Context())
		err := Run(ctx, Options{Tell: d.tell}, []Stage{
			{Name: "memory", Vital: []Worker{d.waits("journal")}},
			{Name: "calls", Vital: []Worker{d.waits("loop")}},
			{Name: "doors", Edge: []Worker{d.waits("http")}},
		}, cancel)
		if err != nil || len(d.notes) != 0 {
			t.Errorf("an orderly end gives %v, %+v", err, d.notes)
		}
		if want := []string{"http", "loop", "journal"}; !slices.Equal(d.lines, want) {
			t.Errorf("ended %v, want %v", d.lines, want)
		}
	})
}

func TestVitalFallEndsTheBoxWithANote(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "crash")
	synctest.Test(t, func(t *testing.T) {
		var d diary
		err := Run(t.Context(), Options{Tell: d.tell, CrashDir: dir}, []Stage{
			{Name: "memory", Vital: []Worker{d.waits("journal")}},
			{Name: "calls", Vital: []Worker{Named("loop", func(context.Context) error { panic("call 7 in two places") })}},
		}, nil)
		if err == nil || !strings.Contains(err.Error(), "loop: panic: call 7 in two places") {
			t.Errorf("Run gives %v", err)
		}
		if !slices.Equal(d.lines, []string{"journal"}) {
			t.Errorf("the journal did not end in order: %v", d.lines)
		}
		if len(d.notes) != 1 || !d.notes[0].Vital || !strings.Contains(d.notes[0].Stack, "supervise_test.go") {
			t.Errorf("told %+v", d.notes)
		}
	})
	entries, _ := os.ReadDir(dir)
	if len(entries) != 1 {
		t.Fatalf("%d crash notes", len(entries))
	}
	b, _ := os.ReadFile(filepath.Join(dir, entries[0].Name()))
	if !strings.Contains(string(b), "worker loop") || !strings.Contains(string(b), "call 7 in two places") {
		t.Errorf("note:\n%s", b)
	}
}

func TestVitalMayNotEndByItself(t *testing.T) {
	err := Run(t.Context(), Options{}, []Stage{{Vital: []Worker{Named("loop", func(context.Context) error { return nil })}}}, nil)
	if err == nil {
		t.Error("the box goes on without its loop")
	}
}

func TestErrorOfTheEndIsTold(t *testing.T) {
	full := errors.New("disk full")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		journal := Named("journal", func(ctx context.Context) error { <-ctx.Done(); return full })
		loop := Named("loop", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		err := Run(ctx, Options{}, []Stage{{Vital: []Worker{journal}}, {Vital: []Worker{loop}}}, cancel)
		if !errors.Is(err, full) || errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	})
}

func TestEdgeIsStartedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		ctx, cancel := context.WithCancel(t.Context())
		starts := 0
		flapping := Named("sms", func(ctx context.Context) error {
			if starts++; starts == 7 {
				cancel()
				<-ctx.Done()
				return nil
			}
			if starts%2 == 0 {
				panic("no modem")
			}
			return errors.New("no modem")
		})
		err := Run(ctx, Options{Tell: d.tell}, []Stage{{Name: "edge", Edge: []Worker{flapping, d.waits("http")}}}, nil)
		if err != nil || starts != 7 {
			t.Errorf("%d starts, %v", starts, err)
		}
		w := d.whats("sms")
		if n := len(slices.DeleteFunc(slices.Clone(w), func(s string) bool { return s != Fell })); n != 6 {
			t.Errorf("told of %d falls: %v", n, w)
		}
		if !slices.Contains(w, Waiting) || !slices.Contains(w, Resumed) {
			t.Errorf("no rest between many falls: %v", w)
		}
		if w := d.whats("http"); len(w) != 0 {
			t.Errorf("the other worker was touched: %v", w)
		}
	})
}

func TestStuckWorkerIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		free := make(chan struct{})
		stuck := func(context.Context) error { <-free; return nil }
		ctx, cancel := context.WithCancel(t.Context())
		began := time.Now()
		err := Run(ctx, Options{Tell: d.tell}, []Stage{
			{Name: "memory", Vital: []Worker{d.waits("journal")}},
			{Name: "calls", Vital: []Worker{Named("loop", stuck)}, Patience: time.Second},
		}, cancel)
		if err == nil || !strings.Contains(err.Error(), "loop did not end") {
			t.Errorf("%v", err)
		}
		if took := time.Since(began); took > 2*time.Second || !slices.Equal(d.lines, []string{"journal"}) {
			t.Errorf("took %v; ended %v", took, d.lines)
		}
		close(free)
	})
}

func TestCrashNotesAreBounded(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for i := range notesMost + 5 {
		keep(dir, Note{Worker: "x", Stack: strings.Repeat("s", 2*noteBytes)}, now.Add(time.Duration(i)*time.Second))
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != notesMost || !strings.Contains(entries[0].Name(), "120005") {
		t.Errorf("%d notes, oldest %s", len(entries), entries[0].Name())
	}
	if info, _ := entries[0].Info(); info.Size() > noteBytes {
		t.Errorf("a note of %d bytes", info.Size())
	}
}
