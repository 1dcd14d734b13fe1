package analog

import (
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/media/callerid"
	"centralita/firmware/media/tone"
	"centralita/hal"
)

// callerIDAfter is when caller ID is sent: EN 300 659-1 and GR-30 both allow
// 500..2000 ms after the end of the first ring.
const callerIDAfter = 600 * time.Millisecond

// busyFor bounds the tone for a handset that was left off-hook.
const busyFor = 60 * time.Second

type handState uint8

const (
	down handState = iota
	handRinging
	lifted
	parked // lifted, without a call
)

// handset is a telephone at an FXS socket.
type handset struct {
	port  *port
	fxs   hal.FXS
	state handState
	show  leg.Caller // for the caller ID after the first ring
	rang  bool       // the bell has begun
	sent  bool       // its turn for caller ID has come
	since time.Time
}

func (h *handset) event(e hal.Event) {
	switch e.Kind {
	case hal.OffHook:
		h.lift()
	case hal.OnHook:
		h.putDown()
	case hal.HookFlash:
		if h.state == lifted && h.port.leg != nil {
			h.port.tell(h.port.leg, leg.Report{Kind: leg.Digit, Digit: '!'})
		}
	case hal.RingOn:
		if h.state == handRinging && !h.rang {
			h.rang = true
			h.port.tell(h.port.leg, leg.Report{Kind: leg.Ringing})
		}
	case hal.RingOff:
		if h.state == handRinging && !h.sent {
			h.sent = true
			h.port.wake(time.Now().Add(callerIDAfter))
		}
	}
}

func (h *handset) lift() {
	switch h.state {
	case handRinging:
		h.enter(lifted)
		h.port.say.Store(nil)
		h.port.tell(h.port.leg, leg.Report{Kind: leg.Answered, By: leg.ByHook, Sure: 100})
	case down:
		h.enter(lifted)
		l := h.port.begin()
		h.port.tell(l, leg.Report{Kind: leg.Offered, Peer: string(h.port.name)})
	}
}

func (h *handset) putDown() {
	h.enter(down)
	if h.port.leg != nil {
		h.port.end(leg.Normal, "")
	}
	h.port.say.Store(nil)
	h.port.taken.Store(false)
}

// ring begins ringing by the country's cadence.
func (h *handset) ring(c leg.Caller) {
	plan := h.port.bank.plan.Load()
	h.show, h.rang, h.sent = c, false, c.Number == "" && c.Name == ""
	h.enter(handRinging)
	err := h.fxs.Ring(hal.Cadence{Hz: float64(plan.RingHz), Vrms: 45, Steps: plan.Ring})
	if err != nil {
		h.port.end(leg.OutOfOrder, err.Error())
		return
	}
}

func (h *handset) hangup(c leg.Cause) { h.port.end(c, "") }

// ended is after the leg: ringing stops; a handset still lifted hears busy tone
// until it is put back.
func (h *handset) ended() {
	switch h.state {
	case handRinging:
		h.enter(down)
		h.port.taken.Store(false)
		if err := h.fxs.StopRing(); err != nil {
			h.port.health("fault", err.Error())
		}
	case lifted:
		h.enter(parked)
		h.port.say.Store(&sending{src: h.port.bank.plan.Load().Of(tone.Busy), middle: true})
		h.port.wake(time.Now().Add(busyFor))
	}
}

func (h *handset) due(time.Time) {
	switch h.state {
	case handRinging:
		msg := callerid.Message{Number: h.show.Number, Name: h.show.Name, Time: time.Now()}
		h.port.say.Store(&sending{src: callerid.NewSender(h.port.bank.fsk, msg)})
	case parked:
		if time.Since(h.since) >= busyFor {
			h.port.say.Store(nil)
			return
		}
		h.port.wake(h.since.Add(busyFor))
	}
}

func (h *handset) enter(s handState) { h.state, h.since = s, time.Now() }
