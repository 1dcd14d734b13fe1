package boardtest

import (
	"strings"
	"time"

	"centralita/hal"
)

// linkLost: a surge on one line; it recovers, and a call on another goes on.
func linkLost(x *rig) {
	victim, other := x.FXO[0], x.FXO[1]
	x.must(other.OffHook())
	x.must(victim.OffHook())
	x.expect(other.Name(), hal.Settled, time.Second)
	if !x.Break(victim.Name(), FaultLink) {
		x.Skip("this rig cannot break an isolation link")
	}
	fault(x, victim, 300*ms)
	x.expect(victim.Name(), hal.Recovered, time.Second)
	if s := victim.Status(); !s.Ready || s.OffHook {
		x.Errorf("after recovery: %+v", s)
	}
	x.quiet(other.Name(), time.Second)
	if s := other.Status(); !s.OffHook || s.MilliAmp < 15 {
		x.Errorf("the other line suffered: %+v", s)
	}
	x.must(victim.OffHook())
	x.expect(victim.Name(), hal.Settled, time.Second)
}

// chipReset: chips that fall back by themselves are set up again; the rest goes on.
func chipReset(x *rig) {
	line, set, other := x.FXO[2], x.FXS[0], x.FXS[1]
	x.Lift(other.Name())
	x.expect(other.Name(), hal.OffHook, 200*ms)
	if !x.Break(line.Name(), FaultReset) {
		x.Skip("this rig cannot reset a chip")
	}
	x.Break(set.Name(), FaultReset)
	fault(x, line, 600*ms)
	fault(x, set, 600*ms)
	x.expect(line.Name(), hal.Recovered, time.Second)
	x.expect(set.Name(), hal.Recovered, 2*time.Second)
	x.quiet(other.Name(), time.Second)
	x.Lift(set.Name())
	x.expect(set.Name(), hal.OffHook, 300*ms)
	x.must(line.OffHook())
	x.expect(line.Name(), hal.Settled, time.Second)
}

// deadChip: a chip that stops answering is told as a fault, comes back when it
// does, and takes nobody with it.
func deadChip(x *rig) {
	for i, victim := range []hal.Port{x.FXO[3], x.FXS[3]} {
		if !x.Break(victim.Name(), FaultDead) {
			x.Skip("this rig cannot kill a chip")
		}
		fault(x, victim, time.Second)
		if victim.Status().Ready {
			x.Errorf("%s still claims to be ready", victim.Name())
		}
		if i == 0 {
			if err := x.FXO[3].OffHook(); err == nil {
				x.Error("a dead line took an order")
			}
		}
		x.Lift(x.FXS[0].Name())
		x.expect(x.FXS[0].Name(), hal.OffHook, 300*ms)
		x.Replace(x.FXS[0].Name())
		x.expect(x.FXS[0].Name(), hal.OnHook, 1500*ms)
		x.Heal(victim.Name())
		x.expect(victim.Name(), hal.Recovered, 2*time.Minute)
	}
}

func fault(x *rig, p hal.Port, within time.Duration) {
	x.Helper()
	e := x.expect(p.Name(), hal.Fault, within)
	if e.Err == nil || !strings.Contains(e.Err.Error(), p.Name()) {
		x.Errorf("fault of %s says %q", p.Name(), e.Err)
	}
}

// refusals: orders that cannot be carried out are refused at once, with a reason.
func refusals(x *rig) {
	set, line := x.FXS[0], x.FXO[0]
	for name, err := range map[string]error{
		"no steps":   set.Ring(hal.Cadence{Hz: 25, Vrms: 50}),
		"odd steps":  set.Ring(hal.Cadence{Hz: 25, Vrms: 50, Steps: []time.Duration{time.Second}}),
		"too fast":   set.Ring(hal.Cadence{Hz: 400, Vrms: 50, Steps: spain.Steps}),
		"too strong": set.Ring(hal.Cadence{Hz: 25, Vrms: 90, Steps: spain.Steps}),
		"short step": set.Ring(hal.Cadence{Hz: 25, Vrms: 50, Steps: []time.Duration{0, time.Second}}),
		"long break": set.Break(time.Hour),
		"long flash": line.Flash(time.Minute),
	} {
		if err == nil {
			x.Errorf("%s was accepted", name)
		}
	}
}
