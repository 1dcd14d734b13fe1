package analog

import (
	"time"

	"centralita/firmware/leg"
	"centralita/hal"
)

// ringVrms at the set: five bells ring with it everywhere.
const ringVrms = 45

type handState uint8

const (
	down handState = iota
	handRinging
	lifted
	parked    // lifted, without a call: busy tone
	howling   // left off-hook: howler
	abandoned // given up: silence and little current
)

// Handset is what is set for one handset.
type Handset struct {
	CallerID Style    // "" the country's
	Messages []string // ByTone, ByFSK, ByPolarity
	NoPulse  bool     // dial pulses are not taken

	// What another exchange or a meter at the socket wants to see, see supervise.go.
	Reversal bool          // polarity is reversed while a call it made is answered
	Pulse    time.Duration // the loop is opened for so long when the far end has gone; 0 is not
}

// handset is a telephone at an FXS socket.
type handset struct {
	port   *port
	fxs    hal.FXS
	state  handState
	since  time.Time
	rang   bool // the bell has begun
	heavy  bool // too many bells on the port, and told so
	turned bool // the pair is reversed because a call is answered

	telling announcement
	waits   callWaiting
	minds   minding

	// When each part wants to be looked at, zero never.
	tellAt, waitAt, mindAt, parkAt, loopAt time.Time
}

// set is what the office set for this handset.
func (h *handset) set() Handset { return h.port.bank.hands[h.port.name] }

func (h *handset) style() Style {
	if s := h.set().CallerID; s != "" {
		return s
	}
	return styleOf(h.port.bank.plan.Load().Code)
}

func (h *handset) event(e hal.Event) {
	switch e.Kind {
	case hal.OffHook:
		h.lift()
	case hal.OnHook:
		h.putDown()
	case hal.HookFlash:
		h.digit('!')
	case hal.PulseDigit:
		h.digit(e.Digit)
	case hal.RingOn:
		if h.state == handRinging && !h.rang {
			h.rang = true
			h.port.tell(h.port.leg, leg.Report{Kind: leg.Ringing})
		}
	case hal.RingOff:
		h.port.readRingLoad()
		if h.state == handRinging {
			h.burstOver(time.Now())
		}
	}
}

func (h *handset) digit(d byte) {
	if h.state == lifted && h.port.leg != nil {
		h.port.tell(h.port.leg, leg.Report{Kind: leg.Digit, Digit: d})
	}
}

func (h *handset) lift() {
	h.mindBroken()
	switch h.state {
	case handRinging:
		h.quiet()
		h.enter(lifted)
		h.loopAt = h.since.Add(loopAfter)
		h.port.tell(h.port.leg, leg.Report{Kind: leg.Answered, By: leg.ByHook, Sure: 100})
	case down:
		h.transmit(false)
		h.enter(lifted)
		h.loopAt = h.since.Add(loopAfter)
		l := h.port.begin()
		h.port.tell(l, leg.Report{Kind: leg.Offered, Peer: string(h.port.name)})
	}
}

func (h *handset) putDown() {
	h.back()
	h.turnBack()
	h.enter(down)
	h.port.taken.Store(false) // before the word of it: who waits for the telephone rings it at once
	if h.port.leg != nil {
		h.port.end(leg.Normal, "")
	}
	h.endWaiting()
	h.parkAt, h.loopAt = time.Time{}, time.Time{}
	h.port.say.Store(nil)
	if !h.minds.told {
		h.mindSoon()
	}
}

// ring begins a call to the telephone.
func (h *handset) ring(c leg.Caller) {
	h.mindBroken()
	h.rang = false
	h.enter(handRinging)
	h.announce(c)
}

// quiet ends ringing and what was being told with it.
func (h *handset) quiet() {
	h.telling, h.tellAt = announcement{}, time.Time{}
	h.port.say.Store(nil)
	h.transmit(false)
	h.reverse(h.minded())
}

func (h *handset) hangup(c leg.Cause) {
	if h.state == lifted {
		h.endWaiting()
		h.port.end(c, "")
		h.disconnected()
		h.leave(c)
		return
	}
	h.port.end(c, "")
}

// ended is after the leg: ringing stops. A handset that is still lifted goes on
// in hangup.
func (h *handset) ended() {
	if h.state != handRinging {
		return
	}
	h.quiet()
	h.enter(down)
	h.port.taken.Store(false)
	if err := h.fxs.StopRing(); err != nil {
		h.port.health("fault", err.Error())
	}
	if !h.minds.told {
		h.mindSoon()
	}
}

// recovered is a port that works again, with nothing of what it was told.
func (h *handset) recovered() {
	h.configure()
	switch {
	case h.state == lifted && h.port.leg == nil:
		h.leave(leg.OutOfOrder) // its call ended with the port
	case h.state == howling || h.state == abandoned:
		h.howl() // until it is put back, which may have happened meanwhile
	}
	h.mindAnew()
}

// configure hands the driver what the office set.
func (h *handset) configure() {
	plan := h.port.bank.plan.Load()
	err := h.fxs.Configure(hal.HandsetSettings{Country: plan.Code, Pulse: !h.set().NoPulse})
	if err != nil {
		h.port.health("fault", err.Error())
	}
}

func (h *handset) due(now time.Time) {
	for _, d := range []struct {
		at *time.Time
		do func()
	}{
		{&h.tellAt, func() { h.partOver(now) }}, {&h.waitAt, h.waitDue},
		{&h.mindAt, h.mindDue}, {&h.parkAt, h.parkDue}, {&h.loopAt, h.readLoop},
	} {
		if !d.at.IsZero() && !d.at.After(now) {
			*d.at = time.Time{}
			d.do()
		}
	}
	h.rewake()
}

// rewake asks for a look at the earliest due time, after all that a handset did.
func (h *handset) rewake() {
	for _, at := range []time.Time{h.tellAt, h.waitAt, h.mindAt, h.parkAt, h.loopAt} {
		if !at.IsZero() {
			h.port.wake(at)
		}
	}
}

// transmit and reverse tell a port that may have fallen meanwhile, which then has
// told so itself.
func (h *handset) transmit(on bool) { _ = h.fxs.Transmit(on) }
func (h *handset) reverse(on bool)  { _ = h.fxs.Reverse(on) }

func (h *handset) enter(s handState) { h.state, h.since = s, time.Now() }
