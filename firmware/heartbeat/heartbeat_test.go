package heartbeat

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// box is one whose parts can be made to fail.
type box struct {
	mu     sync.Mutex
	told   []bool // good or not
	names  []string
	sick   string // name of the part that refuses
	deaf   string // of the one that does not answer at all
	bitten bool
	fed    time.Time
	feeds  int
	broken error
}

const timeout = 30 * time.Second

func (b *box) Timeout() time.Duration { return timeout }

func (b *box) Feed() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.look()
	b.fed = time.Now()
	b.feeds++
	return b.broken
}

// look is the hardware: it bites for good once it was not fed in time.
func (b *box) look() { b.bitten = b.bitten || !b.fed.IsZero() && time.Since(b.fed) > timeout }

func (b *box) probes() (list []Probe) {
	for _, name := range []string{"sip", "sound", "journal"} {
		list = append(list, Probe{name, func(ctx context.Context) error {
			b.mu.Lock()
			sick, deaf := b.sick, b.deaf
			b.mu.Unlock()
			switch name {
			case sick:
				return errors.New("no")
			case deaf:
				<-ctx.Done()
				return ctx.Err()
			}
			time.Sleep(5 * time.Millisecond)
			return nil
		}})
	}
	return list
}

// run serves a heart in virtual time while f looks at it.
func run(t *testing.T, f func(b *box, h *Heart)) {
	synctest.Test(t, func(t *testing.T) {
		b := &box{}
		h := New(Options{Probes: b.probes(), Watchdog: b, Told: func(s State) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.told, b.names = append(b.told, s.Good), append(b.names, s.Failing)
		}})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- h.Serve(ctx) }()
		f(b, h)
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestHealthyBoxIsFed(t *testing.T) {
	run(t, func(b *box, h *Heart) {
		time.Sleep(time.Hour)
		s := h.State()
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.look(); b.bitten || !s.Good || s.Missed != 0 || int(s.Beats) != b.feeds || b.feeds < 700 || s.Longest != 15*time.Millisecond {
			t.Errorf("bitten %t, fed %d times, %+v", b.bitten, b.feeds, s)
		}
		if !slices.Equal(b.told, []bool{true}) {
			t.Errorf("told %v", b.told)
		}
	})
}

// TestAnyPartThatHangs: whichever it is, and whether it refuses or hangs, the hardware
// is not fed any more and bites.
func TestAnyPartThatHangs(t *testing.T) {
	for _, name := range []string{"sip", "sound", "journal"} {
		for _, how := range []string{"refuses", "hangs"} {
			run(t, func(b *box, h *Heart) {
				time.Sleep(time.Minute)
				b.mu.Lock()
				if how == "hangs" {
					b.deaf = name
				} else {
					b.sick = name
				}
				b.mu.Unlock()
				time.Sleep(timeout + every)
				s := h.State()
				b.mu.Lock()
				defer b.mu.Unlock()
				if b.look(); !b.bitten || s.Good || s.Failing != name || s.Why == "" {
					t.Errorf("%s %s: bitten %t, %+v", name, how, b.bitten, s)
				}
				if !slices.Equal(b.names, []string{"", name}) {
					t.Errorf("%s %s: told %q", name, how, b.names)
				}
			})
		}
	}
}

// TestAShortWeakness does not cost the box its life, and is told with its end.
func TestAShortWeakness(t *testing.T) {
	run(t, func(b *box, h *Heart) {
		time.Sleep(time.Minute)
		for _, deaf := range []string{"sip", ""} {
			b.mu.Lock()
			b.deaf = deaf
			b.mu.Unlock()
			time.Sleep(20 * time.Second)
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.look(); b.bitten || !slices.Equal(b.told, []bool{true, false, true}) || h.State().Missed < 2 {
			t.Errorf("bitten %t, told %v, %+v", b.bitten, b.told, h.State())
		}
	})
}

func TestWatchdogThatCannotBeFed(t *testing.T) {
	run(t, func(b *box, h *Heart) {
		b.mu.Lock()
		b.broken = errors.New("gone")
		b.mu.Unlock()
		time.Sleep(time.Minute)
		if s := h.State(); s.Good || s.Failing != "watchdog" {
			t.Errorf("%+v", s)
		}
	})
}
