package analog

import (
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/media/callerid"
	"centralita/firmware/media/dtmf"
	"centralita/firmware/media/tone"
	"centralita/hal"
)

// How long each part of an announcement lasts. ETSI EN 300 659-1: FSK 500..2000
// ms after the first ring and 200 ms before the second, 45..500 ms after an
// alerting signal of 100 ms, 500..800 ms after a short ring of 200..300 ms; ring
// 200..500 ms after it. BT SIN 227: 100 ms of quiet after the reversal. Digits
// begin 200 ms after a reversal and 200..500 ms after a ring.
const (
	afterRing      = 600 * time.Millisecond
	digitsAfter    = 400 * time.Millisecond
	beforeRing     = 300 * time.Millisecond
	afterAlert     = 100 * time.Millisecond
	alertFor       = 100 * time.Millisecond
	afterReversal  = 200 * time.Millisecond
	shortRing      = 250 * time.Millisecond
	afterShortRing = 650 * time.Millisecond
	settleTransmit = 200 * time.Millisecond
	// firstPause is longer than any message with what goes before and after it; the
	// ringing proper is begun when both are over.
	firstPause = 8 * time.Second
	// soundLimit is when a sound that never ends is given up: the sound thread
	// stands still.
	soundLimit = 10 * time.Second
)

// Sent digits of a caller ID are as short as receivers take them (Q.24).
const codeOn, codeOff = 70 * time.Millisecond, 70 * time.Millisecond

// part is one part of an announcement: do begins it, and it ends after a time, or
// with the sound or the bursts of ringing that do began.
type part struct {
	do     func(h *handset)
	lasts  time.Duration // at most this long
	sound  bool          // ends with what is said
	bursts int           // ends with so many bursts of ringing
}

// announcement is everything a telephone is given from the beginning of a call
// until its regular ringing.
type announcement struct {
	parts  []part
	at     int
	bursts int
}

// announce begins a call in the telephone's style.
func (h *handset) announce(c leg.Caller) {
	style := h.style()
	sender, way := style.split()
	m := h.message(c)
	lead := callerid.Idle
	var message *sending
	if sender == "dtmf" {
		message = h.code(m)
	} else {
		if way == "reversal" {
			lead = callerid.British
			m.CallType = 1 // a voice call, which telephones there want to be told
		}
		message = &sending{src: callerid.NewSenderOf(style.modem(), lead, m)}
	}
	say := part{do: func(h *handset) { h.say(message) }, sound: true, lasts: soundLimit}
	cycle := h.port.bank.cadence(c.Pattern)
	var parts []part
	switch {
	case style == NoCallerID || message == nil:
	case way == "after-ring":
		parts = h.withinRinging(cycle, sender, say)
	case way == "short-ring":
		parts = []part{h.rings(ms(int(shortRing.Milliseconds()), int(firstPause.Milliseconds())), 1), pause(afterShortRing), say, pause(beforeRing)}
	case way == "alert":
		parts = []part{open, pause(settleTransmit), alerting, pause(afterAlert), say, pause(beforeRing)}
	case way == "reversal" && sender == "dtmf":
		parts = []part{open, reversed, pause(afterReversal + afterAlert), say, pause(afterAlert), restored, pause(afterReversal)}
	case way == "reversal":
		parts = []part{open, reversed, pause(afterReversal), alerting, pause(afterAlert), say, pause(beforeRing), restored}
	default: // before-ring
		parts = []part{open, pause(settleTransmit), say, pause(beforeRing)}
	}
	parts = append(parts, part{do: func(h *handset) {
		h.transmit(false)
		h.bell(cycle)
	}})
	h.telling = announcement{parts: parts}
	h.enterPart(time.Now())
}

// The parts that need nothing of the call.
var (
	open     = part{do: func(h *handset) { h.transmit(true) }}
	reversed = part{do: func(h *handset) { h.reverse(!h.minded()) }}
	restored = part{do: func(h *handset) { h.reverse(h.minded()) }}
	alerting = part{do: func(h *handset) { h.say(alertSound(alertFor)) }, sound: true, lasts: soundLimit}
)

func pause(d time.Duration) part { return part{lasts: d} }

// rings is one cycle of ringing, whose last pause goes on until something else is
// rung.
func (h *handset) rings(cycle []time.Duration, bursts int) part {
	return part{do: func(h *handset) { h.bell(cycle) }, bursts: bursts, lasts: firstPause}
}

// withinRinging is a message in the longest pause of the first cycle, which grows
// where the message needs it.
func (h *handset) withinRinging(cycle []time.Duration, sender string, say part) []part {
	turned, quiet := first(cycle)
	turned[len(turned)-1] = firstPause
	before := afterRing
	if sender == "dtmf" {
		before = digitsAfter
	}
	var over time.Time // when the country would ring again
	begin := pause(before)
	begin.do = func(*handset) { over = time.Now().Add(quiet) }
	rest := part{do: func(h *handset) {
		h.telling.parts[h.telling.at].lasts = max(time.Until(over), beforeRing)
	}, lasts: beforeRing}
	return []part{h.rings(turned, len(turned)/2), begin, say, rest}
}

// enterPart begins the part at hand, and all that end at once.
func (h *handset) enterPart(now time.Time) {
	t := &h.telling
	for t.at < len(t.parts) {
		t.bursts, h.tellAt = 0, time.Time{}
		if do := t.parts[t.at].do; do != nil {
			do(h)
		}
		if h.state != handRinging {
			return // the port refused, and the call has ended
		}
		if p := &t.parts[t.at]; p.lasts > 0 {
			h.tellAt = now.Add(p.lasts)
			return
		}
		t.at++
	}
}

// partOver goes on to the next part.
func (h *handset) partOver(now time.Time) {
	h.telling.at++
	h.enterPart(now)
}

// burstOver counts the bursts that a part waits for.
func (h *handset) burstOver(now time.Time) {
	t := &h.telling
	if t.at >= len(t.parts) || t.parts[t.at].bursts == 0 {
		return
	}
	if t.bursts++; t.bursts >= t.parts[t.at].bursts {
		h.partOver(now)
	}
}

// say has the sound thread say something; the part that waits for it goes on when
// it is over.
func (h *handset) say(s *sending) {
	s.then = func() {
		if t := &h.telling; h.state == handRinging && t.at < len(t.parts) && t.parts[t.at].sound {
			h.partOver(time.Now())
		}
	}
	h.port.say.Store(s)
}

// message is a caller as telephones are told.
func (h *handset) message(c leg.Caller) callerid.Message {
	m := callerid.Message{Number: c.Number, Name: c.Name, Time: h.port.bank.clock()}
	if c.Number == "" {
		m.NoNumber = callerid.Unavailable
		if c.Absent == leg.Private {
			m.NoNumber = callerid.Private
		}
		if c.Name == "" {
			m.NoName = m.NoNumber
		}
	}
	return m
}

// code is a message as digits, at the level of the country's telephones.
func (h *handset) code(m callerid.Message) *sending {
	plan := h.port.bank.plan.Load()
	maker, err := dtmf.NewMaker(m.Digits(), dtmf.Style{
		Low: plan.DTMFLow, High: plan.DTMFHigh, On: codeOn, Off: codeOff, Comma: digitComma,
	})
	if err != nil {
		return nil // never: Digits holds nothing but what is on a keypad
	}
	return &sending{src: maker}
}

// alertSound is the dual tone that wakes a telephone's receiver (EN 300 659-1:
// 2130 and 2750 Hz, as loud as the message).
func alertSound(d time.Duration) *sending {
	c := tone.Cadence{Steps: []tone.Step{{Hz: [4]float32{2130, 2750}, Ms: uint16(d.Milliseconds())}}, Loop: tone.Once}
	return &sending{src: tone.New(c, tone.Level)}
}

// bell rings by a cycle, from its beginning.
func (h *handset) bell(cycle []time.Duration) {
	plan := h.port.bank.plan.Load()
	if err := h.fxs.Ring(hal.Cadence{Hz: float64(plan.RingHz), Vrms: ringVrms, Steps: cycle}); err != nil {
		h.port.end(leg.OutOfOrder, err.Error())
	}
}
