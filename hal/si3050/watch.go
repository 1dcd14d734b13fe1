package si3050

import (
	"errors"
	"time"

	"centralita/hal"
)

var errLinkLost = errors.New("the isolation link was lost, as by a surge")

// schedule sets the next audit: close while anything goes on.
func (p *Port) schedule(now time.Time) {
	p.service.Schedule(now, p.hook.off || p.ring.on || p.line.unsure() || now.Sub(p.ring.wave) < time.Second)
}

// interrupt reads and clears what the chip has to say: zeros clear.
func (p *Port) interrupt(now time.Time) {
	source := p.read(regIntSource)
	if source == 0 || p.chain.bus.err != nil {
		return
	}
	p.write(regIntSource, ^source)
	if !p.service.Ready() || source == 0xFF {
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
	if p.hook.train.on() || p.hook.wet.on {
		return // the hook is moved to the millisecond
	}
	hook, power, mode := p.read(regDAA1), p.read(regDAA2), p.read(regPCMMode)
	if p.chain.bus.err != nil {
		return
	}
	if power != 0 || mode != pcmLinear {
		p.chain.bus.resync() // a disturbed control byte leaves chips a byte or two behind
		p.service.Doubt(power == 0xFF && mode == 0xFF, now)
		return
	}
	if p.read(regLink)&linkUp == 0 {
		if p.service.Strange() {
			p.lostLink(now)
		}
		return
	}
	if hook&(daaMonitor|daaOffHook) != p.hookBits() {
		p.service.Strange()
		p.writeHook() // a disturbed transfer, or the chip's watchdog
		return
	}
	p.service.Trust()
	p.shadow.Keep()
	p.keepGain()
	p.keepBalance()
	p.watchRing(hook, now)
	p.superviseLine(now)
}

// lostLink begins the recovery of the line side.
func (p *Port) lostLink(now time.Time) { p.service.Recover(errLinkLost, p.relink, now) }

// fallen ends the ring and the call of a port that leaves service.
func (p *Port) fallen(now time.Time) {
	p.endRing(now)
	p.hook = hookControl{}
	p.ring.hz = ringHz{}
	if p.line.used.is { // who was told must not believe it for ever
		p.tellUse(false, now)
	}
	p.line.used = lasting{}
	p.service.Remember(func(s *hal.Status) { s.OffHook, s.InUse = false, false })
}
