package si3210

import (
	"math"
	"time"

	"centralita/hal"
)

// The bells on a port show in voltage and current of a burst: one REN is 6930 ohm
// and 8 uF at ringing frequency (data sheet, section 2.5). The monitor converter
// takes both 800 times a second, at moments of the sine that we do not know, so
// many samples make the two effective values.
const (
	renOhms   = 6930.0
	renFarads = 8e-6
	// loadEvery is no part of any ringing period, so that samples spread over it.
	loadEvery = 7 * time.Millisecond
	// loadSettle is the start of a burst, while bells build up.
	loadSettle = 60 * time.Millisecond
	// loadLeast samples make a measurement; a burst of 400 ms has 48.
	loadLeast = 24
)

// load is the measurement of the running burst.
type load struct {
	next         time.Time // sample, zero none
	hz           float64
	count        int
	volts2, amp2 float64 // sums of squares, V² and mA²
}

// weigh begins to measure with a burst.
func (p *Port) weigh(hz float64, now time.Time) {
	p.load = load{next: now.Add(loadSettle), hz: hz}
}

// measureLoad takes a sample when one is due.
func (p *Port) measureLoad(now time.Time) {
	l := &p.load
	if l.next.IsZero() || now.Before(l.next) {
		return
	}
	l.next = now.Add(loadEvery)
	volts, amps := signedValue(p.read(regLoopVolts), voltStep), signedValue(p.read(regLoopAmps), ampStep)
	l.count++
	l.volts2 += volts * volts
	l.amp2 += amps * amps
}

// weighed ends the measurement with the burst. A burst that a lifted set cut off
// counts for nothing: its loop is no bell.
func (p *Port) weighed(whole bool) {
	l := p.load
	p.load = load{}
	if ren, ok := l.ren(); ok && whole {
		p.service.Remember(func(s *hal.Status) { s.REN = ren })
	}
}

// ren is the load in bells; the steps of the converters add a twelfth of their
// square to the mean squares.
func (l *load) ren() (float64, bool) {
	if l.count < loadLeast {
		return 0, false
	}
	volts := l.volts2/float64(l.count) - voltStep*voltStep/12
	amps := l.amp2/float64(l.count) - ampStep*ampStep/12
	if volts <= 0 {
		return 0, false
	}
	one := math.Hypot(renOhms, 1/(2*math.Pi*l.hz*renFarads))
	return math.Round(10*math.Sqrt(max(amps, 0)/volts)*one/1000) / 10, true
}
