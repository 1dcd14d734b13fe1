package si3050

import (
	"math"
	"time"

	"centralita/hal"
)

// The look at a line before it is seized: long enough for every half wave of
// ringing down to 15 Hz, short enough that no person notices.
const (
	lookFor   = 70 * time.Millisecond
	lookEvery = 5 * time.Millisecond
	// turnedFor is how long after a reversal of the resting line a call is taken
	// to be announced by it: the alert, the message and the first ring follow within.
	turnedFor = 3 * time.Second
	// turnsBack is how long after our own release the exchange may still put the
	// polarity of the last call back.
	turnsBack = 2 * time.Second
)

// look is what a seizure waits for.
type look struct {
	next, until time.Time
	used        int // readings that showed another telephone
	seen        int
}

// Seize fulfils hal.FXO.
func (p *Port) Seize() error {
	return p.service.Order(func(now time.Time) {
		switch {
		case p.hook.off || !p.hook.look.next.IsZero():
		case p.ring.on || p.ring.rdt || p.announced(now):
			p.service.Tell(hal.Event{Kind: hal.Glare, At: now})
		default:
			p.hook.wet = wetting{}
			p.hook.look = look{next: now, until: now.Add(lookFor)}
		}
	})
}

// announced tells that the line has just been reversed, as before a call.
func (p *Port) announced(now time.Time) bool {
	s := &p.line
	return !s.turned.IsZero() && now.Sub(s.turned) < turnedFor
}

// stepLook reads the line again, and seizes it at the end.
func (p *Port) stepLook(now time.Time) {
	l := &p.hook.look
	if l.next.IsZero() || now.Before(l.next) {
		return
	}
	hook, volts := p.read(regDAA1), math.Abs(float64(int8(p.read(regLVS))))
	if p.chain.bus.err != nil {
		l.next = now.Add(lookEvery)
		return
	}
	if hook&(daaRingN|daaRingP|daaRing) != 0 || p.ring.on {
		*l = look{}
		p.service.Tell(hal.Event{Kind: hal.Glare, At: now})
		return
	}
	l.seen++
	if p.line.inUse(volts) {
		l.used++
	}
	l.next = now.Add(lookEvery)
	if now.Before(l.until) {
		return
	}
	used := l.used == l.seen
	*l = look{}
	if used {
		p.line.used = lasting{is: true}
		p.tellUse(true, now)
		return
	}
	p.takeLine(now)
}
