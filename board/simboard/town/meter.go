package town

import "centralita/hal/sim/wire"

// meter is what instruments on a pair showed in the last step. Pairs belong to
// the stepping goroutine and change outside the town's lock, so people look at
// the meter and never at the pair.
type meter struct {
	volts, milliAmp        float64
	ringing, reversed, cut bool
}

func (m *meter) read(p *wire.Pair) {
	*m = meter{
		volts: p.Volts(), milliAmp: p.MilliAmp(),
		ringing: p.Feed.RingVrms > 0, reversed: p.Feed.Volts < 0, cut: p.Cut,
	}
}
