package si3050

import (
	"fmt"
	"math"
	"sync"
	"time"

	"centralita/hal"
)

// gain is how loud the codec passes sound, in tenths of a dB. Transmit is towards
// the line and receive from it.
type gain struct {
	mu     sync.Mutex
	wanted levels // 0 dB both before anybody asked
	loaded levels // what the chip was given; of the chain's goroutine
}

// levels are in tenths of a dB.
type levels struct{ play, capture int }

// SetGain fulfils hal.Port, in steps of 0.1 dB.
func (p *Port) SetGain(play, capture float64) error {
	for _, db := range [2]float64{play, capture} {
		if !(db >= hal.GainMin && db <= hal.GainMaxFXO) { // a NaN, too, is refused
			return fmt.Errorf("si3050: %s: gain of %g dB; possible are %g..%g", p.Name(), db, hal.GainMin, hal.GainMaxFXO)
		}
	}
	p.gain.mu.Lock()
	p.gain.wanted = levels{int(math.Round(10 * play)), int(math.Round(10 * capture))}
	p.gain.mu.Unlock()
	// At once where the port works; else bringing it up, or the next audit, does it.
	_ = p.service.Order(func(time.Time) { p.keepGain() })
	return nil
}

// keepGain gives the chip what is wanted, if that has changed.
func (p *Port) keepGain() {
	p.gain.mu.Lock()
	same := p.gain.wanted == p.gain.loaded
	p.gain.mu.Unlock()
	if !same {
		p.loadGain()
	}
}

// loadGain writes registers 38..41: whole dB both ways, then tenths.
func (p *Port) loadGain() {
	p.gain.mu.Lock()
	p.gain.loaded = p.gain.wanted
	p.gain.mu.Unlock()
	g := p.gain.loaded
	for i, v := range [4]byte{part(g.play / 10), part(g.capture / 10), part(g.play % 10), part(g.capture % 10)} {
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
