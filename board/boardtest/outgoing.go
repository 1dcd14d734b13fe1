package boardtest

import (
	"time"

	"centralita/hal"
)

// seizeCarefully: a free line is taken; one that begins to ring is left to ring,
// and one that was just reversed too, for a call is announced by it.
func seizeCarefully(x *rig) {
	p := x.FXO[1]
	begun := time.Now()
	x.must(p.Seize())
	e := x.expect(p.Name(), hal.Settled, 1200*ms)
	x.near("seizing and settling", e.At.Sub(begun), 720*ms, 80*ms)
	x.quiet(p.Name(), time.Second)
	x.must(p.OnHook())
	time.Sleep(3 * time.Second)

	x.RingLine(p.Name(), 75, 25)
	time.Sleep(50 * ms)
	x.must(p.Seize())
	x.expect(p.Name(), hal.Glare, 200*ms)
	x.expect(p.Name(), hal.RingBegin, 1200*ms)
	x.RingLine(p.Name(), 0, 0)
	x.expect(p.Name(), hal.RingEnd, time.Second)
	if p.Status().OffHook {
		x.Error("off-hook on a line that rings")
	}

	time.Sleep(2 * time.Second)
	x.Battery(p.Name(), -48)
	x.expect(p.Name(), hal.Polarity, 300*ms)
	x.must(p.Seize())
	x.expect(p.Name(), hal.Glare, 200*ms)
}

// dialPulses: a number goes out in the time it takes, and the line stays seized.
func dialPulses(x *rig) {
	p := x.FXO[2]
	x.must(p.OffHook())
	x.expect(p.Name(), hal.Settled, time.Second)
	begun := time.Now()
	x.must(p.Pulse("305", hal.Pulses{Break: 60 * ms, Make: 40 * ms, Between: 800 * ms}))
	e := x.expect(p.Name(), hal.Dialled, 10*time.Second)
	x.near("18 pulses and two pauses", e.At.Sub(begun), 16*100*ms+2*860*ms, 40*ms)
	if e.Duration > 8*ms {
		x.Errorf("a pulse was %s late", e.Duration)
	}
	x.quiet(p.Name(), 2*time.Second)
	if s := p.Status(); !s.OffHook || s.MilliAmp < 15 {
		x.Errorf("after dialling: %+v", s)
	}
}
