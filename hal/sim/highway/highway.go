package highway

import (
	"context"
	"errors"
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
	// grace is how long a step waits for a frame to play that is not there: the
	// clock of a simulated bus may wait where a crystal would not, and a host that
	// stalls both sides for as long as lateMax then loses nothing. After one frame was missed in vain
	// there is no grace until Exchange is back.
	grace = 10 * Period
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
	stalled  bool // the last step was an underrun
	missing  bool // the clock fault
	clocked  bool // the chips know of it
	lose     int  // frames that are about to be lost both ways
	closed   bool
	counters hal.HighwayCounters
	skipped  uint64

	ready chan struct{} // capacity 1: something changed for Exchange
	given chan struct{} // capacity 1: Exchange gave a frame
	timer *time.Timer   // of Exchange; made once, so that waiting allocates nothing
}

// New makes a bus without chips.
func New() *Highway {
	return &Highway{
		clocked: true,
		ready:   make(chan struct{}, 1),
		given:   make(chan struct{}, 1),
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

// Urgency fulfils hal.Urgent, as that of the sound: the clock of a real board
// waits for no program, so that of the simulated one should not either.
func (h *Highway) Urgency() int { return 20 }

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
			h.awaitPlay(ctx)
			h.Step()
		}
	}
}

// awaitPlay gives Exchange its grace before a step that would miss its frame.
func (h *Highway) awaitPlay(ctx context.Context) {
	h.mu.Lock()
	missed := h.playing && !h.stalled && !h.missing && !h.closed && h.play.count == 0
	select {
	case <-h.given: // of an earlier frame
	default:
	}
	h.mu.Unlock()
	if !missed {
		return
	}
	limit := time.NewTimer(grace)
	defer limit.Stop()
	select {
	case <-h.given:
	case <-limit.C:
	case <-ctx.Done():
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
	missing, lost := h.missing, h.lose > 0
	h.lose = max(0, h.lose-1)
	h.stalled = !missing && (!h.play.pop(&h.out) || lost)
	if h.stalled {
		h.out = hal.Frame{}
		if h.playing {
			h.counters.Underruns++
		}
	}
	h.mu.Unlock()

	h.live(missing)
	if missing {
		return
	}
	h.mu.Lock()
	if lost {
		h.counters.Overruns++
		h.mu.Unlock()
		return
	}
	if h.playing && !h.capture.push(&h.in) {
		h.counters.Overruns++
	}
	h.mu.Unlock()
	signal(h.ready)
}

// signal wakes who waits for c; one signal is enough.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Pass moves one frame as Step does, for a bus whose host is not at Exchange but keeps a
// clock of its own: out is what it plays in this frame, in what it captures.
func (h *Highway) Pass(in, out *hal.Frame) {
	h.step.Lock()
	defer h.step.Unlock()
	h.mu.Lock()
	missing, lost := h.missing, h.lose > 0
	h.lose = max(0, h.lose-1)
	h.mu.Unlock()
	if h.out = *out; missing || lost {
		h.out = hal.Frame{}
	}
	if h.live(missing); missing || lost {
		h.in = hal.Frame{}
	}
	*in = h.in
}

// live is one frame of the world and the chips; h.step is held.
func (h *Highway) live(missing bool) {
	h.tellClock(missing)
	for _, f := range h.steppers {
		f(h.frame)
	}
	h.in = hal.Frame{}
	for _, c := range h.chips {
		c.Step(&h.out, &h.in)
	}
	h.frame++
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
// back, from the next step on.
func (h *Highway) StopClock(stop bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.missing != stop {
		h.missing = stop
		h.capture.clear()
	}
}

// Lose makes the host miss frames both ways, as a restart of its streams does.
func (h *Highway) Lose(frames int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lose = frames
}

// tellClock has the chips know whether there is a clock.
func (h *Highway) tellClock(missing bool) {
	if h.clocked == missing {
		h.clocked = !missing
		for _, c := range h.chips {
			c.Clock(!missing)
		}
	}
}

// Close fulfils hal.Highway.
func (h *Highway) Close() error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	signal(h.ready)
	return nil
}
