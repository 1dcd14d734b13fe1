package analog

import (
	"sync/atomic"

	"centralita/firmware/leg"
	"centralita/firmware/media"
	"centralita/hal"
)

// end is one call at a socket. Its methods only put a wish in the bank's inbox.
type end struct {
	port  *port
	out   bool        // made by us
	live  atomic.Bool // sound passes
	done  bool        // Ended was reported
	taken bool        // a lifted handset's call was answered
}

// ask has do done by the bank if this is still the socket's call.
func (e *end) ask(do func()) {
	e.put(func() {
		if e.port.leg == e {
			do()
		}
	})
}

func (e *end) put(do func()) {
	select {
	case e.port.bank.inbox <- item{port: e.port, do: do}:
	default:
		// The bank has not moved for a thousand events; the leg cannot be helped,
		// and the loop must not be held up with it.
		e.port.tell(e, leg.Report{Kind: leg.Trouble, Text: ErrInbox.Error()})
	}
}

// Ring takes the socket; one that was taken meanwhile ends the leg as busy.
func (e *end) Ring(c leg.Caller) {
	e.put(func() {
		p := e.port
		if !e.out || e.done || p.leg == e {
			return // offered, over, or rung already
		}
		p.bank.yield(p)
		if p.leg != nil || p.taken.Load() {
			e.done = true
			p.tell(e, leg.Report{Kind: leg.Ended, Cause: leg.Busy})
			return
		}
		p.take(e)
		if p.line != nil {
			p.line.dials = 0
			p.line.seize(c)
		} else {
			p.hand.ring(c)
		}
	})
}

// Progress implements leg.Leg; a telephone line has no word for it.
func (e *end) Progress(bool) {}

// Answer implements leg.Leg.
func (e *end) Answer() {
	e.ask(func() {
		if l := e.port.line; l != nil {
			l.answer()
			return
		}
		if !e.out && !e.taken {
			e.taken = true
			e.port.hand.connected()
			e.port.tell(e, leg.Report{Kind: leg.Answered, By: leg.ByHook, Sure: 100})
		}
	})
}

// Send implements leg.Leg: tones in the line.
func (e *end) Send(digits string) {
	e.ask(func() { e.port.sayNext(digits) })
}

// Flash implements leg.Leg.
func (e *end) Flash() {
	e.ask(func() {
		if l := e.port.line; l != nil {
			l.flash()
		}
	})
}

// Hangup implements leg.Leg; a leg that never rang ends all the same.
func (e *end) Hangup(c leg.Cause) {
	e.put(func() {
		switch {
		case e.port.leg == e:
			e.port.hangup(c)
		case !e.done:
			e.done = true
			e.port.tell(e, leg.Report{Kind: leg.Ended, Cause: c})
		}
	})
}

// Can implements leg.Leg.
func (e *end) Can() leg.Can {
	if e.port.line != nil {
		return leg.Can{Flash: true, EarlySound: true, Supervision: e.port.line.reverses.Load()}
	}
	return leg.Can{Name: true, Supervision: true}
}

// Modem implements leg.Modem.
func (e *end) Modem() bool { return e.live.Load() && e.port.modem.Load() }

// Rate implements media.Port.
func (e *end) Rate() media.Rate { return media.Narrow }

// Read implements media.Port.
func (e *end) Read(_ uint64, f *media.Frame) bool {
	if !e.live.Load() || e.port.muted.Load() {
		return false
	}
	copy(f.PCM(), e.port.in[:])
	return true
}

// Write implements media.Port.
func (e *end) Write(_ uint64, f *media.Frame) {
	if e.live.Load() && !e.port.busyOut {
		copy(e.port.out[:], f.PCM())
		if loud(e.port.out) {
			e.port.loud.Add(1)
		}
	}
}

// loudMS is the mean square of -45 dBm0, below which nobody says anything.
const loudMS = 16141 * 16141 * 3.16e-5

func loud(pcm *[hal.FrameSamples]int16) bool {
	var e float32
	for _, x := range pcm {
		e += float32(x) * float32(x)
	}
	return e > loudMS*hal.FrameSamples
}
