package si3210

import (
	"fmt"
	"math"
	"time"

	"centralita/hal"
)

// ringing is a cadence being rung. Two steps within the reach of the chip's
// timers are left to the chip; anything else is stepped here.
type ringing struct {
	on    bool
	hz    float64
	steps []time.Duration
	chip  bool // the chip's timers alternate burst and pause
	step  int
	until time.Time // end of the step, when we step
	burst bool      // sound of the bell now
}

// wants tells whether register 64 must ask for the state because of ringing.
func (r *ringing) wants(state byte) bool { return r.on && state == lfRinging && (r.chip || r.burst) }

// Limits of a cadence.
const (
	stepsMax     = 8
	stepMin      = 50 * time.Millisecond
	stepMax      = 60 * time.Second
	ringTick     = 125 * time.Microsecond
	chipTimerMax = 0xFFFF * ringTick // 8.19 s
	// headroom between the peak of ringing and its battery (section 2.5).
	headroom = 7.5
	batteryV = 75 // reset value of VBATH, kept when a ring needs less
)

// Ring fulfils hal.FXS.
func (p *Port) Ring(c hal.Cadence) error {
	if err := checkCadence(c); err != nil {
		return fmt.Errorf("si3210: %s: %w", p.Name(), err)
	}
	c.Steps = append([]time.Duration(nil), c.Steps...)
	return p.order(func(now time.Time) { p.startRing(c, now) })
}

// StopRing fulfils hal.FXS.
func (p *Port) StopRing() error {
	return p.order(func(now time.Time) { p.stopRing(now) })
}

func checkCadence(c hal.Cadence) error {
	if !(c.Hz >= 16 && c.Hz <= 60) { // not a number is out, too
		return fmt.Errorf("ringing at %g Hz; possible are 16..60", c.Hz)
	}
	if !(c.Vrms >= 40 && c.Vrms <= 61) {
		return fmt.Errorf("ringing with %g V; possible are 40..61", c.Vrms)
	}
	if n := len(c.Steps); n == 0 || n%2 != 0 || n > stepsMax {
		return fmt.Errorf("cadence of %d steps; an even count up to %d is possible", n, stepsMax)
	}
	for _, d := range c.Steps {
		if d < stepMin || d > stepMax {
			return fmt.Errorf("cadence step of %s; possible are %s..%s", d, stepMin, stepMax)
		}
	}
	return nil
}

// startRing loads the sine and begins with a burst. A lifted set is not rung.
func (p *Port) startRing(c hal.Cadence, now time.Time) {
	if p.hook.lifted || now.Before(p.broken) {
		return
	}
	if p.ring.on { // its timers begin anew only with ringing itself
		p.stopRing(now)
		p.feed = lfTransmit
		p.write(regLinefeed, lfTransmit)
	}
	coefficient, amplitude := sine(c.Hz, c.Vrms)
	p.write(regVBATH, byte(math.Ceil(max(c.Vrms*math.Sqrt2+headroom, batteryV)/voltStep)))
	p.writeIndirect(irRCO, coefficient)
	p.writeIndirect(irRNGX, amplitude)
	filter, debounce := tripSettings(c.Hz)
	p.writeIndirect(irNRTP, filter)
	p.write(regTripDeb, debounce)

	p.ring = ringing{on: true, burst: true, hz: c.Hz, steps: c.Steps, until: now.Add(c.Steps[0])}
	p.ring.chip = len(c.Steps) == 2 && c.Steps[0] <= chipTimerMax && c.Steps[1] <= chipTimerMax
	mode := byte(0)
	if p.ring.chip {
		mode = ringTimers
		p.write16(regRingActive, int(c.Steps[0]/ringTick))
		p.write16(regRingPause, int(c.Steps[1]/ringTick))
	}
	p.write(regRinging, mode)
	p.weigh(c.Hz, now)
	p.service.Remember(func(s *hal.Status) { s.Ringing = true })
	p.service.Tell(hal.Event{Kind: hal.RingOn, At: now})
}

func (p *Port) stopRing(now time.Time) {
	if !p.ring.on {
		return
	}
	burst := p.ring.burst
	p.weighed(false)
	p.ring = ringing{}
	p.write(regRinging, 0)
	p.service.Remember(func(s *hal.Status) { s.Ringing = false })
	if burst {
		p.service.Tell(hal.Event{Kind: hal.RingOff, At: now})
	}
}

// setBurst notes and tells that the bell began or ended.
func (p *Port) setBurst(on bool, now time.Time) {
	if !p.ring.on || p.ring.burst == on {
		return
	}
	p.ring.burst = on
	kind := hal.RingOff
	if on {
		kind = hal.RingOn
		p.weigh(p.ring.hz, now)
	} else {
		p.weighed(true)
	}
	p.service.Tell(hal.Event{Kind: kind, At: now})
}

// stepRing moves a cadence that the chip's timers cannot make. Due times add up
// from the first, so that being late once does not stretch the pattern.
func (p *Port) stepRing(now time.Time) {
	r := &p.ring
	for r.on && !r.chip && !now.Before(r.until) {
		r.step = (r.step + 1) % len(r.steps)
		r.until = r.until.Add(r.steps[r.step])
		p.setBurst(r.step%2 == 0, now)
		p.applyFeed(now)
	}
}

// sine gives RCO and RNGX (section 2.5): c = cos(2 pi f / 1000 Hz).
func sine(hz, vrms float64) (rco, rngx uint16) {
	c := math.Cos(2 * math.Pi * hz / 1000)
	peak := vrms * math.Sqrt2
	x := 0.25 * math.Sqrt((1-c)/(1+c)) * 32768 * peak / 96
	return uint16(math.Round(c * 32768)), uint16(math.Round(x))
}

// tripSettings are the ring trip filter and debounce by frequency (table 30 of
// the data sheet; 25 Hz lies between its rows).
func tripSettings(hz float64) (filter uint16, debounce byte) {
	switch {
	case hz < 18:
		return 0x0200, 0x0F
	case hz < 23:
		return 0x0320, 0x0B
	case hz < 28:
		return 0x0350, 0x0A
	case hz < 35:
		return 0x0380, 0x09
	case hz < 45:
		return 0x0400, 0x07
	case hz < 55:
		return 0x06A8, 0x05
	}
	return 0x0800, 0x05
}
