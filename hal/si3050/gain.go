package si3050

import (
	"fmt"
	"math"
	"time"

	"centralita/hal"
)

// SetGain fulfils hal.Port, in steps of 0.1 dB. Transmit is towards the line and
// receive from it.
func (p *Port) SetGain(play, capture float64) error {
	if err := p.gain.Want(play, capture, hal.GainMaxFXO); err != nil {
		return fmt.Errorf("si3050: %s: %w", p.Name(), err)
	}
	// At once where the port works; else bringing it up, or the next audit, does it.
	_ = p.service.Order(func(time.Time) { p.keepGain() })
	return nil
}

// keepGain gives the chip what is wanted, if that has changed.
func (p *Port) keepGain() {
	if p.gain.Changed() {
		p.loadGain()
	}
}

// loadGain writes registers 38..41: whole dB both ways, then tenths.
func (p *Port) loadGain() {
	g := p.gain.Load()
	play, capture := int(math.Round(10*g.Play)), int(math.Round(10*g.Capture))
	for i, v := range [4]byte{part(play / 10), part(capture / 10), part(play % 10), part(capture % 10)} {
		p.write(regGain+byte(i), v)
	}
}

// part is a number of steps as the registers want it: bit 4 attenuates.
func part(n int) byte {
	if n < 0 {
		return 0x10 | byte(-n)
	}
	return byte(n)
}
