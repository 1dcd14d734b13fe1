package town

// release begins the signs of the far end's hang-up. Polarity changes whichever
// way it was: back after an answered outgoing call, reversed on an incoming one.
func (l *Line) release() {
	l.enter(phaseReleased, nil)
	if l.signs.Polarity {
		l.reversed = !l.reversed
	}
	l.dead = l.signs.LoopBreakMS > 0
	switch {
	case l.signs.BusyTone:
		l.player.start(&l.country.busy)
	case l.signs.CongestionTone:
		l.player.start(&l.country.congestion)
	}
}

// showRelease goes through the signs: loop break, busy tone, dial tone or rest.
func (l *Line) showRelease() {
	if l.dead {
		if l.since < frames(l.signs.LoopBreakMS) {
			return
		}
		l.dead = false
		l.loop.closed, l.loop.frames = true, 0 // the box may have let go meanwhile: count from here
	}
	l.player.next(&l.out)
	if after := l.signs.DialToneAfterS; after > 0 && l.since >= secondFrames(after) {
		l.reversed = false
		l.dialledN = 0
		l.enter(phaseDialTone, &l.country.dial)
	} else if l.since >= toneMost {
		l.enter(phaseParked, nil)
	}
}
