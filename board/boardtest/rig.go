package boardtest

import (
	"context"
	"sync"
	"testing"
	"time"

	"centralita/board"
	"centralita/hal"
)

// Rig makes boards to test.
type Rig struct {
	// Bubble runs one test: in virtual time for a simulated board (synctest.Test),
	// plainly at a bench.
	Bubble func(t *testing.T, f func(t *testing.T))
	// New builds a board whose ports tell events and whose buttons tell presses,
	// and the world at its far ends.
	New func(t *testing.T, tell func(hal.Event), press func(hal.Press)) (*board.Board, World)
	// Ready is how long the whole board may take to come up.
	Ready time.Duration
	// Eye is when a lamp may be looked at after it was set: half a blink where the
	// program blinks, since nothing changes earlier; 0 where the lamps' chips do.
	Eye time.Duration
	// Long is how long a cut line stays cut: 0 for ten minutes.
	Long time.Duration
}

// World is what hangs on the far ends of the wires.
type World interface {
	// A telephone on a handset port.
	Lift(port string)
	Replace(port string)
	// RingVolts is what the telephone's bell gets now.
	RingVolts(port string) (vrms, hz float64)
	// An exchange on a line port: battery (negative is reversed, 0 none), ringing.
	Battery(port string, volts float64)
	RingLine(port string, vrms, hz float64)
	// Far ends of both kinds speak and listen: a tone in dBm0, and its level there.
	Speak(port string, hz, dBm0 float64)
	Hear(port string, hz float64) (dBm0 float64)
	// Feed is what the telephone finds on its pair.
	Feed(port string) (volts float64)

	Press(button string, held time.Duration)
	Lamp(name string) hal.Lamp // what the eye sees

	// Break injects a fault by name, Heal ends it; false when the rig cannot.
	Break(port, fault string) bool
	Heal(port string)
}

// Faults a rig may know.
const (
	FaultLink  = "link lost"
	FaultReset = "reset"
	FaultDead  = "dead"
)

// rig is one board under test.
type rig struct {
	*testing.T
	*board.Board
	World
	made Rig

	mu      sync.Mutex
	events  []hal.Event
	presses []hal.Press
	news    chan struct{}
}

// eventsMax bounds what a test remembers; no test makes that many.
const eventsMax = 10000

// start builds the board, runs its workers and waits until it is ready.
func (r Rig) start(t *testing.T) *rig {
	x := &rig{T: t, made: r, news: make(chan struct{}, 1)}
	x.Board, x.World = r.New(t, x.told, x.pressed)
	ctx, cancel := context.WithCancel(t.Context())
	var workers sync.WaitGroup
	for _, w := range x.Workers {
		workers.Go(func() { x.keep(ctx, w) })
	}
	t.Cleanup(func() { cancel(); workers.Wait() })
	begun := time.Now()
	for !x.Ready() {
		if time.Since(begun) > r.Ready {
			for _, p := range x.Ports() {
				t.Logf("%s: %+v", p.Name(), p.Status())
			}
			t.Fatalf("not ready after %s", r.Ready)
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Logf("ready after %s", time.Since(begun))
	time.Sleep(time.Second) // lines come to rest
	x.forget()
	return x
}

// keep serves a worker again when it fails, as the box's supervisor does.
func (x *rig) keep(ctx context.Context, w hal.Worker) {
	for ctx.Err() == nil {
		if err := w.Serve(ctx); err != nil && ctx.Err() == nil {
			x.Logf("%s: %v", w, err)
			time.Sleep(100 * time.Millisecond)
		}
	}
}

func (x *rig) told(e hal.Event) {
	x.mu.Lock()
	if len(x.events) < eventsMax {
		x.events = append(x.events, e)
	}
	x.mu.Unlock()
	x.wake()
}

func (x *rig) pressed(p hal.Press) {
	x.mu.Lock()
	x.presses = append(x.presses, p)
	x.mu.Unlock()
	x.wake()
}

func (x *rig) wake() {
	select {
	case x.news <- struct{}{}:
	default:
	}
}

func (x *rig) forget() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.events, x.presses = nil, nil
}

// expect waits for the next event of a kind on a port and takes it and all
// before it of that port away.
func (x *rig) expect(port string, kind hal.Kind, within time.Duration) hal.Event {
	x.Helper()
	limit := time.NewTimer(within)
	defer limit.Stop()
	for {
		if e, ok := x.take(port, kind); ok {
			return e
		}
		select {
		case <-x.news:
		case <-limit.C:
			x.Fatalf("%s did not tell kind %d within %s; it told %v", port, kind, within, x.kinds(port))
		}
	}
}

func (x *rig) take(port string, kind hal.Kind) (hal.Event, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i, e := range x.events {
		if e.Port != port || e.Kind != kind {
			continue
		}
		kept := x.events[i+1:]
		for j := i - 1; j >= 0; j-- {
			if x.events[j].Port != port {
				kept = append([]hal.Event{x.events[j]}, kept...)
			}
		}
		x.events = append([]hal.Event(nil), kept...)
		return e, true
	}
	return hal.Event{}, false
}

// quiet fails when a port tells any of the kinds within a time; no kinds means
// any at all.
func (x *rig) quiet(port string, during time.Duration, kinds ...hal.Kind) {
	x.Helper()
	time.Sleep(during)
	for _, k := range x.kinds(port) {
		bad := len(kinds) == 0
		for _, not := range kinds {
			bad = bad || k == not
		}
		if bad {
			x.Fatalf("%s told kind %d", port, k)
		}
	}
}

func (x *rig) kinds(port string) (kinds []hal.Kind) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, e := range x.events {
		if e.Port == port {
			kinds = append(kinds, e.Kind)
		}
	}
	return kinds
}

func (x *rig) must(err error) {
	x.Helper()
	if err != nil {
		x.Fatal(err)
	}
}

// near fails unless got is within tolerance of want.
func (x *rig) near(what string, got, want, tolerance time.Duration) {
	x.Helper()
	if d := got - want; d > tolerance || d < -tolerance {
		x.Fatalf("%s took %s, want %s ± %s", what, got, want, tolerance)
	}
}
