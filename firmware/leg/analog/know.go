package analog

import (
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/media/tone"
)

// Know gives a line what its profile knows of the exchange: the tones as they are,
// whether there is a dial tone, and how long it takes.
func (b *Bank) Know(name id.Port, k leg.Known) {
	p := b.ports[name]
	if p == nil || p.line == nil {
		return
	}
	b.put(func() {
		l := p.line
		l.known, l.toneKnown, l.habits = k, k.DialTone, k.Habits
		l.replan()
	})
}

// replan makes the tones that the line is listened to for.
func (l *line) replan() {
	l.tones.Store(l.port.bank.plan.Load().With(l.known.Tones))
}

// plan are the line's own tones; legs ask for them from any goroutine.
func (l *line) plan() *tone.Country { return l.tones.Load() }

// toneMost is how long the line's dial tone is waited for: as set, else as long as
// it is known to take and half of that again, but no less than usual.
func (l *line) toneMost() time.Duration {
	if l.set.ToneWait > 0 {
		return l.set.ToneWait
	}
	return max(dialToneWait, min(l.known.Delay*3/2+time.Second, toneWaitMost))
}

// toneWaitMost bounds it: a caller hears nothing meanwhile.
const toneWaitMost = 12 * time.Second
