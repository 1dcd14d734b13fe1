package si3210

import (
	"time"

	"centralita/hal"
)

// hook turns loop closures, debounced by the chip to 10 ms, into what a person
// did. A break shorter than a flash is a dial pulse or a bounce and is not told;
// one longer than a flash is hanging up.
//
//	on-hook ──closed──► lifted ──open──► opening ──closed, ≥ flashMin──► HookFlash, lifted
//	   ▲                                    │
//	   └──────────── longer than flashMax ──┘  OnHook
type hook struct {
	flashMin, flashMax time.Duration

	lifted     bool
	opening    time.Time // when the loop opened, zero while it is closed
	blindUntil time.Time
}

// blind makes the hook ignore the loop until then, while we open it ourselves.
func (h *hook) blind(until time.Time) { h.blindUntil, h.opening = until, time.Time{} }

// see takes the state of the loop and says what it means, kind 0 for nothing.
func (h *hook) see(closed bool, now time.Time) hal.Event {
	if now.Before(h.blindUntil) {
		return hal.Event{}
	}
	switch {
	case closed && !h.lifted:
		h.lifted, h.opening = true, time.Time{}
		return hal.Event{Kind: hal.OffHook, At: now}
	case closed && !h.opening.IsZero():
		open, at := now.Sub(h.opening), h.opening
		h.opening = time.Time{}
		if open >= h.flashMin && open <= h.flashMax {
			return hal.Event{Kind: hal.HookFlash, At: at, Duration: open}
		}
	case !closed && h.lifted && h.opening.IsZero():
		h.opening = now
	case !closed && h.lifted && now.Sub(h.opening) > h.flashMax:
		at := h.opening
		h.lifted, h.opening = false, time.Time{}
		return hal.Event{Kind: hal.OnHook, At: at}
	}
	return hal.Event{}
}

// busy tells that a break is being measured and must be looked at closely.
func (h *hook) busy() bool { return !h.opening.IsZero() }
