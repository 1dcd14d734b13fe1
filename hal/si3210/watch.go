package si3210

import (
	"time"

	"centralita/hal"
)

// step does what is due while the port works.
func (p *Port) step(now time.Time) {
	p.stepRing(now)
	p.measureLoad(now)
	p.hooked(p.hook.pass(now), now)
	p.afterOverload(now)
	p.applyFeed(now) // a break may be over
}

// audit looks at everything.
func (p *Port) audit(now time.Time) {
	p.look(now)
	p.check(now)
	p.schedule(now)
}

// due is the next moment of the port.
func (p *Port) due(due time.Time) time.Time {
	if p.ring.on && !p.ring.chip && p.ring.until.Before(due) {
		due = p.ring.until
	}
	if p.feed == lfOpen && p.broken.After(p.overload.until) && p.broken.Before(due) {
		due = p.broken
	}
	for _, at := range []time.Time{p.hook.due(), p.load.next, p.overload.until} {
		if !at.IsZero() && at.Before(due) {
			due = at
		}
	}
	return due
}

// schedule sets the next audit: close while somebody is on the port.
func (p *Port) schedule(now time.Time) {
	p.service.Schedule(now, p.hook.busy() || p.ring.on)
}

// interrupt reads and clears what the chip has to say.
func (p *Port) interrupt(now time.Time) {
	var status [3]byte
	for i := range status {
		reg := byte(regIntStatus1 + i)
		status[i] = p.read(reg)
		if status[i] != 0 {
			p.write(reg, status[i])
		}
	}
	if !p.service.Ready() || p.chain.bus.err != nil {
		return
	}
	if p.ring.chip {
		switch {
		case status[0]&ringOver != 0:
			p.setBurst(false, now)
		case status[0]&pauseOver != 0:
			p.setBurst(true, now)
		}
	}
	if status[1]&powerAlarms != 0 {
		p.overloaded(now)
	}
	p.look(now)
	p.schedule(now)
}

// look reads the detectors and the real linefeed state and tells what changed.
func (p *Port) look(now time.Time) {
	detect, feed := p.read(regDetect), p.read(regLinefeed)
	if p.chain.bus.err != nil || detect == 0xFF {
		return
	}
	state := feed >> 4 & 7
	closed := detect&detLCR != 0
	if p.ring.on {
		// The chip goes active by itself when the set is lifted (AORD, AOLD).
		closed = closed || detect&detRTP != 0 || state == lfActive && p.feed != lfActive
	}
	p.hooked(p.hook.see(closed, now), now)
}

// hooked does what a movement of the hook asks for, and tells it.
func (p *Port) hooked(e hal.Event, now time.Time) {
	switch e.Kind {
	case 0:
		return
	case hal.OffHook:
		p.stopRing(now)
	case hal.OnHook:
		p.park(false)
	}
	p.applyFeed(now)
	if p.hook.lifted && p.feed&3 == lfActive {
		p.write(regLinefeed, p.feed) // LF must agree with what the chip did by itself
	}
	p.service.Remember(func(s *hal.Status) { s.OffHook = p.hook.lifted })
	p.service.Tell(e)
}

// check is the audit: is the chip still the one we set up, and does it feed?
func (p *Port) check(now time.Time) {
	loopback, mode, feed := p.read(regLoopback), p.read(regPCMMode), p.read(regLinefeed)
	if p.chain.bus.err != nil {
		return
	}
	if loopback != 0 || mode != pcmLinear16 || feed&7 != p.feed && !p.ring.on && !p.hook.lifted {
		if !p.service.Doubt(loopback == 0xFF, now) {
			p.write(regLinefeed, p.feed)
		}
		return
	}
	p.service.Trust()
	p.shadow.Keep()
	p.keepGain()
	p.keepWishes()
	if feed>>4&7 == lfOpen && p.feed != lfOpen {
		p.overloaded(now)
		return
	}
	p.overload.forgive(now)
	p.keepFeed(now)
	volts, amps := signedValue(p.read(regLoopVolts), voltStep), signedValue(p.read(regLoopAmps), ampStep)
	p.service.Remember(func(s *hal.Status) {
		s.Ringing, s.Reversed = p.ring.on, p.reversed
		if !p.ring.burst { // in a burst both are of a moment
			s.Volts, s.MilliAmp = volts, max(amps, -amps)
		}
	})
	p.lookForTrouble(volts, amps, now)
}

// fallen ends what was going on when the port leaves service.
func (p *Port) fallen(now time.Time) {
	p.stopRing(now)
	p.broken, p.transmit, p.reversed, p.parked = time.Time{}, false, false, false
	p.load = load{}
}

// signedValue reads sign and six bits.
func signedValue(v byte, step float64) float64 {
	f := float64(v&0x3F) * step
	if v&0x40 != 0 {
		return -f
	}
	return f
}
