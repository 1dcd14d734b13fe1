package si3210

import (
	"errors"
	"fmt"
	"time"

	"centralita/hal"
)

const (
	// alarmsMax power alarms are answered by feeding again; then the port is given
	// up. One is forgiven per alarmForgiven.
	alarmsMax     = 10
	alarmForgiven = 10 * time.Second
	// strangeMax audits in a row must disagree before a chip is believed to be
	// reset or gone: one may be a disturbed transfer.
	strangeMax = 3
)

var (
	errWasReset   = errors.New("the chip was reset by itself")
	errSilent     = errors.New("the chip does not answer")
	errPowerAlarm = errors.New("the line draws too much power: short or foreign voltage")
)

// turn is everything due on a port.
func (p *Port) turn(now time.Time) {
	if p.up != nil {
		if p.up.turn(now) {
			p.broughtUp(now)
		}
		return
	}
	if !p.ready {
		if !p.retry.IsZero() && !now.Before(p.retry) {
			p.begin(now)
		}
		return
	}
	p.stepRing(now)
	p.applyFeed(now) // a break may be over
	if !now.Before(p.audit) {
		p.look(now)
		p.check(now)
		p.schedule(now)
	}
}

// due is when turn wants to be called next.
func (p *Port) due() time.Time {
	switch {
	case p.up != nil:
		return p.up.wake
	case !p.ready:
		return p.retry0()
	}
	due := p.audit
	if p.ring.on && !p.ring.chip && p.ring.until.Before(due) {
		due = p.ring.until
	}
	if p.feed == lfOpen && p.broken.Before(due) {
		due = p.broken
	}
	return due
}

// retry0 is the next try, or far away.
func (p *Port) retry0() time.Time {
	if p.retry.IsZero() {
		return time.Now().Add(time.Hour)
	}
	return p.retry
}

// schedule sets the next audit: close while somebody is on the port.
func (p *Port) schedule(now time.Time) {
	every := auditEvery
	if p.hook.busy() || p.ring.on {
		every = busyEvery
	}
	p.audit = now.Add(every)
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
	if !p.ready || p.chain.bus.err != nil {
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
	e := p.hook.see(closed, now)
	if e.Kind == 0 {
		return
	}
	if e.Kind == hal.OffHook {
		p.stopRing(now)
	}
	p.applyFeed(now)
	if p.hook.lifted && p.feed&3 == lfActive {
		p.write(regLinefeed, p.feed) // LF must agree with what the chip did by itself
	}
	p.remember(func(s *hal.Status) { s.OffHook = p.hook.lifted })
	p.tell(e)
}

// check is the audit: is the chip still the one we set up, and does it feed?
func (p *Port) check(now time.Time) {
	loopback, mode, feed := p.read(regLoopback), p.read(regPCMMode), p.read(regLinefeed)
	if p.chain.bus.err != nil {
		return
	}
	if loopback != 0 || mode != pcmLinear16 || feed&7 != p.feed && !p.ring.on && !p.hook.lifted {
		p.doubt(loopback, now)
		return
	}
	p.strange = 0
	if feed>>4&7 == lfOpen && p.feed != lfOpen {
		p.powerAlarm(now)
		return
	}
	if p.alarms > 0 && now.After(p.forgive) {
		p.alarms--
		p.forgive = now.Add(alarmForgiven)
	}
	volts, amps := signedValue(p.read(regLoopVolts), voltStep), signedValue(p.read(regLoopAmps), ampStep)
	p.remember(func(s *hal.Status) {
		s.Volts, s.MilliAmp, s.Ringing, s.Reversed = volts, max(amps, -amps), p.ring.on, p.reversed
	})
}

// doubt counts unbelievable answers and begins again when there are too many.
func (p *Port) doubt(loopback byte, now time.Time) {
	if p.strange++; p.strange < strangeMax {
		p.write(regLinefeed, p.feed)
		return
	}
	err := errWasReset
	if loopback == 0xFF {
		err = errSilent
	}
	p.fail(err, now)
	p.begin(now)
}

func (p *Port) powerAlarm(now time.Time) {
	p.forgive = now.Add(alarmForgiven)
	if p.alarms++; p.alarms < alarmsMax {
		p.write(regLinefeed, p.feed)
		return
	}
	p.write(regLinefeed, lfOpen)
	p.fail(errPowerAlarm, now)
	p.retry = now.Add(retryLong)
}

// fail takes the port out of service and tells so, once until it has recovered.
func (p *Port) fail(err error, now time.Time) {
	err = fmt.Errorf("si3210: %s: %w", p.name, err)
	p.stopRing(now)
	p.ready, p.strange, p.broken = false, 0, time.Time{}
	p.transmit, p.reversed = false, false
	p.remember(func(s *hal.Status) { s.Ready, s.Ringing, s.Fault = false, false, err.Error() })
	if !p.faulty {
		p.faulty = true
		p.tell(hal.Event{Kind: hal.Fault, At: now, Err: err})
	}
}

func (p *Port) remember(change func(*hal.Status)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.status)
}

// signedValue reads sign and six bits.
func signedValue(v byte, step float64) float64 {
	f := float64(v&0x3F) * step
	if v&0x40 != 0 {
		return -f
	}
	return f
}
