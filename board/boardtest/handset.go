package boardtest

import (
	"math"
	"time"

	"centralita/hal"
)

const ms = time.Millisecond

// Cadences of two countries: one the chip's timers can make, one they cannot.
var (
	spain = hal.Cadence{Hz: 25, Vrms: 50, Steps: []time.Duration{1500 * ms, 3000 * ms}}
	uk    = hal.Cadence{Hz: 25, Vrms: 45, Steps: []time.Duration{400 * ms, 200 * ms, 400 * ms, 2000 * ms}}
)

// bell listens to the bell for a time and returns when it began and ended.
func bell(x *rig, port string, during time.Duration) (edges []time.Duration) {
	begun, on := time.Now(), false
	for time.Since(begun) < during {
		vrms, _ := x.RingVolts(port)
		if now := vrms > 25; now != on {
			on = now
			edges = append(edges, time.Since(begun))
		}
		time.Sleep(5 * ms)
	}
	return edges
}

// bursts compares what the bell did with a cadence.
func bursts(x *rig, edges []time.Duration, c hal.Cadence) {
	x.Helper()
	if len(edges) < 2*len(c.Steps) {
		x.Fatalf("the bell changed %d times: %v", len(edges), edges)
	}
	for i := 1; i < len(edges); i++ {
		x.near("a step of the cadence", edges[i]-edges[i-1], c.Steps[(i-1)%len(c.Steps)], 30*ms)
	}
}

// ringHandset: Spanish ringing has the right voltage, frequency and timing.
func ringHandset(x *rig) {
	for _, p := range x.FXS {
		x.must(p.Ring(spain))
		x.expect(p.Name(), hal.RingOn, 100*ms)
		time.Sleep(200 * ms)
		vrms, hz := x.RingVolts(p.Name())
		if math.Abs(vrms-spain.Vrms) > 3 || math.Abs(hz-spain.Hz) > 0.5 {
			x.Errorf("%s rings with %.1f V at %.2f Hz", p.Name(), vrms, hz)
		}
		if !p.Status().Ringing {
			x.Errorf("%s: status does not say that it rings", p.Name())
		}
		x.must(p.StopRing())
		x.expect(p.Name(), hal.RingOff, 100*ms)
	}
	p := x.FXS[0]
	time.Sleep(time.Second)
	x.must(p.Ring(spain))
	bursts(x, bell(x, p.Name(), 15*time.Second), spain)
	on := x.expect(p.Name(), hal.RingOn, ms)
	off := x.expect(p.Name(), hal.RingOff, ms)
	x.near("a burst as told", off.At.Sub(on.At), spain.Steps[0], 60*ms)
	x.must(p.StopRing())
	time.Sleep(100 * ms)
	if edges := bell(x, p.Name(), 10*time.Second); len(edges) != 0 {
		x.Errorf("the bell still rings after StopRing: %v", edges)
	}
}

// ringDouble: the double ring of the UK.
func ringDouble(x *rig) {
	p := x.FXS[1]
	x.must(p.Ring(uk))
	bursts(x, bell(x, p.Name(), 7*time.Second), uk)
}

// answer: lifting in the burst and in the pause trips the ringing.
func answer(x *rig) {
	for i, after := range []time.Duration{700 * ms, 2500 * ms} {
		p := x.FXS[i]
		x.must(p.Ring(spain))
		time.Sleep(after)
		x.Lift(p.Name())
		lifted := time.Now()
		e := x.expect(p.Name(), hal.OffHook, 300*ms)
		x.near("noticing the answer", e.At.Sub(lifted), 60*ms, 60*ms)
		time.Sleep(30 * ms)
		if edges := bell(x, p.Name(), 5*time.Second); len(edges) != 0 {
			x.Errorf("the bell rings in the ear: %v", edges)
		}
		if s := p.Status(); !s.OffHook || s.Ringing || s.MilliAmp < 15 {
			x.Errorf("status while talking: %+v", s)
		}
		x.must(p.Ring(spain)) // a lifted set is not rung
		if edges := bell(x, p.Name(), time.Second); len(edges) != 0 {
			x.Error("a lifted set was rung")
		}
		x.Replace(p.Name())
		x.expect(p.Name(), hal.OnHook, 1500*ms)
	}
}

// hook: lifting and replacing, and a bounce that is neither.
func hook(x *rig) {
	for _, p := range x.FXS {
		x.Lift(p.Name())
		lifted := time.Now()
		e := x.expect(p.Name(), hal.OffHook, 200*ms)
		x.near("noticing the lifted set", e.At.Sub(lifted), 30*ms, 40*ms)
		x.Replace(p.Name())
		time.Sleep(20 * ms)
		x.Lift(p.Name())
		x.quiet(p.Name(), 2*time.Second)
		x.Replace(p.Name())
		replaced := time.Now()
		e = x.expect(p.Name(), hal.OnHook, 1500*ms)
		x.near("the set's return as told", e.At.Sub(replaced), 30*ms, 40*ms)
	}
}

// flash: short breaks of the set, with their length.
func flash(x *rig) {
	p := x.FXS[2]
	x.Lift(p.Name())
	x.expect(p.Name(), hal.OffHook, 200*ms)
	for _, d := range []time.Duration{100 * ms, 300 * ms, 500 * ms} {
		time.Sleep(time.Second)
		x.Replace(p.Name())
		time.Sleep(d)
		x.Lift(p.Name())
		e := x.expect(p.Name(), hal.HookFlash, 400*ms) // a short one may have been a dial pulse: told when no other followed
		x.near("a flash", e.Duration, d, 25*ms)
	}
	x.quiet(p.Name(), 2*time.Second, hal.OnHook, hal.OffHook)
}

// supervise: what the box shows to a set: polarity and the disconnect pulse.
func supervise(x *rig) {
	p := x.FXS[3]
	x.Lift(p.Name())
	x.expect(p.Name(), hal.OffHook, 200*ms)
	forward := x.Feed(p.Name())
	x.must(p.Reverse(true))
	time.Sleep(100 * ms)
	if v := x.Feed(p.Name()); v*forward >= 0 {
		x.Errorf("feed is %.1f V after reversing, %.1f V before", v, forward)
	}
	x.must(p.Reverse(false))
	x.must(p.Break(500 * ms))
	begun := time.Now()
	time.Sleep(50 * ms)
	for math.Abs(x.Feed(p.Name())) < 1 && time.Since(begun) < time.Second {
		time.Sleep(5 * ms)
	}
	x.near("the disconnect pulse", time.Since(begun), 500*ms, 40*ms)
	x.quiet(p.Name(), time.Second) // the set is still lifted, and nothing else
	x.Replace(p.Name())
	x.expect(p.Name(), hal.OnHook, 1500*ms)
}
