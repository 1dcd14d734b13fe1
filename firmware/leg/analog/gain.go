package analog

import (
	"math"

	"centralita/firmware/line/levels"
	"centralita/firmware/media"
	"centralita/hal"
)

// Gain is what an office sets for one socket on top of its country's level plan,
// in dB within ±levels.AdjustMax: Input is of what comes from the pair, Output of
// what goes towards it.
type Gain struct{ Input, Output int }

// level sets the chip by the plan, and how much louder signals of the socket's own
// have to be for the pair to carry them at their level.
func (p *port) level() {
	plan, g := p.bank.level, p.bank.gains[p.name]
	g.Input = min(max(g.Input+p.tuned, -levels.AdjustMax), levels.AdjustMax)
	var chip hal.Port
	var r levels.Relative
	if p.line != nil {
		chip, r = p.line.fxo, plan.Line
	} else {
		chip, r = p.hand.fxs, plan.Handset
	}
	play, capture := r.Adjusted(g.Input, g.Output).Gains()
	if err := chip.SetGain(play, capture); err != nil {
		p.health("fault", err.Error())
		return
	}
	p.gains = [2]float64{play, capture}
	p.toPair.Store(int32(media.DB(-play)))
	p.capture = capture
}

// raise brings a signal whose level is defined at the pair (digits, caller ID) to
// what it has to be in the middle of the box, before the chip's gain.
func raise(pcm []int16, g media.Gain) {
	if g == media.Unity {
		return
	}
	for i, x := range pcm {
		pcm[i] = int16(min(max((int32(x)*int32(g))>>12, math.MinInt16), math.MaxInt16))
	}
}
