package analog

import (
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/media"
	"centralita/firmware/media/callerid"
	"centralita/firmware/media/dtmf"
	"centralita/firmware/media/tone"
	"centralita/hal"
)

// Call waiting with caller ID (GR-575, EN 300 659-2): the country's tone, then an
// alerting signal of 80 ms; a telephone with a display answers within 160 ms by
// the digit D (or A) of 60 ms, and is sent the message 60..300 ms later. From the
// alert to the end of the message neither side hears the other, so that speech
// spoils nothing and nobody hears the modem.
const (
	casFor = 80 * time.Millisecond
	// ackWithin is 160 ms and what the way through highway and detector takes.
	ackWithin = 260 * time.Millisecond
	// afterAck is from the moment in which the answer is certain, some 40 ms into it.
	afterAck = 120 * time.Millisecond
	// waitAgain bounds the pause of a country's tone from below: some repeat it
	// every second, which in a talk is too much.
	waitAgain = 4 * time.Second
	// sayLater is tried again when the socket is just saying something else.
	sayLater = 500 * time.Millisecond
)

// callWaiting is the state of call waiting at a handset.
type callWaiting struct {
	on     bool
	caller leg.Caller
	shown  bool // caller ID was tried
}

// Waiting implements leg.Waiter.
func (e *end) Waiting(c leg.Caller) {
	e.ask(func() {
		if h := e.port.hand; h != nil {
			h.beginWaiting(c)
		}
	})
}

// WaitingOver implements leg.Waiter.
func (e *end) WaitingOver() {
	e.ask(func() {
		if h := e.port.hand; h != nil {
			h.endWaiting()
		}
	})
}

// beginWaiting tells of a caller; one who comes while another waits is shown
// anew. A fax or a modem is left alone: the tone would end its call.
func (h *handset) beginWaiting(c leg.Caller) {
	if h.state != lifted {
		return
	}
	h.waits = callWaiting{on: true, caller: c}
	if !h.port.muted.Load() {
		h.beep()
	}
}

func (h *handset) endWaiting() {
	h.waits, h.waitAt = callWaiting{}, time.Time{}
	h.port.muted.Store(false)
	h.port.ack.Store(nil)
}

// beep is one cycle of the country's tone, up to its long pause.
func (h *handset) beep() {
	if h.port.say.Load() != nil || h.port.modem.Load() {
		h.waitAt = time.Now().Add(sayLater)
		return
	}
	burst, rest := once(h.port.bank.plan.Load().Signals[tone.CallWaiting])
	h.port.say.Store(&sending{src: tone.New(burst, tone.Level), middle: true, then: func() {
		switch {
		case !h.waits.on:
		case !h.waits.shown && h.style() != NoCallerID:
			h.waits.shown = true
			h.alert()
		default:
			h.waitAt = time.Now().Add(max(rest, waitAgain))
		}
	}})
}

// once is the part of a repeating tone before its longest pause, and that pause.
func once(c tone.Cadence) (burst tone.Cadence, rest time.Duration) {
	at := len(c.Steps)
	for i, s := range c.Steps {
		if d := time.Duration(s.Ms) * time.Millisecond; s.Hz[0] == 0 && d > rest {
			at, rest = i, d
		}
	}
	return tone.Cadence{Steps: c.Steps[:at], Loop: tone.Once}, rest
}

// alert wakes the telephone's receiver and listens for its answer.
func (h *handset) alert() {
	h.port.muted.Store(true)
	s := alertSound(casFor)
	s.then = func() {
		if !h.waits.on {
			h.port.muted.Store(false)
			return
		}
		h.port.ack.Store(newAckEar())
		h.waitAt = time.Now().Add(ackWithin)
	}
	h.port.say.Store(s)
}

// acked is a telephone that wants the message.
func (h *handset) acked() {
	if !h.waits.on || h.port.ack.Swap(nil) == nil {
		return
	}
	h.waitAt = time.Time{}
	m := h.message(h.waits.caller)
	modem := h.style().modem()
	lead := &sending{src: silence(afterAck)}
	lead.then = func() {
		if h.waits.on {
			h.port.say.Store(&sending{src: callerid.NewSenderOf(modem, callerid.InCall, m), then: h.told})
		}
	}
	h.port.say.Store(lead)
}

// told lets both hear each other again.
func (h *handset) told() {
	h.port.muted.Store(false)
	if h.waits.on {
		_, rest := once(h.port.bank.plan.Load().Signals[tone.CallWaiting])
		h.waitAt = time.Now().Add(max(rest, waitAgain))
	}
}

// waitDue is the next tone, or an answer of the telephone that did not come: it
// has no display.
func (h *handset) waitDue() {
	switch {
	case !h.waits.on:
	case h.port.ack.Swap(nil) != nil:
		h.told()
	default:
		h.beep()
	}
}

// silence is a source of nothing for a time.
func silence(d time.Duration) *tone.Generator {
	return tone.New(tone.Cadence{Steps: []tone.Step{{Ms: uint16(d.Milliseconds())}}, Loop: tone.Once}, tone.Level)
}

// ackEar listens in the sound thread for a telephone's answer to the alert.
type ackEar struct{ digits *dtmf.Detector }

func newAckEar() *ackEar { return &ackEar{dtmf.NewDetector(dtmf.Line())} }

// hear reports whether the answer began in these 10 ms.
func (a *ackEar) hear(pcm *[hal.FrameSamples]int16) bool {
	for _, c := range a.digits.Process((*[media.Narrow]int16)(pcm)[:]) {
		if c.Began && (c.Digit == 'D' || c.Digit == 'A') {
			return true
		}
	}
	return false
}
