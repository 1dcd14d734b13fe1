package si3210

import (
	"fmt"
	"math"
	"time"

	"centralita/hal"
)

// The codec's two digital gains are linear coefficients of which 0x4000 is 0 dB and
// 0x7FF0 is +6 dB. The analog gain of register 9 stays at 0 dB, for it moves the
// clipping point.

// SetGain fulfils hal.Port.
func (p *Port) SetGain(play, capture float64) error {
	if err := p.gain.Want(play, capture, hal.GainMaxFXS); err != nil {
		return fmt.Errorf("si3210: %s: %w", p.Name(), err)
	}
	// At once where the port works; else bringing it up, or the next audit, does it.
	_ = p.order(func(time.Time) { p.keepGain() })
	return nil
}

// keepGain gives the chip what is wanted, if that has changed.
func (p *Port) keepGain() {
	if !p.gain.Changed() {
		return
	}
	was := p.gain.Loaded()
	p.gain.Load()
	for _, reg := range []byte{irDACG, irADCG} {
		v, _ := p.coefficient(reg)
		if err := p.loadOne(reg, v); err != nil {
			p.gain.Refused(was)
			return
		}
	}
}

// coefficient is what an indirect register of gain has to hold.
func (p *Port) coefficient(reg byte) (v uint16, ok bool) {
	db := p.gain.Loaded().Play
	switch reg {
	case irDACG:
	case irADCG:
		db = p.gain.Loaded().Capture
	default:
		return 0, false
	}
	return uint16(min(math.Round(0x4000*math.Pow(10, db/20)), 0x7FF0)), true
}
