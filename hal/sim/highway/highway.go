package highway

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"centralita/hal"
)

// Period is the length of a frame.
const Period = 10 * time.Millisecond

const (
	// captureDepth frames wait for Exchange: 80 ms, the stall a busy host makes.
	// Beyond it the oldest is dropped and counted.
	captureDepth = 8
	// prefill is how many frames to play are kept ahead, so that one late tick of
	// either side is not heard. It is the price in delay: 10 ms each.
	prefill = 1
	// playDepth bounds what is ahead; more would stay as delay for ever.
	playDepth = prefill + 1
	// lateMax bounds catching up after a stall of the whole program: 100 ms. What
	// is beyond is skipped, as on a bus where frames pass unread.
	lateMax = 10
	// patience is how long Exchange waits before it calls the clock missing:
	// three frames. A ticker that is late on a busy host is not a missing clock,
	// so a missing one is told by the fault alone until patienceMax.
	patience    = 3 * Period
	patienceMax = 50 * Period
)

// ErrClosed is what Exchange says after Close.
var ErrClosed = errors.New("highway: closed")

// Chip is a model with slots on the bus. in is zero before the first chip.
type Chip interface {
	Step(out, in *hal.Frame)
	Clock(present bool)
}

// Highway is the bus. Attach everything before it runs.
type Highway struct {
	steppers []func(frame uint64)
	chips    []Chip

	step  sync.Mutex // one step at a time
	frame uint64
	out   hal.Frame
	in    hal.Frame

	mu       sync.Mutex // the queues and what counts them
	capture  queue
	play     queue
	playing  bool // Exchange was called: an empty queue is an underrun now
	missing  bool // the clock fault
	closed   bool
	counters hal.HighwayCounters
	skipped  uint64

	ready chan struct{} // capacity 1: something changed for Exchange
	timer *time.Timer   // of Exchange; made once, so that waiting allocates nothing
}

// New makes a bus without chips.
func New() *Highway {
	return &Highway{
		ready:   make(chan struct{}, 1),
		capture: queue{frames: make([]hal.Frame, captureDepth)},
		play:    queue{frames: make([]hal.Frame, playDepth)},
	}
}

// OnStep registers f to be called at the start of each step, in order of
// registration, in the stepping goroutine.
func (h *Highway) OnStep(f func(frame uint64)) {
	h.step.Lock()
	defer h.step.Unlock()
	h.steppers = append(h.steppers, f)
}

// Attach puts a chip on the bus.
func (h *Highway) Attach(c Chip) {
	h.step.Lock()
	defer h.step.Unlock()
	h.chips = append(h.chips, c)
}

// Do runs f between two steps and waits for it; f may touch what belongs to the
// stepping goroutine, as the wires do.
func (h *Highway) Do(f func()) {
	h.step.Lock()
	defer h.step.Unlock()
	f()
}

func (h *Highway) String() string { return "highway (simulated)" }

// Serve paces the bus until ctx ends.
func (h *Highway) Serve(ctx context.Context) error {
	tick := time.NewTicker(Period)
	defer tick.Stop()
	next := time.Now().Add(Period)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		now := time.Now()
		if late := int(now.Sub(next) / Period); late > lateMax {
			h.skip(late - lateMax)
			next = next.Add(time.Duration(late-lateMax) * Period)
		}
		for ; !next.After(now); next = next.Add(Period) {
			h.Step()
		}
	}
}

func (h *Highway) skip(frames int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.skipped += uint64(frames)
	h.counters.Overruns += uint64(frames)
}

// Step moves one frame. Only one of Serve and a test may call it.
func (h *Highway) Step() {
	h.step.Lock()
	defer h.step.Unlock()
	h.mu.Lock()
	missing := h.missing
	if !missing && !h.play.pop(&h.out) {
		h.out = hal.Frame{}
		if h.playing {
			h.counters.Underruns++
		}
	}
	h.mu.Unlock()

	for _, f := range h.steppers {
		f(h.frame)
	}
	h.in = hal.Frame{}
	for _, c := range h.chips {
		c.Step(&h.out, &h.in)
	}
	h.frame++
	if missing {
		return
	}
	h.mu.Lock()
	if h.playing && !h.capture.push(&h.in) {
		h.counters.Overruns++
	}
	h.mu.Unlock()
	h.wake()
}

func (h *Highway) wake() {
	select {
	case h.ready <- struct{}{}:
	default: // it is awake already
	}
}

// Exchange fulfils hal.Highway. It gives out to play at the next boundary but
// one (the frame in between keeps a late tick from being heard), then waits for
// the next captured frame. One goroutine calls it.
func (h *Highway) Exchange(in, out *hal.Frame) error {
	h.mu.Lock()
	if !h.playing {
		h.begin()
	}
	h.play.push(out) // when full, the delay of an underrun is given back
	h.mu.Unlock()
	waited := time.Duration(0)
	for {
		done, err := h.take(in, waited)
		if done || err != nil {
			return err
		}
		if h.timer == nil {
			h.timer = time.NewTimer(patience)
		} else {
			h.timer.Reset(patience)
		}
		select {
		case <-h.ready:
			h.timer.Stop()
		case <-h.timer.C:
			waited += patience
		}
	}
}

// begin starts the two queues afresh; h.mu is held.
func (h *Highway) begin() {
	h.playing = true
	h.capture.clear()
	h.play.clear()
	for range prefill {
		h.play.push(&hal.Frame{})
	}
}

// take is one look for a captured frame.
func (h *Highway) take(in *hal.Frame, waited time.Duration) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed:
		return false, ErrClosed
	case h.capture.pop(in):
		h.counters.Frames++
		return true, nil
	case waited >= patienceMax, waited > 0 && h.missing:
		h.counters.NoClock++
		return false, fmt.Errorf("highway: no frame for %s: %w", waited, hal.ErrNoClock)
	}
	return false, nil
}

// Counters fulfils hal.Highway.
func (h *Highway) Counters() hal.HighwayCounters {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.counters
}

// Skipped counts frames that were not stepped because the host stalled.
func (h *Highway) Skipped() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.skipped
}

// StopClock takes PCLK and FSYNC away from everything on the bus, or gives them
// back.
func (h *Highway) StopClock(stop bool) {
	h.mu.Lock()
	h.missing = stop
	h.capture.clear()
	h.mu.Unlock()
	h.step.Lock()
	defer h.step.Unlock()
	for _, c := range h.chips {
		c.Clock(!stop)
	}
}

// Close fulfils hal.Highway.
func (h *Highway) Close() error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.wake()
	return nil
}
