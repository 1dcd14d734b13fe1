package si3050

import (
	"time"

	"centralita/hal"
)

// The frequency of ringing is measured once in a call: the signs of the
// comparators are looked at closely for a while in the first burst.
const (
	hzEvery  = 3 * time.Millisecond
	hzFor    = 250 * time.Millisecond
	hzTurns  = 5                // changes of sign that make a measure
	hzForget = 10 * time.Second // without ringing the next is another call's
)

// ringHz is the measure under way.
type ringHz struct {
	next, until time.Time
	sign        byte
	turns       int
	first, last time.Time
	told        bool
}

// begin measures, unless it was done in this call.
func (m *ringHz) begin(now, quietSince time.Time) {
	if m.told && now.Sub(quietSince) < hzForget {
		return
	}
	*m = ringHz{next: now, until: now.Add(hzFor)}
}

func (p *Port) stepRingHz(now time.Time) {
	m := &p.ring.hz
	if m.next.IsZero() || now.Before(m.next) {
		return
	}
	m.next = now.Add(hzEvery)
	if sign := p.read(regDAA1) & (daaRingN | daaRingP); sign != 0 && sign != m.sign {
		if m.sign != 0 {
			m.turn(now)
		}
		m.sign = sign
	}
	if now.Before(m.until) && p.ring.on {
		return
	}
	m.next = time.Time{}
	if m.turns < hzTurns {
		return
	}
	m.told = true
	hz := float64(m.turns-1) / 2 / m.last.Sub(m.first).Seconds()
	p.service.Tell(hal.Event{Kind: hal.RingHz, At: now, Hz: hz})
}

func (m *ringHz) turn(now time.Time) {
	if m.turns++; m.turns == 1 {
		m.first = now
	}
	m.last = now
}
