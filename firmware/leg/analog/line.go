package analog

import (
	"sync/atomic"
	"time"

	"centralita/firmware/leg"
	items "centralita/firmware/line"
	"centralita/firmware/media/callerid"
	"centralita/firmware/media/tone"
	"centralita/hal"
)

// Times of a line. Sources: EN 300 659-1 for caller ID (data 500..2000 ms after
// the first ring, then about 0.7 s), E.180 for the longest ringing pause (5 s),
// and driver practice for the rest.
const (
	callerIDWait  = 3200 * time.Millisecond // after the first burst
	callerIDKeep  = 4 * time.Second         // a message that came before the first ring; more than any sequence takes
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
	standing // for another telephone on the line to be put back
	seizing
	waiting // for dial tone
	dialling
	proceeding
	caught // off-hook with a caller who was put through as we seized
	talking
	clearing
)

// line is an outside line and what it is doing.
type line struct {
	port *port
	fxo  hal.FXO

	reverses atomic.Bool // the exchange reverses on answer; Can tells it to the switchboard
	set      Line

	state     lineState
	offered   bool
	rings     int
	lastRing  time.Time // begin or end of a burst
	since     time.Time // of the state
	opened    time.Time // loop current went, zero while it flows
	heard     *callerid.Message
	heardAt   time.Time
	dial      string     // still to be dialled
	dials     int        // how often it was dialled wrong in this call
	called    string     // the number of a call out
	second    bool       // the first dial tone was heard
	rest      time.Time  // end of a pause in dialling
	later     leg.Caller // who wants to call out, in the clearing pause or while the line is used
	isRinging bool       // the far end, on an outgoing call

	used       bool // another telephone on the line is off-hook
	alertedAt  time.Time
	reversedAt time.Time // at rest
	toneKnown  bool      // the line gives dial tone
	closed     time.Time // when we went off-hook
	dialTone   time.Time // when it began to sound after that
	cycle      bursts
	resting    float64   // volts as it was seized
	tellLimit  time.Time // when the exchange has had time to tell who waits
	waits      bool      // and has
	recalled   time.Time // our last flash in this call
	// ringbackGone is when an outgoing call's ringback was missed, zero while it
	// sounds.
	ringbackGone time.Time
	voiceAt      time.Time // somebody spoke where the exchange will reverse at the answer

	known   leg.Known // by the line's profile
	tones   atomic.Pointer[tone.Country]
	matched hal.Balance // how the chip matches the line

	supervision
}

func (l *line) event(e hal.Event, at time.Duration) {
	switch e.Kind {
	case hal.RingBegin:
		l.cycle.begins = at
		l.ringBegan()
	case hal.RingEnd:
		l.lastRing = time.Now()
		l.burst(at)
		if l.state == ringing {
			l.wait(callerIDWait)
		}
	case hal.Settled:
		l.settled()
	case hal.Polarity:
		l.reversedAt = time.Now()
		l.polarity(e)
	case hal.InUse, hal.Free:
		l.shared(e.Kind)
	case hal.Glare:
		l.glared()
	case hal.Dialled:
		l.pulsesOut(e.Duration)
	case hal.RingHz:
		l.port.read(items.RingHz, e.Hz, "")
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
		l.rings, l.offered, l.cycle = 1, false, bursts{begins: l.cycle.begins}
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
	l.port.tell(l.port.leg, leg.Report{Kind: leg.Updated, From: m.Number, Name: m.Name, Absent: absence(m)})
}

func (l *line) offer() {
	l.offered = true
	r := leg.Report{Kind: leg.Offered, Peer: string(l.port.name)}
	if l.heard != nil {
		r.From, r.Name, r.Absent = l.heard.Number, l.heard.Name, absence(l.heard)
		l.port.bank.calledAgain(r.From)
	}
	l.port.tell(l.port.leg, r)
}

func (l *line) answer() {
	if l.state == caught {
		l.takeCaught()
		return
	}
	if l.state != ringing {
		return
	}
	if err := l.fxo.OffHook(); err != nil {
		l.hangupBecause(leg.OutOfOrder, err.Error())
		return
	}
	l.port.ear.Store(nil)
	l.enter(answering)
	l.wait(settleLimit)
}

func (l *line) settled() {
	l.measureSeized()
	switch l.state {
	case answering:
		l.enter(talking)
		l.watchOut()
		l.port.tell(l.port.leg, leg.Report{Kind: leg.Answered, By: leg.ByHook, Sure: 100})
	case seizing:
		l.enter(waiting)
		l.wait(l.toneMost())
		l.port.ear.Store(&hearing{newDawn(l, l.plan())})
	}
}

// polarity is a reversal: of an outgoing call the first says it was answered,
// and any later one that the far end may have gone.
func (l *line) polarity(e hal.Event) {
	switch {
	case l.state == proceeding && l.reverses.Load():
		l.answered(leg.ByPolarity, surePolarity)
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
			l.loopGone()
			return
		}
	}
	switch l.state {
	case talking:
		l.waitingDue(now)
		l.judge(now)
	case ringing:
		l.ringingDue(now)
	case answering, seizing:
		if l.over(now, settleLimit) {
			l.hangupBecause(leg.OutOfOrder, "no loop current after going off-hook")
		}
	case standing:
		if l.over(now, l.set.WaitFree) {
			l.hangupBecause(leg.InUse, usedText)
		}
	case waiting:
		if l.over(now, l.toneMost()) {
			l.noDialTone()
		}
	case dialling:
		l.diallingDue(now)
	case proceeding:
		l.answerDue(now)
	case clearing:
		if l.over(now, clearingPause) {
			l.enter(idle)
			l.listen()
			switch {
			case l.lastRing.After(l.since.Add(-clearingPause)) && l.fxo.Status().Ringing:
				l.ringMeanwhile()
			case l.port.leg != nil:
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
		l.unheard()
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
	wasRinging := l.state == ringing || l.state == standing
	l.opened, l.heard, l.dial, l.called, l.rest = time.Time{}, nil, "", "", time.Time{}
	l.alertedAt, l.dialTone, l.second = time.Time{}, time.Time{}, false
	l.isRinging, l.offered = false, false
	l.endWaiting()
	l.recalled = time.Time{}
	if !wasRinging {
		// The order goes to a bounded queue of the driver; a failure comes back as
		// a Fault event of the port.
		if err := l.fxo.OnHook(); err != nil {
			l.port.health("fault", err.Error())
		}
	}
	l.port.taken.Store(false) // nobody was told of some calls
	l.enter(clearing)
	l.wait(clearingPause)
}
