package si3050

import (
	"fmt"
	"time"

	"centralita/hal"
)

const (
	// settleGuard after going off-hook: the chip needs about 400 ms, drivers in
	// the field judge nothing before 650.
	settleGuard = 650 * time.Millisecond
	// releaseGuard after going on-hook: the line has to come back to rest.
	releaseGuard = 300 * time.Millisecond
	// Flash limits.
	flashMin = 50 * time.Millisecond
	flashMax = 1250 * time.Millisecond
	// fastFor is how long the short settling is kept after a flash.
	fastFor = 200 * time.Millisecond
)

// hookControl is our own hook: what was ordered and what is under way.
type hookControl struct {
	off     bool
	settled time.Time // when sound and current become valid, zero once told
	flash   time.Time // when the loop closes again, zero when no flash
	slow    time.Time // when the fast settling ends
	look    look      // before a seizure
	train   train     // of dial pulses
	wet     wetting
}

// OffHook fulfils hal.FXO.
func (p *Port) OffHook() error {
	return p.service.Order(func(now time.Time) {
		if !p.hook.off {
			p.takeLine(now)
		}
	})
}

// takeLine goes off-hook.
func (p *Port) takeLine(now time.Time) {
	p.hook = hookControl{off: true, settled: now.Add(settleGuard)}
	p.line.reset(now.Add(settleGuard))
	p.endRing(now)
	p.writeHook()
	p.schedule(now)
}

// OnHook fulfils hal.FXO.
func (p *Port) OnHook() error {
	return p.service.Order(func(now time.Time) {
		p.restoreSettling()
		p.release(now)
	})
}

// release goes on-hook.
func (p *Port) release(now time.Time) {
	p.hook = hookControl{}
	p.line.reset(now.Add(releaseGuard))
	p.line.released = now
	p.writeHook()
	p.schedule(now)
}

// Flash fulfils hal.FXO.
func (p *Port) Flash(d time.Duration) error {
	if d < flashMin || d > flashMax {
		return fmt.Errorf("si3050: %s: flash of %s; possible are %s..%s", p.Name(), d, flashMin, flashMax)
	}
	return p.service.Order(func(now time.Time) {
		if !p.hook.off || !p.hook.flash.IsZero() || p.hook.train.on() {
			return
		}
		p.hook.flash = now.Add(d)
		p.line.reset(now.Add(d + settleGuard))
		p.settleFast()
		p.write(regDAA1, 0)
		p.schedule(now)
	})
}

// settleFast skips the calibrations of resistor and converter when the loop
// closes again, so that sound and current are back at once.
func (p *Port) settleFast() {
	p.write(regIntl2, fastNoCal)
	p.write(regResistCal, fastResist)
	p.write(regDAA5, p.daa5()|fastFOH)
}

// stepHook does what is due of pulses, looks and flashes.
func (p *Port) stepHook(now time.Time) {
	h := &p.hook
	p.stepTrain(now)
	p.stepWet(now)
	p.stepLook(now)
	p.stepRingHz(now)
	if !h.flash.IsZero() && !now.Before(h.flash) {
		h.flash, h.slow = time.Time{}, now.Add(fastFor)
		p.writeHook()
	}
	if !h.slow.IsZero() && !now.Before(h.slow) {
		p.restoreSettling()
	}
	if !h.settled.IsZero() && !now.Before(h.settled) {
		h.settled = time.Time{}
		p.service.Tell(hal.Event{Kind: hal.Settled, At: now})
	}
}

func (p *Port) restoreSettling() {
	p.hook.slow = time.Time{}
	p.write(regIntl2, 0)
	p.write(regResistCal, 0)
	p.write(regDAA5, p.daa5())
}

// hookBits is what register 5 must read, but for its ring bits.
func (p *Port) hookBits() byte {
	switch {
	case !p.hook.flash.IsZero(), p.hook.train.open:
		return 0
	case p.hook.off, p.hook.wet.on:
		return daaOffHook
	}
	return daaMonitor
}

func (p *Port) writeHook() {
	p.write(regDAA1, p.hookBits())
	p.service.Remember(func(s *hal.Status) { s.OffHook = p.hook.off })
}

// daa5 is register 31: the country's value, and line voltage shown as it is.
func (p *Port) daa5() byte { return p.country.daa5 | trueLVS }

// due is the next moment of the hook, or of the ring's frequency, if any.
func (p *Port) due(d time.Time) time.Time {
	h := &p.hook
	for _, t := range []time.Time{h.settled, h.flash, h.slow, h.look.next, h.train.next, h.wet.next, p.ring.hz.next} {
		if !t.IsZero() && t.Before(d) {
			d = t
		}
	}
	return d
}
