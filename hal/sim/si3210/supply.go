package si3210

import "math"

// supply is the battery that the chip's own converter makes from 12 V.
type supply struct{ volts float64 }

// Time constants of the battery, in ms: charging, left alone, loaded by a leak.
const (
	riseMS = 25
	idleMS = 2000
	leakMS = 20
)

// stepSupply lets the converter rise or the battery drain for 10 ms.
func (c *Chip) stepSupply() {
	target, tau := 0.0, float64(idleMS)
	if c.reg[rPower1]&0x10 == 0 && !c.faults.NoHighVoltage {
		target, tau = float64(c.reg[rVBATH]&0x3F)*1.5, riseMS
	} else if c.faults.Leak {
		tau = leakMS
	}
	if math.Abs(target-c.supply.volts) < 0.05 {
		c.supply.volts = target
		return
	}
	c.supply.volts += (target - c.supply.volts) * (1 - math.Exp(-10/tau))
}

// monitor is what the monitor converter took from the pair in the last step; the
// registers may be read while the pair is being moved.
type monitor struct{ loopVolts, milliAmp, feedVolts float64 }

func (c *Chip) stepMonitor() {
	p := c.opts.Pair
	c.monitor = monitor{p.Volts(), math.Copysign(p.MilliAmp(), p.Feed.Volts), p.Feed.Volts}
}

// measure is registers 78..89.
func (c *Chip) measure(n int) byte {
	switch n {
	case rLoopV:
		return signed(c.line.volts(c.monitor.loopVolts), 1.5)
	case rLoopI:
		return signed(c.monitor.milliAmp, 1.25)
	case rTipV:
		return unsigned(c.faults.ForeignVolts, 0.376)
	case rRingV:
		return unsigned(c.line.volts(c.monitor.feedVolts), 0.376)
	case rVBAT1, rVBAT2:
		return unsigned(c.supply.volts, 0.376)
	case rQ5, rQ6:
		if c.line.state != lfOpen {
			return 8
		}
		return c.search[n-rQ5].current(c.now)
	}
	return 0
}

// volts hides the dc of the pair while the feed is open.
func (l *linefeed) volts(v float64) float64 {
	if l.state == lfOpen {
		return 0
	}
	return v
}

// signed is the loop voltage and current format: sign and six bits.
func signed(v, perCount float64) byte {
	b := byte(math.Min(63, math.Round(math.Abs(v)/perCount)))
	if v < 0 {
		b |= 0x40
	}
	return b
}

func unsigned(v, perCount float64) byte {
	return byte(math.Min(255, math.Round(math.Abs(v)/perCount)))
}
