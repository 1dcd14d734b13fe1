package analog

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard"
	"centralita/board/simboard/town"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/legtest"
	"centralita/firmware/media"
	"centralita/hal"
)

// bench is a bank on the simulated board with its town, ticking in virtual time.
type bench struct {
	bank   *Bank
	sim    *simboard.Sim
	town   *town.Town
	engine *media.Engine
	cancel context.CancelFunc
	work   sync.WaitGroup
	steps  chan func() // to be run in the sound thread
	ctx    context.Context

	mu     sync.Mutex
	states map[id.Port]string // health as told last
	places map[leg.Leg]media.Handle
}

// newBench runs the real drivers, the bank and an engine; told hears of every
// leg, after it was plugged.
func newBench(t *testing.T, told leg.Told) *bench { return newBenchIn(t, "ES", told) }

// newBenchIn has line chips for a country; its town is Spanish.
func newBenchIn(t *testing.T, country string, told leg.Told) *bench {
	t.Helper()
	b := &bench{engine: media.New(), places: map[leg.Leg]media.Handle{}, steps: make(chan func()), states: map[id.Port]string{}}
	var err error
	b.sim, err = simboard.New(simboard.Options{Country: country, Paced: true, Tell: func(e hal.Event) { b.bank.Event(e) }})
	if err != nil {
		t.Fatal(err)
	}
	b.town, err = town.New(b.sim, town.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	b.bank = New(Options{
		Highway: b.sim.Highway, FXS: b.sim.FXS, FXO: b.sim.FXO,
		Health: func(p id.Port, state, _ string) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.states[p] = state
		},
		Told: func(l leg.Leg, r leg.Report) {
			b.plug(l, r)
			told(l, r)
		},
	})
	ctx, cancel := context.WithCancel(t.Context())
	b.ctx, b.cancel = ctx, cancel
	for _, w := range b.sim.Workers {
		b.work.Go(func() { _ = w.Serve(ctx) })
	}
	b.work.Go(func() { _ = b.bank.Serve(ctx) })
	b.work.Go(func() { b.tick(ctx) })
	for !b.sim.Ready() {
		time.Sleep(10 * time.Millisecond)
	}
	return b
}

// tick is the sound thread; facts go back to the legs as the switchboard does.
func (b *bench) tick(ctx context.Context) {
	for ctx.Err() == nil {
		if b.bank.Clock() != nil {
			return
		}
		b.engine.Tick()
		for h, ok := b.engine.Next(); ok; h, ok = b.engine.Next() {
			b.pass(h)
		}
		select {
		case f := <-b.steps:
			f()
		default:
		}
	}
}

// InTick implements legtest.Clocked.
func (b *bench) InTick(f func()) {
	done := make(chan struct{})
	select {
	case b.steps <- func() { f(); close(done) }:
		<-done
	case <-b.ctx.Done():
	}
}

func (b *bench) pass(h media.Heard) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for l, at := range b.places {
		if at == h.Handle {
			l.(leg.Listener).Heard(h)
		}
	}
}

// plug gives a leg its place with its first report.
func (b *bench) plug(l leg.Leg, r leg.Report) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at, known := b.places[l]
	switch {
	case !known && r.Kind != leg.Ended:
		at, err := b.engine.Reserve()
		if err != nil {
			panic(err)
		}
		_ = b.engine.Plug(at, l)
		for _, ear := range l.(leg.Listener).Ears() {
			_ = b.engine.Attach(at, ear)
		}
		b.places[l] = at
	case known && r.Kind == leg.Ended:
		_ = b.engine.Unplug(at)
		delete(b.places, l)
	}
}

func (b *bench) close() {
	b.cancel()
	b.sim.Highway.Close()
	b.work.Wait()
}

// wish waits for the town to do something.
func wish(t *testing.T, p town.Pending) {
	t.Helper()
	if err := p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// handsetEnd is the suite's hand on the telephone at fxs1.
type handsetEnd struct{ *bench }

func (h handsetEnd) set(t *testing.T) *town.Handset {
	s, err := h.town.Handset("fxs1")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Able implements legtest.Line. Digits are heard by the switchboard's ears.
func (h handsetEnd) Able() legtest.Able {
	return legtest.Able{Calls: true, IsCalled: true, Rings: true, HangsUp: true, LiftsItself: true}
}

func (h handsetEnd) Make(t *testing.T) leg.Leg { return makeLeg(t, h.bank, "fxs1") }
func (h handsetEnd) Call(t *testing.T)         { wish(t, h.set(t).Lift()) }
func (h handsetEnd) Rings(*testing.T)          {}
func (h handsetEnd) Answers(t *testing.T)      { wish(t, h.set(t).Lift()) }
func (h handsetEnd) HangsUp(t *testing.T)      { wish(t, h.set(t).Hangup()) }

func (h handsetEnd) Presses(*testing.T, byte) {}
func (h handsetEnd) Refuses(*testing.T)       {}
func (h handsetEnd) Close()                   { h.close() }

// lineEnd is the suite's hand on the exchange and party behind fxo1.
type lineEnd struct{ *bench }

func (l lineEnd) line(t *testing.T) *town.Line {
	x, err := l.town.Line("fxo1")
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Able implements legtest.Line.
func (l lineEnd) Able() legtest.Able {
	return legtest.Able{Calls: true, HangsUp: true, GivesUp: true}
}

func (l lineEnd) Make(t *testing.T) leg.Leg { return makeLeg(t, l.bank, "fxo1") }

func (l lineEnd) Call(t *testing.T) {
	wish(t, l.line(t).Call(town.Call{
		Number: "912345678", RingForS: 60,
		Supervision: &town.Supervision{LoopBreakMS: 600},
	}))
}

func (l lineEnd) Rings(*testing.T)         {}
func (l lineEnd) Answers(*testing.T)       {}
func (l lineEnd) HangsUp(t *testing.T)     { wish(t, l.line(t).Hangup()) }
func (l lineEnd) Presses(*testing.T, byte) {}
func (l lineEnd) Refuses(*testing.T)       {}
func (l lineEnd) Close()                   { l.close() }

func makeLeg(t *testing.T, b *Bank, p id.Port) leg.Leg {
	t.Helper()
	l, refused := b.Make(p)
	if refused != nil {
		t.Fatalf("%s: %s", p, refused.Why)
	}
	return l
}

func TestConformance(t *testing.T) {
	bubble := func(t *testing.T, test func(*testing.T)) { synctest.Test(t, test) }
	t.Run("handset", func(t *testing.T) {
		legtest.Conformance(t, legtest.Rig{
			Open: func(t *testing.T, told leg.Told) legtest.Line { return handsetEnd{newBench(t, told)} },
			Run:  bubble, Patience: 20 * time.Second, Settle: 3 * time.Second,
		})
	})
	t.Run("line", func(t *testing.T) {
		legtest.Conformance(t, legtest.Rig{
			Open: func(t *testing.T, told leg.Told) legtest.Line { return lineEnd{newBench(t, told)} },
			Run:  bubble, Patience: 20 * time.Second, Settle: 3 * time.Second,
		})
	})
}

// state is the health of a socket as it was told last.
func (b *bench) state(p id.Port) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.states[p]
}

// healthy waits until a port's state of health is the one wanted, and tells how
// long that took.
func (b *bench) healthy(t *testing.T, port id.Port, state string, within time.Duration) time.Duration {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		b.mu.Lock()
		is := b.states[port]
		b.mu.Unlock()
		if d := time.Since(begun); is == state {
			return d
		} else if d > within {
			t.Fatalf("%s is %q after %v, want %q", port, is, d, state)
		}
	}
}

// long marks a test of many minutes of many lines, which the race detector takes
// a hundred times as long for; shorter ones go the same ways.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("many minutes of lines")
	}
}
