package si3210

import (
	"fmt"
	"math"
	"sync"
	"time"

	"centralita/hal"
)

// gain is how loud the codec passes sound, by its two digital gains: linear
// coefficients of which 0x4000 is 0 dB and 0x7FF0 is +6 dB. The analog gain of
// register 9 stays at 0 dB, for it moves the clipping point.
type gain struct {
	mu     sync.Mutex
	wanted levels // 0 dB both before anybody asked
	loaded levels // what the chip was given; of the chain's goroutine
}

// levels are in dB.
type levels struct{ play, capture float64 }

// SetGain fulfils hal.Port.
func (p *Port) SetGain(play, capture float64) error {
	for _, db := range [2]float64{play, capture} {
		if !(db >= hal.GainMin && db <= hal.GainMaxFXS) { // a NaN, too, is refused
			return fmt.Errorf("si3210: %s: gain of %g dB; possible are %g..%g", p.Name(), db, hal.GainMin, hal.GainMaxFXS)
		}
	}
	p.gain.mu.Lock()
	p.gain.wanted = levels{play, capture}
	p.gain.mu.Unlock()
	// At once where the port works; else bringing it up, or the next audit, does it.
	_ = p.order(func(time.Time) { p.keepGain() })
	return nil
}

// load takes what is wanted as what the chip is about to be given.
func (g *gain) load() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.loaded = g.wanted
}

// keepGain gives the chip what is wanted, if that has changed.
func (p *Port) keepGain() {
	was := p.gain.loaded
	if p.gain.load(); p.gain.loaded == was {
		return
	}
	for _, reg := range []byte{irDACG, irADCG} {
		v, _ := p.gain.coefficient(reg)
		if err := p.loadOne(reg, v); err != nil {
			p.gain.loaded = was // the next audit tries again
			return
		}
	}
}

// coefficient is what an indirect register of gain has to hold.
func (g *gain) coefficient(reg byte) (v uint16, ok bool) {
	db := g.loaded.play
	switch reg {
	case irDACG:
	case irADCG:
		db = g.loaded.capture
	default:
		return 0, false
	}
	return uint16(min(math.Round(0x4000*math.Pow(10, db/20)), 0x7FF0)), true
}
