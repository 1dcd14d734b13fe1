package highway

import (
	"fmt"
	"time"

	"centralita/hal"
)

// Exchange fulfils hal.Highway. It gives out to play at the next boundary but
// one (the frame in between keeps a late tick from being heard), then waits for
// the next captured frame. One goroutine calls it.
func (h *Highway) Exchange(in, out *hal.Frame) error {
	h.mu.Lock()
	if !h.playing {
		h.begin()
	}
	h.play.push(out) // when full, the delay of an underrun is given back
	signal(h.given)
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

// Ahead fulfils hal.Highway.
func (h *Highway) Ahead() int { return prefill }

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
