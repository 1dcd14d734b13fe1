package analog

import (
	"math"
	"testing"

	"centralita/firmware/line/levels"
	"centralita/firmware/media"
	"centralita/hal"
)

// TestChipsCanDoThePlan: whatever an office may set on top of any country's plan, the
// chip of the port can do, and a signal made for the pair has its level there.
func TestChipsCanDoThePlan(t *testing.T) {
	for _, p := range levels.Countries() {
		for _, of := range []struct {
			name string
			r    levels.Relative
			most float64
		}{{"handset", p.Handset, hal.GainMaxFXS}, {"line", p.Line, hal.GainMaxFXO}} {
			for _, db := range []int{-levels.AdjustMax, 0, levels.AdjustMax} {
				play, capture := of.r.Adjusted(db, db).Gains()
				for _, g := range []float64{play, capture} {
					if g < hal.GainMin || g > of.most {
						t.Errorf("%s, %s with %+d dB: a gain of %g dB, possible are %g..%g", p.Country, of.name, db, g, hal.GainMin, of.most)
					}
				}
				// In sine peaks of 0 dBm0, of which full scale is 1.435: digits at the pair,
				// and the one tone of caller ID.
				digits := math.Pow(10, (-9-play)/20) + math.Pow(10, (-11-play)/20)
				message := math.Pow(10, (-13.5-play)/20)
				if (of.name == "line" || db == 0) && digits > 1.435 || message > 1.435 {
					t.Errorf("%s, %s with %+d dB: clips before a gain of %g dB", p.Country, of.name, db, play)
				}
			}
		}
	}
}

func TestRaise(t *testing.T) {
	pcm := []int16{1000, -1000, 32767, -32768}
	raise(pcm, media.DB(6.02))
	if pcm[0] < 1999 || pcm[0] > 2001 || pcm[1] > -1999 || pcm[2] != 32767 || pcm[3] != -32768 {
		t.Errorf("raised to %v", pcm)
	}
}
