package si3050

import (
	"math"
	"time"

	"centralita/hal"
)

// What lasts how long before it is believed.
const (
	noBatteryV  = 3                      // below it the wire is cut
	noBatteryIn = 600 * time.Millisecond // exchanges drop the battery for up to 250 ms
	batteryIn   = 100 * time.Millisecond // back
	polarityIn  = 80 * time.Millisecond  // ring and hook changes flip the sign for 40 ms
	noCurrent   = 3                      // counts of LCS2
	noCurrentIn = 80 * time.Millisecond
	currentIn   = 20 * time.Millisecond
)

// lasting believes a condition once it has stood for a time.
type lasting struct {
	is    bool
	since time.Time // when the other state was first seen, zero when it is not
}

// see takes what is measured and tells when that has changed for good, and since
// when.
func (l *lasting) see(now time.Time, is bool, patience time.Duration) (changed bool, since time.Time) {
	if is == l.is {
		l.since = time.Time{}
		return false, now
	}
	if l.since.IsZero() {
		l.since = now
	}
	if now.Sub(l.since) < patience {
		return false, now
	}
	since = l.since
	l.is, l.since = is, time.Time{}
	return true, since
}

// supervision is what the exchange tells by voltage and current.
type supervision struct {
	blind    time.Time // nothing is judged before
	dead     lasting   // on-hook without voltage
	reversed lasting
	open     lasting // off-hook without current
	opened   time.Time
	danger   lasting   // voltage or current that no exchange gives
	known    bool      // polarity was seen once
	turned   time.Time // last reversal of the line at rest that was not of our release
	released time.Time
	used     lasting // another telephone is off-hook
	company  company
}

// reset forgets what was about to be believed, and judges nothing until then. A
// loop that was open is closed as far as anybody cares.
func (s *supervision) reset(until time.Time) {
	s.blind = until
	s.dead.since, s.reversed.since, s.used.since = time.Time{}, time.Time{}, time.Time{}
	s.danger = lasting{}
	s.open = lasting{}
	s.company.ours, s.company.looks = 0, 0
}

// unsure tells that something is about to be believed and needs close looks.
func (s *supervision) unsure() bool {
	return !s.dead.since.IsZero() || !s.reversed.since.IsZero() || !s.open.since.IsZero() || !s.used.since.IsZero() || !s.danger.since.IsZero()
}

// superviseLine measures and tells what changed.
func (p *Port) superviseLine(now time.Time) {
	volts := float64(int8(p.read(regLVS)))
	current := p.read(regLCS2)
	if p.chain.bus.err != nil {
		return
	}
	p.service.Remember(func(s *hal.Status) { s.Volts, s.MilliAmp = volts, float64(current)*ampStep })
	if p.ring.on || now.Before(p.line.blind) || now.Sub(p.ring.wave) < releaseGuard {
		return
	}
	if p.dangerous(volts, float64(current)*ampStep, now) {
		return
	}
	if p.hook.off {
		p.superviseLoop(current < noCurrent, now)
		p.superviseShare(float64(current), now)
	} else {
		p.superviseBattery(math.Abs(volts) < noBatteryV, now)
		p.superviseUse(math.Abs(volts), now)
	}
	if math.Abs(volts) >= noBatteryV {
		p.supervisePolarity(volts < 0, now)
	} else {
		p.line.reversed.since = time.Time{}
	}
}

func (p *Port) superviseLoop(open bool, now time.Time) {
	patience := noCurrentIn
	if !open {
		patience = currentIn
	}
	changed, since := p.line.open.see(now, open, patience)
	switch {
	case changed && open:
		p.line.opened = since
		p.service.Tell(hal.Event{Kind: hal.LoopOpen, At: since})
	case changed:
		p.line.company.ours, p.line.company.looks = 0, 0
		p.service.Tell(hal.Event{Kind: hal.LoopClosed, At: since, Duration: since.Sub(p.line.opened)})
	}
}

func (p *Port) superviseBattery(dead bool, now time.Time) {
	patience := noBatteryIn
	if !dead {
		patience = batteryIn
	}
	changed, since := p.line.dead.see(now, dead, patience)
	switch {
	case changed && dead:
		p.service.Tell(hal.Event{Kind: hal.BatteryLost, At: since})
	case changed:
		p.service.Tell(hal.Event{Kind: hal.BatteryBack, At: since})
	}
}

// supervisePolarity learns the polarity of the line at rest without telling; the
// wires may have been crossed by the installer.
func (p *Port) supervisePolarity(reversed bool, now time.Time) {
	if !p.line.known {
		p.line.known, p.line.reversed = true, lasting{is: reversed}
		p.service.Remember(func(s *hal.Status) { s.Reversed = reversed })
		return
	}
	if changed, since := p.line.reversed.see(now, reversed, polarityIn); changed {
		p.line.company.ours, p.line.company.looks = 0, 0 // the feed may be another
		if !p.hook.off && now.Sub(p.line.released) > turnsBack {
			p.line.turned = since
		}
		p.service.Remember(func(s *hal.Status) { s.Reversed = reversed })
		p.service.Tell(hal.Event{Kind: hal.Polarity, At: since, Reversed: reversed})
	}
}
