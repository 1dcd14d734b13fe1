package si3050

import (
	"errors"
	"fmt"
	"time"

	"centralita/hal"
)

const (
	retrySoon = 2 * time.Second
	retryLong = time.Minute
	triesMax  = 3 // at retrySoon, then once a minute

	poll         = 10 * time.Millisecond
	softResetMax = 400 * time.Millisecond
	linkMax      = 2 * time.Second
)

var (
	errNoChip   = errors.New("no chip")
	errEcho     = errors.New("what is written does not read back")
	errReset    = errors.New("soft reset does not end")
	errLink     = errors.New("the isolation link does not come up: line side or its capacitors are broken")
	errLineSide = errors.New("unknown line side")
	errBus      = errors.New("the bus failed")
)

// begin starts the initialisation.
func (p *Port) begin(now time.Time) { p.beginWith(p.bringUp, now) }

func (p *Port) beginWith(f func(pause) error, now time.Time) {
	if p.up != nil {
		p.up.stop()
	}
	p.ready, p.retry = false, time.Time{}
	p.up = newTask(f)
	p.up.wake = now
}

// abandon hangs up and stops what is under way when the chain stops.
func (p *Port) abandon() {
	if p.up != nil {
		p.up.stop()
		p.up = nil
	}
	if p.ready {
		p.hook = hookControl{}
		p.write(regDAA1, daaMonitor)
	}
	p.ready = false
	p.remember(func(s *hal.Status) { s.Ready, s.OffHook, s.Ringing, s.Fault = false, false, false, "not started" })
}

// broughtUp tells how the initialisation ended.
func (p *Port) broughtUp(now time.Time) {
	err := p.up.err
	p.up = nil
	if err == nil {
		p.ready, p.faulty, p.tries, p.strange = true, false, 0, 0
		p.line.reset(now.Add(releaseGuard))
		p.schedule(now)
		p.remember(func(s *hal.Status) { s.Ready, s.Fault, s.Chip = true, "", p.chip })
		p.tell(hal.Event{Kind: hal.Recovered, At: now})
		return
	}
	p.fail(err, now)
	p.tries++
	p.retry = now.Add(retrySoon)
	if p.tries >= triesMax {
		p.retry = now.Add(retryLong)
	}
}

// bringUp is the order of drivers in the field, with their limits.
func (p *Port) bringUp(wait pause) error {
	for _, step := range []func(pause) error{p.identify, p.softReset, p.configure, p.awaitLink, p.lineSide, p.listen} {
		if err := step(wait); err != nil {
			return err
		}
		if p.chain.bus.err != nil {
			return errBus
		}
	}
	return nil
}

// relink powers the line side down and up and gives it its registers again.
func (p *Port) relink(wait pause) error {
	p.write(regDAA2, lineOff)
	if !wait(poll) {
		return errBus
	}
	for _, step := range []func(pause) error{p.awaitLink, p.lineSide, p.listen} {
		if err := step(wait); err != nil {
			return err
		}
	}
	return nil
}

// identify: register 36 holds anything, so it shows that somebody is there.
func (p *Port) identify(pause) error {
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
func (p *Port) softReset(wait pause) error {
	p.write(regControl1, softReset)
	if err := p.until(wait, softResetMax, errReset, func() bool { return p.read(regControl1) == 0 }); err != nil {
		return err
	}
	if v := p.read(regControl2); v&^watchdog != 0x03 {
		return fmt.Errorf("%w: reg 2 reads %02x", errNoChip, v)
	}
	return nil
}

// configure is the system side: slots before PCME.
func (p *Port) configure(pause) error {
	start := 16*p.slot + 1
	for _, reg := range []byte{regTXS, regRXS} {
		p.write(reg, byte(start))
		p.write(reg+1, byte(start>>8))
	}
	p.write(regPCMMode, pcmLinear)
	p.write(regDAA2, 0) // starts the isolation link
	return nil
}

func (p *Port) awaitLink(wait pause) error {
	p.write(regDAA2, 0)
	err := p.until(wait, linkMax, errLink, func() bool {
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
// hybrid, gains at 0 dB.
func (p *Port) lineSide(pause) error {
	c := p.country
	for _, w := range [][2]byte{
		{regIntl1, c.intl1}, {regIntl2, 0}, {regIntl3, fullWave},
		{regRingVal1, 0x0C}, // no delay, RMX 12
		{regRingVal2, c.rto<<3 | c.rcc},
		{regRingVal3, validateRing | 17}, // RAS 17: 15 Hz; with RMX up to 50 Hz
		{regResistCal, 0},
		{regDCTerm, c.dc}, {regACTerm, c.ac}, {regDAA5, p.daa5()}, {regSpark, c.spark},
	} {
		p.write(w[0], w[1])
	}
	for reg := byte(regHybrid); reg < regHybrid+8; reg++ {
		p.write(reg, 0)
	}
	for reg := byte(regGain); reg < regGain+4; reg++ {
		p.write(reg, 0)
	}
	return nil
}

// listen goes on-hook with the monitor on and lets the chip interrupt.
func (p *Port) listen(pause) error {
	p.write(regDAA1, daaMonitor)
	p.write(regIntSource, 0)
	p.write(regIntMask, intRing|intLink|intDrop|intPolarity)
	work := byte(controlWork)
	if p.chain.opts.Watchdog {
		work |= watchdog
	}
	p.write(regControl2, work)
	if p.chain.bus.err != nil {
		return errBus
	}
	return nil
}

// until polls.
func (p *Port) until(wait pause, limit time.Duration, late error, done func() bool) error {
	for waited := time.Duration(0); !done(); waited += poll {
		if p.chain.bus.err != nil {
			return errBus
		}
		if waited >= limit {
			return late
		}
		if !wait(poll) {
			return errBus
		}
	}
	return nil
}
