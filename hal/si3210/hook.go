package si3210

import (
	"time"

	"centralita/hal"
)

// What a break of the loop may be. Dials break it for 47 to 80 ms, 8 to 12 times a
// second (customary tolerance of E.161 dials at 10 a second and 60 %), and leave
// 250 ms and more between two digits; recalls begin at 80 ms. Below pulseMin is
// noise of contacts.
const (
	pulseMin = 25 * time.Millisecond
	// recallMin is the shortest recall of a telephone whose dial may pulse.
	recallMin = 80 * time.Millisecond
	// pulseMax is the longest break of a dial as we see it: 80 ms, and what two
	// edges of a frame each may be late. Up to it a break alone is in doubt.
	pulseMax = 95 * time.Millisecond
	// pulseGap of a closed loop ends a digit; the longest make of a dial is 78 ms, and
	// a busy host may see its end late.
	pulseGap = 200 * time.Millisecond
	// liftSettle after lifting, short breaks are contacts that settle.
	liftSettle = 150 * time.Millisecond
	// sameDial is how far two pulses of one dial differ.
	sameDial = 12 * time.Millisecond
)

// hook turns loop closures, debounced by the chip to 10 ms, into what a person
// did.
//
//	on-hook ──closed──► lifted ──open──► opening ──closed──┬─ pulse: counted ─ pulseGap ─► PulseDigit
//	   ▲                                    │              └─ longer: HookFlash
//	   └──────────── longer than flashMax ──┘  OnHook
//
// One break alone of 80 to 95 ms is a recall, unless this telephone's dial has
// shown such pulses before: then it is the digit 1. Which it is shows only when no
// second pulse has followed.
type hook struct {
	flashMin, flashMax time.Duration
	pulse              bool // dial pulses are digits

	lifted     bool
	liftedAt   time.Time
	opening    time.Time // when the loop opened, zero while it is closed
	blindUntil time.Time

	train train
	habit time.Duration // break of this telephone's dial, 0 not known
}

// train is the pulses of the running digit.
type train struct {
	count  int
	first  time.Time     // begin of the first break
	open   time.Duration // its length
	sum    time.Duration // of all breaks
	closed time.Time     // end of the last
}

// blind makes the hook ignore the loop until then, while we open it ourselves.
func (h *hook) blind(until time.Time) {
	h.blindUntil, h.opening, h.train = until, time.Time{}, train{}
}

// see takes the state of the loop and says what it means, kind 0 for nothing.
func (h *hook) see(closed bool, now time.Time) hal.Event {
	if now.Before(h.blindUntil) {
		return hal.Event{}
	}
	switch {
	case closed && !h.lifted:
		h.lifted, h.liftedAt, h.opening, h.train = true, now, time.Time{}, train{}
		return hal.Event{Kind: hal.OffHook, At: now}
	case closed && !h.opening.IsZero():
		at := h.opening
		h.opening = time.Time{}
		return h.broke(at, now)
	case !closed && h.lifted && h.opening.IsZero():
		e := h.pass(now) // a digit that was over and not yet told
		h.opening = now
		return e
	}
	return h.pass(now)
}

// pass says what the time alone means: a digit is over, or a break was hanging up.
func (h *hook) pass(now time.Time) hal.Event {
	switch {
	case !h.lifted || now.Before(h.blindUntil):
	case !h.opening.IsZero():
		if now.Sub(h.opening) > h.flashMax {
			at := h.opening
			h.lifted, h.opening, h.train = false, time.Time{}, train{}
			return hal.Event{Kind: hal.OnHook, At: at}
		}
	case h.train.count > 0 && now.Sub(h.train.closed) >= pulseGap:
		return h.dialled()
	}
	return hal.Event{}
}

// broke judges a break that is over.
func (h *hook) broke(at, now time.Time) hal.Event {
	open := now.Sub(at)
	if h.pulse && open >= pulseMin && open <= pulseMax && at.Sub(h.liftedAt) > liftSettle {
		t := &h.train
		if t.count == 0 {
			t.first, t.open = at, open
		}
		t.count++
		t.sum += open
		t.closed = now
		return hal.Event{}
	}
	h.train = train{}
	least := h.flashMin
	if h.pulse {
		least = max(least, recallMin)
	}
	if open >= least && open <= h.flashMax {
		return hal.Event{Kind: hal.HookFlash, At: at, Duration: open}
	}
	return hal.Event{}
}

// dialled is a digit whose pulses are over: as many as the digit says, ten for 0.
func (h *hook) dialled() hal.Event {
	t := h.train
	h.train = train{}
	known := h.habit != 0 && t.open-h.habit < sameDial && h.habit-t.open < sameDial
	switch {
	case t.count == 1 && t.open >= recallMin && t.open >= h.flashMin && !known:
		return hal.Event{Kind: hal.HookFlash, At: t.first, Duration: t.open}
	case t.count > 10:
		return hal.Event{}
	case t.count > 1:
		h.habit = t.sum / time.Duration(t.count)
	}
	return hal.Event{Kind: hal.PulseDigit, At: t.first, Digit: '0' + byte(t.count%10)}
}

// busy tells that something is being measured and must be looked at closely.
func (h *hook) busy() bool { return !h.opening.IsZero() || h.train.count > 0 }

// due is when pass has something to say, zero never.
func (h *hook) due() time.Time {
	switch {
	case !h.lifted:
		return time.Time{}
	case !h.opening.IsZero():
		return h.opening.Add(h.flashMax + time.Millisecond)
	case h.train.count > 0:
		return h.train.closed.Add(pulseGap)
	}
	return time.Time{}
}
