package chain

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/hal"
	"centralita/hal/sim/bus"
)

var (
	errShort = errors.New("short")
)

// wires is a bus that can be cut.
type wires struct {
	mu       sync.Mutex // of cut, which is changed under a chain that turns in vain
	cut, err error
}

func (w *wires) access() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = w.cut
}

func (w *wires) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = err
}

func (w *wires) Err() error   { return w.err }
func (w *wires) Taken() error { err := w.err; w.err = nil; return err }

// part is a chip that does as it is told, under its port.
type part struct {
	*Service
	bring  error         // how its initialisation ends
	takes  time.Duration // and how long it takes
	begun  []time.Duration
	audits []time.Duration
	rang   int // interrupts served
	rested bool
}

// bench is a chain of two such chips. What Serve writes is read after pass.
type bench struct {
	*Chain
	wires wires
	pin   *bus.Pin
	parts [2]*part
	start time.Time
	ended error

	mu     sync.Mutex // of what Serve writes without being asked
	events []hal.Event
	resets int

	serving sync.WaitGroup
	cancel  context.CancelFunc
}

// run runs f with a chain that begins with serve and is ready 30 ms later: 10 ms
// of reset, 10 ms of settling and 10 ms of initialisation.
func run(t *testing.T, f func(*bench)) {
	synctest.Test(t, func(t *testing.T) {
		b := &bench{pin: bus.NewPin("INT"), start: time.Now(), cancel: func() {}}
		reset := bus.NewPin("RESET")
		reset.Watch(func(high bool) {
			if !high {
				b.mu.Lock()
				defer b.mu.Unlock()
				b.resets++
			}
		})
		b.Chain = New(Options{
			Driver: "test", PortsMax: 2, Bus: &b.wires, Frame: b.wires.access,
			Reset: reset, Int: b.pin, ResetLow: 10 * time.Millisecond, Settle: 10 * time.Millisecond,
			Tell: func(e hal.Event) {
				b.mu.Lock()
				defer b.mu.Unlock()
				b.events = append(b.events, e)
			},
		})
		for i, name := range []string{"one", "two"} {
			b.parts[i] = b.add(name)
		}
		defer b.stop()
		f(b)
	})
}

func (b *bench) serve() {
	ctx, cancel := context.WithCancel(context.Background())
	b.cancel = cancel
	b.serving.Go(func() { b.ended = b.Serve(ctx) })
}

func (b *bench) stop() {
	b.cancel()
	b.serving.Wait()
}

// pass lets time go by, and Serve come to rest.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// within runs f where Serve runs what it calls.
func (b *bench) within(f func(now time.Time)) {
	_ = b.order(f)
	synctest.Wait()
}

func (b *bench) add(name string) *part {
	p := &part{takes: 10 * time.Millisecond}
	p.Service = b.Add(Chip{
		Name: name, Part: "Part",
		BringUp: func(wait Pause) error {
			p.begun = append(p.begun, time.Since(b.start))
			wait(p.takes)
			return p.bring
		},
		BroughtUp: func(err error, now time.Time) { p.Schedule(now, false) },
		Interrupt: func(time.Time) { p.rang++ },
		Step:      func(time.Time) { b.wires.access() },
		Audit: func(now time.Time) {
			p.audits = append(p.audits, time.Since(b.start))
			p.Schedule(now, false)
		},
		Due:    func(audit time.Time) time.Time { return audit },
		Fallen: func(time.Time) {},
		Rest:   func() { p.rested = true },
	})
	return p
}

func (b *bench) resetCount() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.resets
}

func (b *bench) count(port string, kind hal.Kind) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.events {
		if e.Port == port && e.Kind == kind {
			n++
		}
	}
	return n
}

// TestWayIntoService: refused before, ready and told after, quiet at the end.
func TestWayIntoService(t *testing.T) {
	run(t, func(b *bench) {
		one := b.parts[0]
		if err := one.Order(nil); !errors.Is(err, errNotReady) || err.Error() != "test: one: port is not ready" {
			t.Errorf("order before the start: %v", err)
		}
		if s := one.Status(); s.Ready || s.Chip != "Part" || s.Fault != "not started" {
			t.Errorf("before the start: %+v", s)
		}
		b.serve()
		pass(time.Second)
		if s := one.Status(); !s.Ready || s.Fault != "" || b.count("one", hal.Recovered) != 1 || b.count("two", hal.Recovered) != 1 {
			t.Errorf("after a second: %+v, told %+v", s, b.events)
		}
		done := false
		if err := one.Order(func(time.Time) { done = true }); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if !done {
			t.Error("the order was not carried out at once")
		}
		if n := len(one.audits); n != 9 || one.audits[0] != 130*time.Millisecond {
			t.Errorf("audits in the first second: %v", one.audits)
		}
		b.stop()
		if s := one.Status(); !one.rested || s.Ready || s.Fault != "not started" || !errors.Is(b.ended, context.Canceled) {
			t.Errorf("after the end: rested %t, %+v, %v", one.rested, s, b.ended)
		}
	})
}

// TestTurns: a long initialisation does not delay the other port.
func TestTurns(t *testing.T) {
	run(t, func(b *bench) {
		b.parts[0].takes = time.Minute
		b.serve()
		pass(time.Second)
		if b.parts[0].Status().Ready || !b.parts[1].Status().Ready {
			t.Errorf("%+v, %+v", b.parts[0].Status(), b.parts[1].Status())
		}
	})
}

// TestRetries: soon twice, then a little later for ever, told once.
func TestRetries(t *testing.T) {
	run(t, func(b *bench) {
		short := b.parts[0]
		short.bring = errShort
		b.serve()
		pass(time.Minute)
		var gaps []time.Duration
		for i := range short.begun[1:] {
			gaps = append(gaps, (short.begun[i+1] - short.begun[i]).Round(time.Second/2))
		}
		if len(gaps) < 15 || gaps[0] != retrySoon || gaps[1] != retrySoon || gaps[2] != retryLong || gaps[14] != retryLong {
			t.Errorf("tried again after %v", gaps)
		}
		if n := b.count("one", hal.Fault); n != 1 || !errors.Is(b.events[0].Err, errShort) || short.Status().Fault != "test: one: short" {
			t.Errorf("%d faults told, status %+v", n, short.Status())
		}
		b.within(func(time.Time) { short.bring = nil })
		pass(5 * time.Second)
		if !short.Status().Ready || b.count("one", hal.Recovered) != 1 {
			t.Errorf("healed: %+v", short.Status())
		}
	})
}

// TestRecheck: a driver may want another pace for what it knows to pass.
func TestRecheck(t *testing.T) {
	run(t, func(b *bench) {
		p := b.parts[0]
		p.bring = errShort
		p.chip.Recheck = func(error) time.Duration {
			return 3 * time.Second
		}
		b.serve()
		pass(time.Minute)
		if n := len(p.begun); n < 19 || n > 21 {
			t.Errorf("tried %d times in a minute", n)
		}
	})
}

// TestDoubt: two strange audits are forgiven, three in a row begin anew.
func TestDoubt(t *testing.T) {
	run(t, func(b *bench) {
		b.serve()
		pass(time.Second)
		one := b.parts[0]
		again := func(silent bool) (begun bool) {
			b.within(func(now time.Time) { begun = one.Doubt(silent, now) })
			return begun
		}
		for range 2 {
			for range strangeMax - 1 {
				if again(true) {
					t.Fatal("gave up early")
				}
			}
			b.within(func(time.Time) { one.Trust() })
		}
		for n := range strangeMax {
			if again(true) != (n == strangeMax-1) {
				t.Fatalf("strange audit %d in a row", n+1)
			}
		}
		if s := one.Status(); !strings.Contains(s.Fault, "does not answer") {
			t.Errorf("%+v", s)
		}
		pass(20 * time.Millisecond)
		if !one.Status().Ready || b.count("one", hal.Fault) != 1 || b.count("one", hal.Recovered) != 2 || b.resets != 1 {
			t.Errorf("told %+v, %d resets", b.events, b.resets)
		}
	})
}

// TestSuspend: a port that must cool is tried again after its time, not before.
func TestSuspend(t *testing.T) {
	run(t, func(b *bench) {
		b.serve()
		pass(time.Second)
		one := b.parts[0]
		b.within(func(now time.Time) { one.Suspend(errShort, time.Minute, now) })
		pass(59 * time.Second)
		if one.Status().Ready {
			t.Error("back early")
		}
		pass(2 * time.Second)
		if !one.Status().Ready {
			t.Error("not back")
		}
	})
}

// TestOrdersAreBounded: what a chain that is held up cannot take is refused.
func TestOrdersAreBounded(t *testing.T) {
	run(t, func(b *bench) {
		b.serve()
		pass(time.Second)
		one, hold := b.parts[0], make(chan struct{})
		_ = one.Order(func(time.Time) { <-hold })
		synctest.Wait()
		for n := range 8 {
			if err := one.Order(func(time.Time) {}); err != nil {
				t.Fatalf("order %d: %v", n, err)
			}
		}
		if err := one.Order(nil); !errors.Is(err, errQueue) {
			t.Errorf("a ninth order: %v", err)
		}
		close(hold)
	})
}

// TestStuckInterrupt: a pin that stays low starves neither orders nor audits.
func TestStuckInterrupt(t *testing.T) {
	run(t, func(b *bench) {
		b.serve()
		pass(time.Second)
		one := b.parts[0]
		before := len(one.audits)
		b.pin.PullLow(0, true)
		pass(time.Second)
		if n := len(one.audits) - before; n < 9 {
			t.Errorf("%d audits in a second", n)
		}
		if one.rang == 0 || b.parts[1].rang != one.rang {
			t.Errorf("asked %d and %d times", one.rang, b.parts[1].rang)
		}
	})
}

// TestCutBus: one failing turn is forgiven; a bus that stays cut fails every port,
// is told once, and all begins anew within a second of its return.
func TestCutBus(t *testing.T) {
	run(t, func(b *bench) {
		b.serve()
		pass(time.Second)
		cut := func(err error) { b.within(func(time.Time) { b.wires.fail(err) }) }
		cut(errShort)
		cut(nil)
		pass(time.Second)
		if b.resetCount() != 1 || !b.parts[0].Status().Ready {
			t.Fatalf("one failed turn ended it: %d resets", b.resets)
		}
		cut(errShort)
		pass(10 * time.Second)
		if s := b.parts[0].Status(); s.Ready || !strings.Contains(s.Fault, "test: one: the bus fails: short") {
			t.Errorf("cut for long: %+v", s)
		}
		if b.count("one", hal.Fault) != 1 || b.count("two", hal.Fault) != 1 || b.resetCount() < 5 {
			t.Errorf("told %+v, %d resets", b.events, b.resets)
		}
		b.wires.fail(nil)
		pass(1100 * time.Millisecond)
		if !b.parts[0].Status().Ready || !b.parts[1].Status().Ready || b.ended != nil {
			t.Errorf("healed: %+v, %v", b.parts[0].Status(), b.ended)
		}
	})
}
