package si3050

import (
	"math"
	"time"

	"centralita/hal"
)

// Another telephone on the same pair. On-hook it pulls the voltage of the resting
// line down to its own 5..12 V; off-hook it takes a part of our current. How much
// differs from line to line, so both are held against what was measured before.
const (
	inUseV    = 20.0 // a line whose resting voltage is not known yet
	inUsePart = 0.5  // of the resting voltage
	restingV  = 20.0 // more is a line at rest
	inUseIn   = 200 * time.Millisecond
	sharedIn  = 300 * time.Millisecond
	// sharedPart of our current is left at most when another telephone was lifted;
	// alonePart is there again when it was put back.
	sharedPart = 0.78
	alonePart  = 0.92
	// learnt is how many looks of 20 ms make the current of the call known.
	learnt = 15
)

// company is what is known of the line for that.
type company struct {
	resting float64 // V, slowly followed
	ours    float64 // counts of LCS2 with nobody else, of this call
	looks   int
	before  float64 // at the look before
}

// inUse judges the voltage of a line on-hook.
func (s *supervision) inUse(volts float64) bool {
	limit := inUseV
	if s.company.resting > 0 {
		limit = math.Min(limit, inUsePart*s.company.resting)
	}
	return volts >= noBatteryV && volts < limit
}

// superviseUse judges a line on-hook.
func (p *Port) superviseUse(volts float64, now time.Time) {
	c := &p.line.company
	switch {
	case volts < restingV:
	case c.resting == 0:
		c.resting = volts
	default:
		c.resting += (volts - c.resting) / 64
	}
	if changed, since := p.line.used.see(now, p.line.inUse(volts), inUseIn); changed {
		p.tellUse(p.line.used.is, since)
	}
}

// superviseShare judges our current off-hook.
func (p *Port) superviseShare(current float64, now time.Time) {
	c := &p.line.company
	if current < noCurrent {
		p.line.used.since = time.Time{}
		return
	}
	steady := math.Min(current, c.before) // one disturbed reading is no current
	c.before = current
	if c.looks < learnt || steady > c.ours/sharedPart {
		c.looks++
		c.ours = math.Max(c.ours, steady)
		return
	}
	limit := sharedPart
	if p.line.used.is {
		limit = alonePart
	}
	shared := current < limit*c.ours
	if !shared && !p.line.used.is {
		c.ours += (current - c.ours) / 64
	}
	if changed, since := p.line.used.see(now, shared, sharedIn); changed {
		p.tellUse(p.line.used.is, since)
	}
}

func (p *Port) tellUse(used bool, at time.Time) {
	p.service.Remember(func(s *hal.Status) { s.InUse = used })
	kind := hal.Free
	if used {
		kind = hal.InUse
	}
	p.service.Tell(hal.Event{Kind: kind, At: at})
}
