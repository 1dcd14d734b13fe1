package si3050

import (
	"errors"
	"fmt"
	"time"

	"centralita/hal"
)

// strangeMax audits in a row must disagree before a chip is believed to be reset
// or gone: one may be a disturbed transfer.
const strangeMax = 3

var (
	errWasReset = errors.New("the chip was reset by itself")
	errSilent   = errors.New("the chip does not answer")
	errLinkLost = errors.New("the isolation link was lost, as by a surge")
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
	p.stepHook(now)
	if !now.Before(p.audit) {
		p.check(now)
	}
}

// due is when turn wants to be called next.
func (p *Port) due() time.Time {
	switch {
	case p.up != nil:
		return p.up.wake
	case !p.ready && p.retry.IsZero():
		return time.Now().Add(time.Hour)
	case !p.ready:
		return p.retry
	}
	return p.hook.due(p.audit)
}

// schedule sets the next audit: close while anything goes on.
func (p *Port) schedule(now time.Time) {
	every := auditEvery
	if p.hook.off || p.ring.on || p.line.unsure() || now.Sub(p.ring.wave) < time.Second {
		every = busyEvery
	}
	p.audit = now.Add(every)
}

// interrupt reads and clears what the chip has to say: zeros clear.
func (p *Port) interrupt(now time.Time) {
	source := p.read(regIntSource)
	if source == 0 || p.chain.bus.err != nil {
		return
	}
	p.write(regIntSource, ^source)
	if !p.ready || source == 0xFF {
		return
	}
	if source&intLink != 0 && p.read(regLink)&linkUp == 0 {
		p.lostLink(now)
		return
	}
	if source&intRing != 0 {
		p.ringInterrupt(now)
	}
	p.check(now) // polarity and drop-out are judged by what is measured
}

// check is the audit: is the chip still the one we set up, and what does the
// line say?
func (p *Port) check(now time.Time) {
	defer p.schedule(now)
	hook, power, mode := p.read(regDAA1), p.read(regDAA2), p.read(regPCMMode)
	if p.chain.bus.err != nil {
		return
	}
	if power != 0 || mode != pcmLinear {
		p.doubt(power == 0xFF && mode == 0xFF, now)
		return
	}
	if p.read(regLink)&linkUp == 0 {
		if p.strange++; p.strange >= strangeMax {
			p.lostLink(now)
		}
		return
	}
	if hook&(daaMonitor|daaOffHook) != p.hookBits() {
		p.strange++
		p.writeHook() // a disturbed transfer, or the chip's watchdog
		return
	}
	p.strange = 0
	p.watchRing(hook, now)
	p.superviseLine(now)
}

// doubt counts unbelievable answers and begins again when there are too many.
func (p *Port) doubt(silent bool, now time.Time) {
	if p.strange++; p.strange < strangeMax {
		return
	}
	err := errWasReset
	if silent {
		err = errSilent
	}
	p.fail(err, now)
	p.begin(now)
}

// lostLink begins the recovery of the line side.
func (p *Port) lostLink(now time.Time) {
	p.fail(errLinkLost, now)
	p.beginWith(p.relink, now)
}

// fail takes the port out of service and tells so, once until it has recovered.
func (p *Port) fail(err error, now time.Time) {
	err = fmt.Errorf("si3050: %s: %w", p.name, err)
	p.endRing(now)
	p.ready, p.strange = false, 0
	p.hook = hookControl{}
	p.remember(func(s *hal.Status) {
		s.Ready, s.OffHook, s.Ringing, s.Fault = false, false, false, err.Error()
	})
	if !p.faulty {
		p.faulty = true
		p.tell(hal.Event{Kind: hal.Fault, At: now, Err: err})
	}
}
