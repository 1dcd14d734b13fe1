package analog

import (
	"centralita/firmware/leg"
	"centralita/hal"
)

// Another telephone on the line: it is never cut into. A call out is refused or
// waits, a call in that it takes is over for the box, and in a call of the box it
// is told.

// usedText is what pages and traces show.
const usedText = "another telephone on the line is off-hook"

// shared takes InUse and Free.
func (l *line) shared(k hal.Kind) {
	l.used = k == hal.InUse
	if !l.used {
		l.port.health("ready", "")
		if l.state == standing {
			l.seize(l.later)
		}
		return
	}
	l.port.health("busy-elsewhere", usedText)
	switch l.state {
	case ringing:
		if l.offered {
			l.port.end(leg.Elsewhere, usedText)
		} else {
			l.unheard()
		}
	case seizing:
		l.stand()
	case waiting, dialling, proceeding, caught, talking:
		if l.port.leg != nil {
			l.port.tell(l.port.leg, leg.Report{Kind: leg.Trouble, Text: usedText})
		}
	}
}

// stand refuses the call out, or lets it wait.
func (l *line) stand() {
	if l.set.WaitFree <= 0 {
		l.enter(standing)
		l.hangupBecause(leg.InUse, usedText)
		return
	}
	l.enter(standing)
	l.wait(l.set.WaitFree)
}

// unheard forgets a call that nobody was told of.
func (l *line) unheard() {
	l.port.leg = nil
	l.ended()
}
