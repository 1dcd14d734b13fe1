package si3210

import (
	"errors"
	"fmt"
	"time"

	"centralita/hal"
	"centralita/hal/chain"
)

const (
	highVolts = 60 // enough for the converter to be called up (AN35)
	riseMax   = 500 * time.Millisecond
	// A converter that has made no stirVolts in stirMax makes none. It is tried again
	// every few seconds; so short a try leaves what is short in it cool.
	stirVolts, stirMax = 10, 80 * time.Millisecond
	calibrateMax       = 2 * time.Second
)

var (
	errNoChip    = errors.New("no chip")
	errNoVoltage = &hal.Trouble{Reason: hal.NoHighVoltage, Text: "no high voltage: 12 V supply, inductor or PCM clock is missing"}
	errCalibrate = errors.New("calibration does not end")
	errGainSteps = errors.New("no gain code stops Q5 and Q6")
	errBalance   = errors.New("longitudinal balance cannot be calibrated")
)

// broughtUp follows each initialisation; a chip that failed is switched off.
func (p *Port) broughtUp(err error, now time.Time) {
	if err != nil {
		p.write(regLinefeed, lfOpen)
		p.write(regPowerDown1, dcOff)
		if lineFault(err) {
			p.suspect = true // the chip is as it was
		} else {
			p.saved = nil // a full calibration next time
		}
		return
	}
	p.saved = p.calibration()
	if p.hook.lifted { // the call is over; a set that is still lifted begins a new one
		p.hook.lifted, p.hook.opening, p.hook.train = false, time.Time{}, train{}
		p.service.Remember(func(s *hal.Status) { s.OffHook = false })
		p.service.Tell(hal.Event{Kind: hal.OnHook, At: now})
	}
	p.hook.blind(now.Add(50 * time.Millisecond)) // the feed has just come
	p.schedule(now)
	p.service.Remember(func(s *hal.Status) { s.Chip = p.chip })
}

// rest leaves the handset quiet: no ringing, feed on, so that a box whose program
// restarts does not cut it off from battery.
func (p *Port) rest() {
	p.ring = ringing{}
	p.write(regRinging, 0)
	p.write(regLinefeed, lfActive)
}

// bringUp is the order of AN35 with the limits drivers in the field keep.
func (p *Port) bringUp(wait chain.Pause) error {
	return p.service.Steps(wait, p.identify, p.prepare, p.powerUp, p.calibrate, p.testPair, p.finish)
}

// identify: register 0 holds part and revision; 0 and 15 mean nobody answers,
// revision A is not usable. Register 11 is 0x33 in every chip we may meet.
func (p *Port) identify(chain.Pause) error {
	mode, hybrid := p.read(regSPIMode), p.read(regHybrid)
	revision := mode & 0x0F
	if hybrid != 0x33 && revision >= 2 && mode != 0xFF { // a spike changed it
		p.write(regHybrid, 0x33)
		hybrid = p.read(regHybrid)
	}
	if revision < 2 || revision == 0x0F || mode == 0xFF || hybrid != 0x33 {
		return fmt.Errorf("%w: reg 0 reads %02x, reg 11 %02x", errNoChip, mode, hybrid)
	}
	part := "Si3210"
	if p.read(regPCMMode)&0x80 != 0 {
		part = "Si3215"
		return fmt.Errorf("%w: it is a %s, whose indirect registers differ", errNoChip, part)
	}
	p.chip = fmt.Sprintf("%s rev %c", part, 'A'+revision-1)
	return nil
}

// prepare: everything off, all coefficients, converter timing.
func (p *Port) prepare(chain.Pause) error {
	p.write(regPowerDown1, dcOff)
	p.write(regLinefeed, lfOpen)
	p.feed = lfOpen
	for _, reg := range []byte{regIntEnable1, regIntEnable2, regIntEnable3} {
		p.write(reg, 0)
	}
	if err := p.loadIndirect(); err != nil {
		return err
	}
	p.write(regLoopback, 0)
	p.write(regEnhance, 0xEB)
	p.write(regAuto, 0x17) // AORD, AOLD, AOPN and SPDS; never ABAT
	p.write(regBattery, 0x01)
	p.write(regDCPeriod, p.chain.opts.Period)
	p.write(regDCDelay, p.chain.opts.Delay)
	p.write(regVBATH, batteryV/voltStep)
	p.write(regVBATL, 0x10)
	p.write(regLoopLimit, 0)
	return nil
}

// powerUp: foreign voltage, converter, leak test, converter again. A chip that
// fell over while it worked has shown all this before.
func (p *Port) powerUp(wait chain.Pause) error {
	if err := p.foreign(); err != nil {
		return err
	}
	if err := p.converterUp(wait); err != nil || p.saved != nil && !p.suspect {
		return err
	}
	p.write(regPowerDown1, dcOff)
	for waited := time.Duration(0); waited < p.timing().LeakTest; waited += chain.Poll {
		if !wait(chain.Poll) {
			return chain.ErrBus
		}
		if float64(p.read(regVBATSense))*senseStep < leakVolts {
			return errLeak
		}
	}
	return p.converterUp(wait)
}

func (p *Port) converterUp(wait chain.Pause) error {
	p.write(regPowerDown1, 0)
	up := func(least float64) func() bool {
		return func() bool {
			v := p.read(regVBATSense)
			return v != 0xFF && float64(v)*senseStep >= least
		}
	}
	if err := p.service.Until(wait, stirMax, errNoVoltage, up(stirVolts)); err != nil {
		return err
	}
	return p.service.Until(wait, riseMax, errNoVoltage, up(highVolts))
}

// finish: filters, detectors, levels, slots, interrupts, feed.
func (p *Port) finish(wait chain.Pause) error {
	for _, f := range filters {
		if err := p.loadOne(f.reg, f.value); err != nil {
			return err
		}
	}
	for _, reg := range []byte{regIntStatus1, regIntStatus2, regIntStatus3} {
		p.write(reg, 0xFF)
	}
	p.write(regPauseDeb, 0x10) // 20 ms: a set lifted between bursts answers at once
	p.write(regLoopDeb, 8)     // 10 ms, so that flash and pulses keep their length
	p.write(regTripDeb, 0x0A)  // 12.5 ms, set by frequency when ringing
	p.volts, p.quietSince = fullFeed, time.Time{}
	p.write(regOnHookV, p.volts)
	p.write(regCommonMode, 0x04) // 6 V
	p.takeWishes()
	p.write(regImpedance, 0x08|p.country.impedance)
	p.write(regHybrid, 0x33)
	p.write(regGain, 0)
	p.write16(regTXS, 16*p.slot+1)
	p.write16(regRXS, 16*p.slot+1)
	p.write(regPCMMode, pcmLinear16)
	p.write(regIntEnable1, ringOver|pauseOver)
	p.write(regIntEnable2, 0xFF)
	p.feed, p.overload, p.trouble = lfActive, overload{}, trouble{}
	p.write(regLinefeed, lfActive)
	if !wait(chain.Poll) {
		return chain.ErrBus
	}
	return nil
}
