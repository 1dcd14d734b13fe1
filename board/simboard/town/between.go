package town

import "slices"

// Calls between two lines of the town: the exchange of one rings the other, and
// what is said on one is heard on the other a step later.

// reachLine rings the line whose number was dialled; false when it is nobody's
// here.
func (l *Line) reachLine() bool {
	number := string(l.dialled[:l.dialledN])
	i := slices.IndexFunc(l.town.lines, func(o *Line) bool { return o.setup.cfg.Number == number })
	if number == "" || i < 0 {
		return false
	}
	other := l.town.lines[i]
	if other == l || other.phase != phaseIdle || other.loop.closed {
		l.enter(phaseBusy, &l.country.busy)
		return true
	}
	who := caller{number: l.setup.cfg.Number, at: l.town.cfg.Now()}
	other.clear()
	other.caller = who
	other.loop.flashes = 0
	other.ear.fresh()
	other.enter(phaseRinging, nil)
	other.bells.start(other.country.announce(other.country.callerID, who), other.country, ringbackMost, nil)
	l.peer, other.peer = other, l
	l.enter(phaseRingback, &l.country.ringback)
	return true
}

// alertLine waits for the other line to answer.
func (l *Line) alertLine() {
	switch {
	case l.peer.peer == l && l.peer.phase == phaseTalking:
		l.reversed = l.signs.Polarity
		l.connect(nil)
	case l.peer.peer != l || l.since >= ringbackMost:
		l.peer = nil
		l.enter(phaseCongestion, &l.country.congestion)
	}
}

// converse lets the two ends hear each other; the end that is left sees the signs
// of the country.
func (l *Line) converse() {
	o := l.peer
	if o.peer != l || o.phase != phaseTalking && o.phase != phaseRingback {
		l.peer = nil
		l.release()
		return
	}
	if o.phase == phaseTalking {
		l.out = o.in
	}
}
