package si3050

import (
	"fmt"
	"time"

	"centralita/hal"
)

// Bounds of dialling by pulses: what exchanges anywhere count, with room.
const (
	pulseDigitsMax = 64
	stretchMin     = 20 * time.Millisecond  // of a break or make
	stretchMax     = 120 * time.Millisecond // longer is a recall
	betweenMin     = 200 * time.Millisecond
	betweenMax     = 3 * time.Second
	// pulseGuard is how long current is not judged after the last pulse.
	pulseGuard = 300 * time.Millisecond
)

// train is dial pulses under way: stretches of open and closed loop in turn,
// beginning with open. Each lasts its time from when the one before really ended,
// so that a late edge does not make the next stretch short.
type train struct {
	stretches []time.Duration
	at        int
	open      bool
	next      time.Time // end of the present stretch, zero when there is no train
	late      time.Duration
}

func (t *train) on() bool { return !t.next.IsZero() }

// Pulse fulfils hal.FXO.
func (p *Port) Pulse(digits string, pulses hal.Pulses) error {
	stretches, err := stretchesOf(digits, pulses)
	if err != nil {
		return fmt.Errorf("si3050: %s: %w", p.Name(), err)
	}
	return p.service.Order(func(now time.Time) {
		h := &p.hook
		if !h.off || !h.flash.IsZero() || h.train.on() {
			return
		}
		p.settleFast()
		h.slow = time.Time{}
		h.train = train{stretches: stretches, next: now}
		whole := time.Duration(0)
		for _, d := range stretches {
			whole += d
		}
		p.line.reset(now.Add(whole + pulseGuard))
	})
}

// stretchesOf lays out a number: as many breaks as the digit says, ten for zero.
func stretchesOf(digits string, p hal.Pulses) ([]time.Duration, error) {
	switch {
	case len(digits) == 0 || len(digits) > pulseDigitsMax:
		return nil, fmt.Errorf("%d digits to dial by pulses; possible are 1..%d", len(digits), pulseDigitsMax)
	case p.Break < stretchMin || p.Break > stretchMax || p.Make < stretchMin || p.Make > stretchMax:
		return nil, fmt.Errorf("pulses of %s and %s; possible are %s..%s", p.Break, p.Make, stretchMin, stretchMax)
	case p.Between < betweenMin || p.Between > betweenMax:
		return nil, fmt.Errorf("%s between digits; possible are %s..%s", p.Between, betweenMin, betweenMax)
	}
	var all []time.Duration
	for _, d := range digits {
		if d < '0' || d > '9' {
			return nil, fmt.Errorf("%q cannot be dialled by pulses", d)
		}
		for range (int(d-'0')+9)%10 + 1 {
			all = append(all, p.Break, p.Make)
		}
		all[len(all)-1] = p.Between
	}
	all[len(all)-1] = p.Make
	return all, nil
}

// stepTrain opens or closes the loop when it is time.
func (p *Port) stepTrain(now time.Time) {
	t := &p.hook.train
	if !t.on() || now.Before(t.next) {
		return
	}
	t.late = max(t.late, now.Sub(t.next))
	if t.at == len(t.stretches) {
		late := t.late
		*t = train{}
		p.restoreSettling()
		p.schedule(now)
		p.service.Tell(hal.Event{Kind: hal.Dialled, At: now, Duration: late})
		return
	}
	t.open = t.at%2 == 0
	p.write(regDAA1, p.hookBits())
	t.next = now.Add(t.stretches[t.at])
	t.at++
}

// Limits of a wetting pulse: shorter is not seen, longer would be a seizure.
const (
	wetMin      = 10 * time.Millisecond
	wetMax      = 30 * time.Millisecond
	wetAfterMax = time.Second
)

// wetting is a short draw of current on an idle line.
type wetting struct {
	on   bool
	d    time.Duration
	next time.Time
}

// Wet fulfils hal.FXO.
func (p *Port) Wet(after, d time.Duration) error {
	if d < wetMin || d > wetMax || after < 0 || after > wetAfterMax {
		return fmt.Errorf("si3050: %s: wetting for %s after %s; possible are %s..%s after at most %s", p.Name(), d, after, wetMin, wetMax, wetAfterMax)
	}
	return p.service.Order(func(now time.Time) {
		if p.hook.off || p.ring.on || p.line.used.is {
			return
		}
		p.settleFast()
		p.hook.wet = wetting{d: d, next: now.Add(after)}
		p.line.reset(now.Add(after + d + releaseGuard))
	})
}

// stepWet begins and ends it.
func (p *Port) stepWet(now time.Time) {
	w := &p.hook.wet
	if w.next.IsZero() || now.Before(w.next) {
		return
	}
	w.on = !w.on
	w.next = time.Time{}
	if w.on {
		w.next = now.Add(w.d)
	}
	p.write(regDAA1, p.hookBits())
	if !w.on {
		p.restoreSettling()
	}
}
