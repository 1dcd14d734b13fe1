package highway

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"centralita/hal"
)

const (
	// Period is the length of a frame.
	Period = 10 * time.Millisecond
	// patience is how long Exchange waits for a frame before it looks whether the
	// clock runs at all, and closer how long it looks.
	patience = 2 * Period
	closer   = Period
	// patienceMax is how long frames of a clock that runs may stay away: a busy
	// machine may be late with its interrupts, but not for ever.
	patienceMax = 50 * Period
	// retry is how often streams that stand still are begun anew, and a card that is
	// gone is looked for: some buses wait at their start for a clock.
	retry = time.Second
	// fallsMax streams that fall at once after their start are no accident.
	fallsMax = 3
)

// Ahead is how many frames are kept ahead of the wire unless Options say otherwise: we
// may be 20 ms late, and sound takes 20 ms longer for it.
const Ahead = 2

// ErrClosed is what Exchange says after Close.
var ErrClosed = errors.New("highway: closed")

var (
	errStill = errors.New("the clock stands still")
	errGone  = errors.New("the sound card is gone or takes no streams")
	errAhead = errors.New("playback holds more than was written ahead")
)

// samples of a frame, slots side by side as the kernel has them.
type samples [hal.FrameSamples * hal.SlotCount]int16

// Highway is the bus. Exchange is for one goroutine, everything else for any.
type Highway struct {
	card  card
	where string
	ahead int
	far   int

	mu            sync.Mutex // Exchange against Close; nobody else waits for it
	play, capture stream     // nil while the card is not open
	linked        bool
	running       bool // between start and fall
	still         bool // running, but its clock is not
	began         bool // ever
	closed        bool
	delay         int       // of capture, when it was last looked at
	next          time.Time // when a start may be tried again
	in, out       samples

	count struct{ frames, underruns, overruns, noClock, suspends, realigned atomic.Uint64 }
}

var _ hal.Highway = (*Highway)(nil)

// Options of a highway.
type Options struct {
	Place
	Ahead int // frames kept ahead of the wire, 1..hal.AheadMax; 0 is Ahead
	// Far is how many frames later than on a wire comes back what is on it, where the
	// far end is a program that keeps frames ahead itself; with Ahead at most
	// hal.AheadMax.
	Far int
}

// Open opens the card and has it agree to the geometry; nothing moves before the
// first Exchange.
func Open(o Options) (*Highway, error) {
	if o.Far < 0 || max(o.Ahead, 1)+o.Far > hal.AheadMax {
		return nil, fmt.Errorf("highway: %d frames ahead and %d at the far end; possible are %d together", o.Ahead, o.Far, hal.AheadMax)
	}
	h, err := open(o.Place, o.Place.String(), o.Ahead)
	if err == nil {
		h.far = o.Far
	}
	return h, err
}

func open(c card, where string, ahead int) (*Highway, error) {
	if ahead == 0 {
		ahead = Ahead
	}
	if ahead < 1 || ahead > hal.AheadMax {
		return nil, fmt.Errorf("highway: %d frames ahead; possible are 1..%d", ahead, hal.AheadMax)
	}
	h := &Highway{card: c, where: where, ahead: ahead}
	if err := h.openCard(); err != nil {
		return nil, fmt.Errorf("highway: %w", err)
	}
	return h, nil
}

// Ahead fulfils hal.Highway.
func (h *Highway) Ahead() int { return h.ahead + h.far }

// Linked tells that the kernel starts both directions with one frame. Where it does
// not, the way from playback to capture differs by some samples from start to start.
func (h *Highway) Linked() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.linked
}

// Counters fulfils hal.Highway.
func (h *Highway) Counters() hal.HighwayCounters {
	c := &h.count
	return hal.HighwayCounters{
		Frames: c.frames.Load(), Underruns: c.underruns.Load(), Overruns: c.overruns.Load(),
		NoClock: c.noClock.Load(), Suspends: c.suspends.Load(), Realigned: c.realigned.Load(),
	}
}

// Close fulfils hal.Highway.
func (h *Highway) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	return h.shut()
}

// Exchange fulfils hal.Highway: it gives out, then waits for the next captured frame.
// When the streams have fallen it begins them anew, and the frame comes some 10 ms
// later than it would have.
func (h *Highway) Exchange(in, out *hal.Frame) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	interleave(&h.out, out)
	err := h.move()
	for falls := 0; errors.Is(err, unix.EPIPE) || errors.Is(err, unix.ESTRPIPE) || errors.Is(err, errAhead); falls++ {
		h.running = false
		if falls == fallsMax {
			break
		}
		err = h.move()
	}
	switch {
	case err == nil:
		h.count.frames.Add(1)
		separate(in, &h.in)
		return nil
	case errors.Is(err, ErrClosed):
		return ErrClosed
	case !errors.Is(err, errStill): // the card itself: looked for anew
		h.running = false
		_ = h.shut()
	}
	h.count.noClock.Add(1)
	return fmt.Errorf("highway: %s: %w: %w", h.where, err, hal.ErrNoClock)
}

// move is one frame each way, on streams that are begun where they do not run.
func (h *Highway) move() error {
	if h.closed {
		return ErrClosed
	}
	if !h.running || h.still {
		if err := h.revive(); err != nil {
			return err
		}
	}
	if err := h.give(); err != nil {
		return err
	}
	return h.take()
}

// give writes a frame ahead. There is always room for it while the two directions go
// by one clock.
func (h *Highway) give() error {
	n, err := h.play.transfer(h.out[:])
	switch {
	case errors.Is(err, unix.EPIPE):
		h.count.underruns.Add(1)
	case errors.Is(err, unix.ESTRPIPE):
		h.count.suspends.Add(1)
	case errors.Is(err, unix.EAGAIN), err == nil && n < period:
		return errAhead
	}
	if err != nil {
		return fmt.Errorf("playback: %w", err)
	}
	return nil
}

// take waits for a captured frame.
func (h *Highway) take() error {
	ready, err := h.await()
	if err == nil && ready {
		var n int
		if n, err = h.capture.transfer(h.in[:]); err == nil && n < period {
			err = unix.EPIPE // less than the kernel said there was: out of step
		}
	}
	switch {
	case errors.Is(err, unix.EPIPE):
		h.count.overruns.Add(1)
	case errors.Is(err, unix.ESTRPIPE):
		h.count.suspends.Add(1)
	}
	if err != nil {
		return fmt.Errorf("capture: %w", err)
	}
	if !ready {
		h.still = true
		return errStill
	}
	return nil
}

// await waits until a frame was captured. It gives up when the clock does not move.
func (h *Highway) await() (bool, error) {
	for waited := time.Duration(0); waited < patienceMax; waited += patience + closer {
		if ready, err := h.capture.wait(patience); ready || err != nil {
			return ready, err
		}
		if _, err := h.moved(); err != nil {
			return false, err
		}
		if ready, err := h.capture.wait(closer); ready || err != nil {
			return ready, err
		}
		if moved, err := h.moved(); err != nil || !moved {
			return false, err
		}
	}
	return false, nil
}

// moved looks whether the clock brought anything since the last look.
func (h *Highway) moved() (bool, error) {
	now, err := h.capture.delay()
	was := h.delay
	h.delay = now
	return now != was, err
}

// interleave turns slots into the kernel's order, and separate the other way.
func interleave(to *samples, from *hal.Frame) {
	for slot := range from {
		for i, v := range &from[slot] {
			to[i*hal.SlotCount+slot] = v
		}
	}
}

func separate(to *hal.Frame, from *samples) {
	for slot := range to {
		s := &to[slot]
		for i := range s {
			s[i] = from[i*hal.SlotCount+slot]
		}
	}
}
