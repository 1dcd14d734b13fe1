package si3210

import (
	"fmt"

	"centralita/hal/chain"
)

// calibrated registers are kept for a chip that is reset by itself.
const (
	firstKept = regRingGain
	lastKept  = regPeakCal
)

// calibrate runs the three calibrations of AN35, or restores the last one.
func (p *Port) calibrate(wait chain.Pause) error {
	if p.saved != nil {
		for i, v := range p.saved {
			p.write(firstKept+byte(i), v)
		}
		return nil
	}
	for _, step := range []func(chain.Pause) error{p.calibrateAll, p.searchGains, p.balance, p.monitor} {
		if err := step(wait); err != nil {
			return err
		}
	}
	// Scratch registers of the filters must begin at zero.
	for reg := 88; reg <= 211; reg++ {
		if reg <= 95 || reg == 97 || reg >= 194 {
			p.writeIndirect(byte(reg), 0)
		}
	}
	return nil
}

// calibration reads what is worth keeping.
func (p *Port) calibration() []byte {
	kept := make([]byte, 0, lastKept-firstKept+1)
	for reg := byte(firstKept); reg <= lastKept; reg++ {
		kept = append(kept, p.read(reg))
	}
	if p.chain.bus.err != nil {
		return nil
	}
	return kept
}

// calibrateAll is everything but the tip and ring gains, with short settling:
// the converter has been up for a while.
func (p *Port) calibrateAll(wait chain.Pause) error {
	p.write(regCalibrate2, 0x1E)
	p.write(regCalibrate1, calStart|calShort|0x07)
	return p.calibrated(wait)
}

func (p *Port) calibrated(wait chain.Pause) error {
	return p.service.Until(wait, calibrateMax, errCalibrate, func() bool {
		return p.read(regCalibrate1)&calStart == 0
	})
}

// searchGains lowers the ring and tip gain codes until no current flows in Q5
// and Q6; mandatory with a Si3201. Both are independent and searched at once.
func (p *Port) searchGains(wait chain.Pause) error {
	ring, tip := false, false
	for code := byte(0x1F); code > 0; code-- {
		if !ring {
			p.write(regRingGain, code)
		}
		if !tip {
			p.write(regTipGain, code)
		}
		if !wait(p.timing().Search) {
			return chain.ErrBus
		}
		ring = ring || p.read(regQ5) == 0
		tip = tip || p.read(regQ6) == 0
		if ring && tip {
			return nil
		}
	}
	return fmt.Errorf("%w: ring found %t, tip found %t", errGainSteps, ring, tip)
}

// balance needs the telephone on-hook; with a lifted one it is left at its reset
// value, which costs some immunity to hum until the next start.
func (p *Port) balance(wait chain.Pause) error {
	p.write(regLinefeed, lfActive)
	if !wait(p.timing().Balance) {
		return chain.ErrBus
	}
	lifted := p.read(regDetect)&detLCR != 0
	p.write(regLinefeed, lfOpen)
	if lifted {
		return nil
	}
	p.write(regIntEnable3, balanceError)
	p.write(regCalibrate2, 0x01)
	p.write(regCalibrate1, calStart|calShort)
	if err := p.calibrated(wait); err != nil {
		return err
	}
	failed := p.read(regIntStatus3)&balanceError != 0
	p.write(regIntStatus3, 0xFF)
	p.write(regIntEnable3, 0)
	if failed {
		return errBalance
	}
	return nil
}

// monitor calibrates the converter's current monitor; register 107 must come out
// between 2 and 13, else 8 is the best guess.
func (p *Port) monitor(wait chain.Pause) error {
	p.write(regDCDelay, p.chain.opts.Delay|0x80)
	if err := p.service.Until(wait, calibrateMax, errCalibrate, func() bool { return p.read(regDCDelay)&0x80 == 0 }); err != nil {
		return err
	}
	if v := p.read(regPeakCal); v < 2 || v > 13 {
		p.write(regPeakCal, 8)
	}
	return nil
}
