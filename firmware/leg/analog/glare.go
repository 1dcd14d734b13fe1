package analog

import (
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/leg/analog/witness"
	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// Glare is a call that comes in while the line is being seized for one to go out.
// The one that comes in wins: the call out looks for another line, and the caller
// is offered as any other. Where the exchange has put the caller through already,
// the line stays off-hook and the caller hears ringing meanwhile; nobody finds
// himself connected with somebody he did not call.

// glared takes the driver's word that a call comes in.
func (l *line) glared() {
	if l.state != seizing {
		return
	}
	rang := l.lastRing.After(l.since)
	l.port.close(leg.Glare, "a call came in as the line was seized")
	l.yield()
	if rang {
		l.ringBegan()
	}
}

// yield leaves the line to what comes in, of which the ear may have heard a part.
func (l *line) yield() {
	l.dial, l.called = "", ""
	l.port.taken.Store(false)
	l.enter(idle)
}

// announced reports whether caller ID or its alert came so lately that the ring
// must follow.
func (l *line) announced(now time.Time) bool {
	return !l.alertedAt.IsZero() && now.Sub(l.alertedAt) < announcedFor || l.heard != nil && now.Sub(l.heardAt) < announcedFor
}

// announcedFor is more than any sequence takes from its alert to its ring.
const announcedFor = 3 * time.Second

// stranger takes a voice that speaks where a dial tone should be.
func (l *line) stranger() {
	if l.state != waiting || l.second {
		return
	}
	l.port.close(leg.Glare, "a voice instead of the dial tone: a call came in as the line was seized")
	l.dial, l.called = "", ""
	l.enter(caught)
	l.offered = false
	l.port.begin()
	l.port.say.Store(&sending{src: l.port.bank.plan.Load().Of(tone.Ringback)})
	l.offer()
}

// takeCaught answers a caller who is on the line already.
func (l *line) takeCaught() {
	l.port.say.Store(nil)
	l.enter(talking)
	l.watchOut()
	l.port.tell(l.port.leg, leg.Report{Kind: leg.Answered, By: leg.ByHook, Sure: 100})
}

// dawn is the ear of a line just seized.
type dawn struct {
	line   *line
	person *witness.Person
}

func newDawn(l *line, plan *tone.Country) *dawn {
	return &dawn{line: l, person: witness.NewPerson(plan)}
}

// hear implements hearer.
func (d *dawn) hear(pcm *[media.Narrow]int16) func() {
	switch began, person := d.person.Hear(pcm); {
	case began:
		l, at := d.line, time.Now()
		return func() { l.sounded(at) }
	case person:
		return d.line.stranger
	}
	return nil
}

// sounded notes when the line began to sound after it was seized.
func (l *line) sounded(at time.Time) {
	if l.state == waiting && l.dialTone.IsZero() {
		l.dialTone = at
	}
}

// ringMeanwhile takes a call that came in the pause after another: a call out that
// waited for the pause to end yields to it.
func (l *line) ringMeanwhile() {
	if l.port.leg != nil {
		l.port.close(leg.Glare, "a call came in while the line was clearing")
		l.port.taken.Store(false)
	}
	l.ringBegan()
}
