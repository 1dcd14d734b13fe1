package highway

import (
	"errors"
	"fmt"
	"time"
)

// silence is what is played ahead of the first frame.
var silence samples

// openCard opens both directions and links them where the kernel is willing.
func (h *Highway) openCard() error {
	var err error
	if h.play, h.capture, err = h.card.open(bufferFor(h.ahead)); err != nil {
		h.play, h.capture = nil, nil
		return err
	}
	h.linked = h.play.link(h.capture) == nil
	return nil
}

// shut closes what is open.
func (h *Highway) shut() error {
	if h.play == nil {
		return nil
	}
	err := errors.Join(h.play.close(), h.capture.close())
	h.play, h.capture, h.running, h.still = nil, nil, false, false
	return err
}

// revive brings streams to run that do not: those that fell at once, those whose
// clock stands still when it moves again or once a second, and those of a card that
// went away once a second.
func (h *Highway) revive() error {
	now := time.Now()
	switch {
	case h.play == nil:
		if now.Before(h.next) {
			time.Sleep(Period) // the caller counts on being held for about a frame
			return errGone
		}
		h.next = now.Add(retry)
		if err := h.openCard(); err != nil {
			return err
		}
	case h.still && now.Before(h.next):
		ready, err := h.capture.wait(closer)
		if err != nil {
			return err
		}
		if moved, err := h.moved(); err == nil && !moved && !ready {
			return errStill
		}
	}
	h.next = now.Add(retry)
	return h.begin()
}

// begin starts both directions with the same frame, with silence ahead.
func (h *Highway) begin() error {
	_ = h.play.drop() // of streams that do not run it is refused, and not needed
	_ = h.capture.drop()
	for _, s := range []stream{h.play, h.capture} {
		if err := s.prepare(); err != nil {
			return fmt.Errorf("prepare: %w", err)
		}
	}
	for range h.ahead {
		if n, err := h.play.transfer(silence[:]); err != nil || n < period {
			return fmt.Errorf("%d frames of silence written: %w", n, errors.Join(err, errAhead))
		}
	}
	if !h.linked { // capture last: what it brings first was never played ahead of
		if err := h.play.start(); err != nil {
			return fmt.Errorf("start playback: %w", err)
		}
	}
	if err := h.capture.start(); err != nil {
		return fmt.Errorf("start capture: %w", err)
	}
	if h.began {
		h.count.realigned.Add(1)
	}
	h.running, h.still, h.began, h.delay = true, false, true, 0
	return nil
}
