package si3050

import (
	"errors"
	"fmt"
	"time"

	"centralita/hal"
	"centralita/hal/chain"
)

const (
	softResetMax = 400 * time.Millisecond
	linkMax      = 2 * time.Second
	// triesEvery keeps a line that heals waiting for less than five seconds.
	triesEvery = 2 * time.Second
)

var (
	errNoChip   = errors.New("no chip")
	errEcho     = errors.New("what is written does not read back")
	errReset    = errors.New("soft reset does not end")
	errLink     = errors.New("the isolation link does not come up: line side or its capacitors are broken")
	errLineSide = errors.New("unknown line side")
)

// broughtUp follows an initialisation or recovery.
func (p *Port) broughtUp(err error, now time.Time) {
	if err != nil {
		return
	}
	p.line.reset(now.Add(releaseGuard))
	p.schedule(now)
	p.service.Remember(func(s *hal.Status) { s.Chip = p.chip })
}

// rest hangs up: a program that ends must not keep lines seized.
func (p *Port) rest() {
	p.hook = hookControl{}
	p.writeHook()
}

// bringUp is the order of drivers in the field, with their limits.
func (p *Port) bringUp(wait chain.Pause) error {
	return p.service.Steps(wait, p.identify, p.softReset, p.configure, p.awaitLink, p.lineSide, p.listen, p.testLine)
}

// relink powers the line side down and up and gives it its registers again.
func (p *Port) relink(wait chain.Pause) error {
	p.write(regDAA2, lineOff)
	if !wait(chain.Poll) {
		return chain.ErrBus
	}
	return p.service.Steps(wait, p.awaitLink, p.lineSide, p.listen, p.testLine)
}

// identify: register 36 holds anything, so it shows that somebody is there.
func (p *Port) identify(chain.Pause) error {
	p.chain.bus.resync()
	for _, echo := range []byte{0x5A, 0xA5} {
		p.write(regRXS, echo)
		if got := p.read(regRXS); got != echo {
			if got == 0xFF {
				return errNoChip
			}
			return fmt.Errorf("%w: reg %d reads %02x after writing %02x", errEcho, regRXS, got, echo)
		}
	}
	return nil
}

// softReset puts every register back, whatever was before; register 2 then reads
// 0x03 in every chip (but for the watchdog, which stays).
func (p *Port) softReset(wait chain.Pause) error {
	p.write(regControl1, softReset)
	if err := p.service.Until(wait, softResetMax, errReset, func() bool { return p.read(regControl1) == 0 }); err != nil {
		return err
	}
	if v := p.read(regControl2); v&^watchdog != 0x03 {
		return fmt.Errorf("%w: reg 2 reads %02x", errNoChip, v)
	}
	return nil
}

// configure is the system side: slots before PCME.
func (p *Port) configure(chain.Pause) error {
	start := 16*p.slot + 1
	for _, reg := range []byte{regTXS, regRXS} {
		p.write(reg, byte(start))
		p.write(reg+1, byte(start>>8))
	}
	p.write(regPCMMode, pcmLinear)
	p.write(regDAA2, 0) // starts the isolation link
	return nil
}

func (p *Port) awaitLink(wait chain.Pause) error {
	p.write(regDAA2, 0)
	err := p.service.Until(wait, linkMax, errLink, func() bool {
		v := p.read(regLink)
		return v != 0xFF && v&linkUp != 0
	})
	if err != nil {
		return err
	}
	versions, line := p.read(regRevisions), p.read(regLineRev)
	if versions>>4 != si3019 {
		return fmt.Errorf("%w %d: a Si3019 is needed, others do not measure the line", errLineSide, versions>>4)
	}
	p.chip = fmt.Sprintf("Si3050 rev %c + Si3019 rev %c", 'A'-1+versions&0x0F, 'A'-1+line>>2&0x0F)
	return nil
}

// lineSide loads what lives beyond the link: termination, ring validation,
// hybrid, gains.
func (p *Port) lineSide(chain.Pause) error {
	c := p.country
	for _, w := range [][2]byte{
		{regIntl1, c.intl1}, {regIntl2, 0}, {regIntl3, fullWave},
		{regRingVal1, 0x0C}, // no delay, RMX 12
		{regRingVal2, c.rto<<3 | c.rcc},
		{regRingVal3, validateRing | 17}, // RAS 17: 15 Hz; with RMX up to 50 Hz
		{regResistCal, 0},
		{regDCTerm, c.dc}, {regDAA5, p.daa5()}, {regSpark, c.spark},
	} {
		p.write(w[0], w[1])
	}
	p.loadBalance()
	p.loadGain()
	return nil
}

// listen goes on-hook with the monitor on and lets the chip interrupt.
func (p *Port) listen(chain.Pause) error {
	p.write(regDAA1, daaMonitor)
	p.write(regIntSource, 0)
	p.write(regIntMask, intRing|intLink|intDrop|intPolarity)
	work := byte(controlWork)
	if p.chain.opts.Watchdog {
		work |= watchdog
	}
	p.write(regControl2, work)
	return nil
}

// recheck is when a line that does not come up is tried again: no try can do harm.
func recheck(error) time.Duration { return triesEvery }
