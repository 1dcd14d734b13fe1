package boardtest

import (
	"cmp"
	"math"
	"time"

	"centralita/hal"
)

// incoming: two bursts of a Spanish exchange on every line.
func incoming(x *rig) {
	for _, p := range x.FXO {
		for range 2 {
			begun := time.Now()
			x.RingLine(p.Name(), 75, 25)
			e := x.expect(p.Name(), hal.RingBegin, 1200*ms)
			x.near("the begin of a burst as told", e.At.Sub(begun), 20*ms, 100*ms)
			time.Sleep(1500*ms - time.Since(begun))
			x.RingLine(p.Name(), 0, 0)
			e = x.expect(p.Name(), hal.RingEnd, 700*ms)
			x.near("a burst", e.Duration, 1500*ms, 120*ms)
			x.quiet(p.Name(), 2*time.Second)
		}
	}
	// A short alert before a caller ID is no ring.
	p := x.FXO[0]
	x.RingLine(p.Name(), 75, 25)
	time.Sleep(250 * ms)
	x.RingLine(p.Name(), 0, 0)
	x.quiet(p.Name(), 3*time.Second)
}

// seize: a line is seized in the middle of a ring, carries current, is released.
func seize(x *rig) {
	for _, p := range x.FXO {
		x.RingLine(p.Name(), 75, 25)
		x.expect(p.Name(), hal.RingBegin, 1200*ms)
		begun := time.Now()
		x.must(p.OffHook())
		x.expect(p.Name(), hal.RingEnd, 200*ms)
		x.RingLine(p.Name(), 0, 0)
		e := x.expect(p.Name(), hal.Settled, time.Second)
		x.near("settling", e.At.Sub(begun), 650*ms, 60*ms)
		time.Sleep(100 * ms)
		if s := p.Status(); s.MilliAmp < 15 || s.MilliAmp > 80 || math.Abs(s.Volts) > 20 || !s.OffHook {
			x.Errorf("%s seized: %+v", p.Name(), s)
		}
		x.quiet(p.Name(), 2*time.Second)
		x.must(p.OnHook())
		time.Sleep(700 * ms)
		if s := p.Status(); s.MilliAmp > 1 || math.Abs(math.Abs(s.Volts)-48) > 6 || s.OffHook {
			x.Errorf("%s released: %+v", p.Name(), s)
		}
		x.quiet(p.Name(), time.Second)
	}
}

// flashLine: our own flash opens the loop for its time and tells nothing.
func flashLine(x *rig) {
	p := x.FXO[1]
	x.must(p.OffHook())
	x.expect(p.Name(), hal.Settled, time.Second)
	time.Sleep(200 * ms)
	x.must(p.Flash(100 * ms))
	begun := time.Now()
	time.Sleep(50 * ms)
	for p.Status().MilliAmp < 5 && time.Since(begun) < time.Second {
		time.Sleep(5 * ms)
	}
	x.near("current after a flash", time.Since(begun), 150*ms, 60*ms)
	x.quiet(p.Name(), 2*time.Second)
}

// loopBreak: the exchange's disconnect pulse, 90 ms to 900 ms.
func loopBreak(x *rig) {
	p := x.FXO[2]
	x.must(p.OffHook())
	x.expect(p.Name(), hal.Settled, time.Second)
	for _, d := range []time.Duration{150 * ms, 250 * ms, 600 * ms, 900 * ms} {
		time.Sleep(time.Second)
		begun := time.Now()
		x.Battery(p.Name(), 0)
		e := x.expect(p.Name(), hal.LoopOpen, 200*ms)
		x.near("the break as told", e.At.Sub(begun), 15*ms, 35*ms)
		time.Sleep(d - time.Since(begun))
		x.Battery(p.Name(), 48)
		e = x.expect(p.Name(), hal.LoopClosed, 200*ms)
		x.near("the break", e.Duration, d, 40*ms)
	}
	x.Battery(p.Name(), 0)
	time.Sleep(40 * ms)
	x.Battery(p.Name(), 48)
	x.quiet(p.Name(), time.Second)
}

// polarity: reversals in a call and at rest.
func polarity(x *rig) {
	p := x.FXO[3]
	for _, seized := range []bool{false, true} {
		if seized {
			x.must(p.OffHook())
			x.expect(p.Name(), hal.Settled, time.Second)
		}
		time.Sleep(500 * ms)
		for _, reversed := range []bool{true, false} {
			begun := time.Now()
			volts := 48.0
			if reversed {
				volts = -48
			}
			x.Battery(p.Name(), volts)
			e := x.expect(p.Name(), hal.Polarity, 300*ms)
			if e.Reversed != reversed || p.Status().Reversed != reversed {
				x.Errorf("told reversed %t, is %t", e.Reversed, reversed)
			}
			x.near("the reversal as told", e.At.Sub(begun), 15*ms, 35*ms)
			x.quiet(p.Name(), time.Second)
		}
	}
	x.Battery(p.Name(), -48)
	time.Sleep(30 * ms)
	x.Battery(p.Name(), 48)
	x.quiet(p.Name(), time.Second, hal.Polarity)
}

// battery: a line that is cut, a drop that means nothing.
func battery(x *rig) {
	p := x.FXO[0]
	x.Battery(p.Name(), 0)
	time.Sleep(250 * ms)
	x.Battery(p.Name(), 48)
	x.quiet(p.Name(), 2*time.Second)
	x.Battery(p.Name(), 0)
	x.expect(p.Name(), hal.BatteryLost, 1300*ms)
	time.Sleep(cmp.Or(x.made.Long, 10*time.Minute))
	x.Battery(p.Name(), 48)
	x.expect(p.Name(), hal.BatteryBack, 500*ms)
	x.quiet(p.Name(), time.Second)
}
