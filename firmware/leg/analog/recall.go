package analog

import (
	"time"

	"centralita/firmware/leg"
)

// recallTones is how long after a recall the exchange's tones are for whoever made
// it: a dial tone to dial another number by, its ringback or busy tone.
const recallTones = 30 * time.Second

// flash recalls the exchange: it holds the far end and gives a dial tone, or
// changes to a call that waits, or joins, whatever its service is.
func (l *line) flash() {
	l.tookWaiting()
	plan := l.port.bank.plan.Load()
	d := l.set.Flash
	if d == 0 {
		d = flashOf(plan.Code, time.Duration(plan.FlashMs)*time.Millisecond)
	}
	if err := l.fxo.Flash(d); err != nil {
		l.port.tell(l.port.leg, leg.Report{Kind: leg.Trouble, Text: err.Error()})
		return
	}
	l.recalled = time.Now()
}

// recalls reports whether tones are the answer to a recall, and no sign that the
// far end has gone.
func (l *line) recalls(now time.Time) bool {
	return l.state == talking && !l.recalled.IsZero() && now.Sub(l.recalled) < recallTones
}
