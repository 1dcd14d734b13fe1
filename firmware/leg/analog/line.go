package analog

import (
	"sync/atomic"
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/media/callerid"
	"centralita/hal"
)

// Times of a line. Sources: EN 300 659-1 for caller ID (data 500..2000 ms after
// the first ring, then about 0.7 s), E.180 for the longest ringing pause (5 s),
// and driver practice for the rest.
const (
	callerIDWait  = 3200 * time.Millisecond // after the first burst
	callerIDKeep  = 8 * time.Second         // a message that came before the first ring
	ringingPause  = 6500 * time.Millisecond // longer silence: the caller gave up
	settleLimit   = 3 * time.Second
	openConfirm   = 120 * time.Millisecond // on top of the driver's 80 ms: a disconnect pulse is never shorter than 200
	clearingPause = time.Second            // an exchange needs it between two calls
)

type lineState uint8

const (
	idle lineState = iota
	ringing
	answering
	seizing
	waiting // for dial tone
	dialling
	proceeding
	talking
	clearing
)

// line is an outside line and what it is doing.
type line struct {
	port *port
	fxo  hal.FXO

	reverses atomic.Bool // the exchange reverses on answer; Can tells it to the switchboard

	state     lineState
	offered   bool
	rings     int
	lastRing  time.Time // begin or end of a burst
	since     time.Time // of the state
	opened    time.Time // loop current went, zero while it flows
	heard     *callerid.Message
	heardAt   time.Time
	dial      string
	later     leg.Caller // who wants to call out, in the clearing pause
	isRinging bool       // the far end, on an outgoing call
	// ringbackGone is when an outgoing call's ringback was missed, zero while it
	// sounds.
	ringbackGone time.Time

	supervision
}

func (l *line) event(e hal.Event) {
	switch e.Kind {
	case hal.RingBegin:
		l.ringBegan()
	case hal.RingEnd:
		l.lastRing = time.Now()
		if l.state == ringing {
			l.wait(callerIDWait)
		}
	case hal.Settled:
		l.settled()
	case hal.Polarity:
		l.polarity(e)
	case hal.LoopOpen:
		l.loopOpened(e)
		if l.state >= waiting && l.state < talking {
			l.opened = time.Now()
			l.wait(openConfirm)
		}
	case hal.LoopClosed:
		l.opened = time.Time{}
		l.loopClosed(e)
	}
}

func (l *line) ringBegan() {
	now := time.Now()
	l.lastRing = now
	switch l.state {
	case idle:
		l.enter(ringing)
		l.rings, l.offered = 1, false
		l.port.begin()
		l.wait(ringingPause)
		if l.heard != nil && now.Sub(l.heardAt) < callerIDKeep {
			l.offer()
		} else {
			l.heard = nil
		}
	case ringing:
		l.rings++
		l.wait(ringingPause)
		if !l.offered && l.rings > 1 && now.Sub(l.since) > callerIDWait {
			l.offer()
		}
	}
}

// callerID takes a message of the receiver: before the first ring it is kept,
// after the offer it completes it.
func (l *line) callerID(m *callerid.Message) {
	l.heard, l.heardAt = m, time.Now()
	if l.state != ringing {
		return
	}
	if !l.offered {
		l.offer()
		return
	}
	l.port.tell(l.port.leg, leg.Report{Kind: leg.Updated, From: m.Number, Name: m.Name})
}

func (l *line) offer() {
	l.offered = true
	r := leg.Report{Kind: leg.Offered, Peer: string(l.port.name)}
	if l.heard != nil {
		r.From, r.Name = l.heard.Number, l.heard.Name
		l.port.bank.calledAgain(r.From)
	}
	l.port.tell(l.port.leg, r)
}

func (l *line) answer() {
	if l.state != ringing {
		return
	}
	if err := l.fxo.OffHook(); err != nil {
		l.hangupBecause(leg.OutOfOrder, err.Error())
		return
	}
	l.port.listening.Store(false)
	l.enter(answering)
	l.wait(settleLimit)
}

func (l *line) settled() {
	switch l.state {
	case answering:
		l.enter(talking)
		l.watchOut()
		l.port.tell(l.port.leg, leg.Report{Kind: leg.Answered, By: leg.ByHook, Sure: 100})
	case seizing:
		l.enter(waiting)
		l.wait(dialToneWait)
	}
}

// polarity is a reversal: of an outgoing call the first says it was answered,
// and any later one that the far end may have gone.
func (l *line) polarity(e hal.Event) {
	switch {
	case l.state == proceeding && l.reverses.Load():
		l.answered(leg.ByPolarity, 100)
	case l.state == talking:
		l.reversed(e)
	}
}

// due looks at what the state waits for.
func (l *line) due(now time.Time) {
	if !l.opened.IsZero() {
		if now.Sub(l.opened) < openConfirm {
			l.port.wake(l.opened.Add(openConfirm))
		} else {
			l.hangupBecause(leg.LoopBreak, "loop opened")
			return
		}
	}
	switch l.state {
	case talking:
		l.judge(now)
	case ringing:
		l.ringingDue(now)
	case answering, seizing:
		if l.over(now, settleLimit) {
			l.hangupBecause(leg.OutOfOrder, "no loop current after going off-hook")
		}
	case waiting:
		if l.over(now, dialToneWait) {
			l.dialNow()
		}
	case proceeding:
		switch gone := l.ringbackGone; {
		case !gone.IsZero() && now.Sub(gone) >= voiceAfter:
			l.answered(leg.ByRingback, 70)
		case l.over(now, answerAssumed):
			l.answered(leg.ByTimer, 20)
		case !gone.IsZero():
			l.port.wake(gone.Add(voiceAfter))
		}
	case clearing:
		if l.over(now, clearingPause) {
			l.enter(idle)
			l.port.listening.Store(true)
			if l.port.leg != nil {
				l.seize(l.later)
			}
		}
	}
}

func (l *line) ringingDue(now time.Time) {
	quiet := now.Sub(l.lastRing)
	switch {
	case quiet >= ringingPause:
		if l.offered {
			l.port.end(leg.Cancelled, "ringing stopped")
			return
		}
		l.port.leg = nil // nobody was told
		l.ended()
		return
	case !l.offered && quiet >= callerIDWait:
		l.offer()
	}
	if !l.offered {
		l.port.wake(l.lastRing.Add(callerIDWait))
	}
	l.port.wake(l.lastRing.Add(ringingPause))
}

// over reports whether the state lasts longer than d, and asks for another look
// when it does not.
func (l *line) over(now time.Time, d time.Duration) bool {
	if now.Sub(l.since) >= d {
		return true
	}
	l.port.wake(l.since.Add(d))
	return false
}

func (l *line) enter(s lineState) { l.state, l.since = s, time.Now() }

func (l *line) wait(d time.Duration) { l.port.wake(time.Now().Add(d)) }

func (l *line) hangup(c leg.Cause) { l.hangupBecause(c, "") }

func (l *line) hangupBecause(c leg.Cause, why string) { l.port.end(c, why) }

// ended puts the line on-hook and lets the exchange clear. The line is free for
// the next call out at once, which then waits for the rest of the pause: an
// emergency call that took the line from another must not find it taken.
func (l *line) ended() {
	wasRinging := l.state == ringing
	l.opened, l.heard, l.dial = time.Time{}, nil, ""
	l.isRinging, l.offered = false, false
	if !wasRinging {
		// The order goes to a bounded queue of the driver; a failure comes back as
		// a Fault event of the port.
		if err := l.fxo.OnHook(); err != nil {
			l.port.health("fault", err.Error())
		}
	}
	l.port.taken.Store(false)
	l.enter(clearing)
	l.wait(clearingPause)
}

func (l *line) flash() {
	d := time.Duration(l.port.bank.plan.Load().FlashMs) * time.Millisecond
	if err := l.fxo.Flash(d); err != nil {
		l.port.tell(l.port.leg, leg.Report{Kind: leg.Trouble, Text: err.Error()})
	}
}
