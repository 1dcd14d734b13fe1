package si3210

import "math"

// supply is the battery that the chip's own converter makes from 12 V.
type supply struct{ volts float64 }

// Time constants of the battery, in ms: charging, left alone, loaded by a leak or a lifted set.
const (
	riseMS = 25
	idleMS = 2000
	leakMS = 20
	feedMS = 200 // drained by a feed whose converter stands still
)

// stepSupply lets the converter rise or the battery drain for 10 ms.
func (c *Chip) stepSupply() {
	target, tau := 0.0, float64(idleMS)
	if c.reg[rPower1]&0x10 == 0 && !c.faults.NoHighVoltage {
		target, tau = float64(c.reg[rVBATH]&0x3F)*1.5, riseMS
	} else if c.faults.Leak || c.opts.Pair.MilliAmp() > 0 {
		tau = leakMS
	} else if c.line.state != lfOpen {
		tau = feedMS
	}
	if math.Abs(target-c.supply.volts) < 0.05 {
		c.supply.volts = target
		return
	}
	c.supply.volts += (target - c.supply.volts) * (1 - math.Exp(-10/tau))
}
