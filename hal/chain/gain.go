package chain

import (
	"fmt"
	"sync"

	"centralita/hal"
)

// Levels are the gains of a codec in dB: what is played towards the wire, and what
// is captured from it.
type Levels struct{ Play, Capture float64 }

// Gain is how loud a codec is to pass sound, 0 dB both before anybody asked. Want
// may be called by anybody, the rest by what Serve calls.
type Gain struct {
	mu     sync.Mutex
	wanted Levels
	loaded Levels // what the chip was given
}

// Want takes a wish between hal.GainMin and most; a NaN, too, is refused.
func (g *Gain) Want(play, capture, most float64) error {
	for _, db := range [2]float64{play, capture} {
		if !(db >= hal.GainMin && db <= most) {
			return fmt.Errorf("gain of %g dB; possible are %g..%g", db, hal.GainMin, most)
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wanted = Levels{play, capture}
	return nil
}

// Changed tells that the chip has not been given what is wanted.
func (g *Gain) Changed() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.wanted != g.loaded
}

// Load takes what is wanted as what the chip is about to be given.
func (g *Gain) Load() Levels {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.loaded = g.wanted
	return g.loaded
}

// Loaded is what the chip was given.
func (g *Gain) Loaded() Levels { return g.loaded }

// Refused says that it did not take it and still has what it had: the next audit
// finds it changed and tries again.
func (g *Gain) Refused(has Levels) { g.loaded = has }
