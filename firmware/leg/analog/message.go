package analog

import (
	"slices"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/media/callerid"
)

// How a telephone shows that messages wait. ByTone is the stuttering dial tone
// and is played by whoever gives dial tone.
const (
	ByTone     = "tone"
	ByFSK      = "fsk"
	ByPolarity = "polarity"
)

// mindAfter is how long a handset is left in peace before it is told: it may be
// lifted again at once, and a port that has just come up settles.
const mindAfter = time.Second

// minding is the state of the sign for messages at a handset.
type minding struct {
	count int
	told  bool // the telephone knows whether there are any
	lamp  bool // it may show that there are
	step  int  // of the telling under way; 0 none
}

// MessageWaiting implements leg.Minder.
func (b *Bank) MessageWaiting(name id.Port, count int) {
	p := b.ports[name]
	if p == nil || p.hand == nil {
		return
	}
	select {
	case b.inbox <- item{port: p, do: func() { p.hand.mind(count) }}:
	default: // the bank stands still; whoever counts tells again
	}
}

// mind takes a count; only a telephone that shows otherwise is told.
func (h *handset) mind(count int) {
	h.minds.count = count
	if h.minds.told && h.minds.lamp == (count > 0) {
		return
	}
	if !h.minds.told && count == 0 && !h.minds.lamp {
		h.minds.told = true // a telephone that was never told shows nothing
		return
	}
	h.minds.told = false
	h.mindBroken() // what is being told is not so any more
	h.mindSoon()
}

// mindAnew tells a telephone again: its port was out of service, or the office
// shows messages otherwise now.
func (h *handset) mindAnew() {
	h.mindBroken()
	if h.minds.count > 0 || h.minds.lamp {
		h.minds.told = false
		h.mindSoon()
	}
}

func (h *handset) mindSoon() { h.mindAt = time.Now().Add(mindAfter) }

// minded reports whether the line is reversed at rest, because messages wait.
func (h *handset) minded() bool {
	return h.minds.count > 0 && slices.Contains(h.set().Messages, ByPolarity)
}

// mindDue tells a telephone at rest, a step at a time: the line in transmission,
// the alert, the message, the line at rest.
func (h *handset) mindDue() {
	if h.state != down || h.minds.told {
		return // put down, it is told
	}
	on := h.minds.count > 0
	h.minds.lamp = h.minds.lamp || on // from now on it may show
	h.reverse(h.minded())
	if !slices.Contains(h.set().Messages, ByFSK) {
		h.minds.told, h.minds.lamp = true, on
		return
	}
	h.minds.step++
	switch h.minds.step {
	case 1:
		h.transmit(true)
		h.mindAt = time.Now().Add(settleTransmit)
	case 2:
		if _, way := h.style().split(); h.style().modem() == callerid.Bell202 && way == "after-ring" {
			h.mindDue() // GR-1401: no alert, the seizure wakes the receiver
			return
		}
		h.sayMind(alertSound(alertFor), afterAlert)
	case 3:
		m := callerid.Message{Kind: callerid.MessageWaiting, Waiting: on, Time: h.port.bank.clock()}
		h.sayMind(&sending{src: callerid.NewSender(h.style().modem(), m)}, beforeRing)
	default:
		h.transmit(false)
		h.minds.step, h.minds.told, h.minds.lamp = 0, true, on
	}
}

// sayMind says something to a telephone at rest and goes on a while after it.
func (h *handset) sayMind(s *sending, rest time.Duration) {
	step := h.minds.step
	s.then = func() {
		if h.state == down && h.minds.step == step {
			h.mindAt = time.Now().Add(rest)
		}
	}
	h.port.say.Store(s)
	h.mindAt = time.Now().Add(soundLimit)
}

// mindBroken drops the telling of a telephone that rings or is lifted; it begins
// anew when the telephone rests.
func (h *handset) mindBroken() {
	if h.minds.step > 0 {
		h.minds.step = 0
		h.port.say.Store(nil)
	}
	h.mindAt = time.Time{}
}
