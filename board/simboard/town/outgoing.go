package town

// seize begins an outgoing call of the box.
func (l *Line) seize() {
	l.enter(phaseSeized, nil)
	l.dialledN, l.caller, l.accessed = 0, caller{}, false
	l.loop.restart()
	l.ear.fresh()
}

// collect gathers the number. Dial tone ends with the first digit or pulse.
func (l *Line) collect(digit byte) {
	if l.phase == phaseDialTone {
		l.player.next(&l.out)
		if l.loop.pulses > 0 {
			l.enter(phaseDialling, nil)
		} else if l.since >= firstDigit {
			l.enter(phaseCongestion, &l.country.congestion)
		}
	}
	if digit != 0 {
		l.enter(phaseDialling, nil)
		if l.dialledN < len(l.dialled) {
			l.dialled[l.dialledN] = digit
			l.dialledN++
		}
		if l.outward() {
			return
		}
		if l.setup.complete(l.dialled[:l.dialledN]) {
			l.enter(phaseRouting, nil)
		}
		return
	}
	if !l.loop.closed || l.loop.pulses > 0 {
		l.since = 0 // a digit is under way
	}
	if l.phase == phaseDialling && l.since >= interDigit {
		l.enter(phaseRouting, nil)
	}
}

// outward takes the access digits of a private exchange's line and goes on to the
// public exchange's dial tone.
func (l *Line) outward() bool {
	access := l.setup.cfg.Access
	if access == "" || l.accessed || string(l.dialled[:l.dialledN]) != access {
		return false
	}
	l.accessed, l.dialledN = true, 0
	l.enter(phaseSeized, nil)
	return true
}

// reach finds what the called number does.
func (l *Line) reach() {
	if l.reachLine() {
		return
	}
	l.called = l.setup.lookup(l.dialled[:l.dialledN])
	behaviour := unknown
	if l.called != nil {
		behaviour = l.called.behaviour
	}
	switch behaviour {
	case answers, never:
		l.enter(phaseRingback, &l.country.ringback)
	case busy:
		l.enter(phaseBusy, &l.country.busy)
	case congestion:
		l.enter(phaseCongestion, &l.country.congestion)
	default:
		l.enter(phaseUnknown, &l.country.unknown)
	}
}

// alertCalled waits for the called party.
func (l *Line) alertCalled() {
	if l.peer != nil {
		l.alertLine()
		return
	}
	if l.called.behaviour == answers && l.since >= l.called.answerAfter {
		l.reversed = l.signs.Polarity
		l.connect(l.called.role)
	} else if l.since >= ringbackMost {
		l.enter(phaseCongestion, &l.country.congestion)
	}
}

// connect lets the outside party speak.
func (l *Line) connect(r *role) {
	l.enter(phaseTalking, nil)
	if l.peer == nil {
		l.actor.begin(r)
	}
}
