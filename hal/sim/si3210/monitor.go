package si3210

import "math"

// One bell at ringing frequency is 6930 ohm and 8 uF (data sheet, section 2.5).
const (
	bellOhms   = 6930
	bellFarads = 8e-6
	// groundMA flows from a wire that touches ground while it is fed alone.
	groundMA = 15
)

// monitor is what the monitor converter took from the pair in the last step; the
// registers may be read while the pair is being moved. It converts 800 times a
// second, eight times a frame, and an access sees any of them.
type monitor struct {
	loopVolts, milliAmp float64
	ringVolts, ringMA   [8]float64
}

func (c *Chip) stepMonitor() {
	p := c.opts.Pair
	m := &c.monitor
	m.loopVolts, m.milliAmp = p.Volts(), math.Copysign(p.MilliAmp(), p.Feed.Volts)
	if p.Feed.RingVrms == 0 {
		return
	}
	one := math.Hypot(bellOhms, 1/(2*math.Pi*p.Feed.RingHz*bellFarads))
	for i := range m.ringVolts {
		v := p.RingVolts(c.now + uint64(10*i))
		m.ringVolts[i], m.ringMA[i] = v, v/one*p.Load.REN*1000
		if p.Cut {
			m.ringMA[i] = 0
		}
	}
}

// stepTrouble lets the feed fight with another battery, or with earth: its
// transistors get hot. A single wire that lies on earth only draws current.
func (c *Chip) stepTrouble() {
	single := c.line.state == lfTipOpen || c.line.state == lfRingOpen
	if c.line.state != lfOpen && (c.faults.ForeignVolts != 0 || c.faults.Grounded && !single) {
		c.powerAlarm(2)
	}
}

// measure is registers 78..89.
func (c *Chip) measure(n int) byte {
	switch n {
	case rLoopV:
		return signed(c.loopVolts(), 1.5)
	case rLoopI:
		return signed(c.loopMA(), 1.25)
	case rTipV:
		return unsigned(c.tipVolts(), 0.376)
	case rRingV:
		return unsigned(c.tipVolts()+math.Abs(c.loopVolts()), 0.376)
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

func (c *Chip) loopVolts() float64 {
	switch c.line.state {
	case lfOpen, lfTipOpen, lfRingOpen:
		return 0
	case lfRinging:
		return c.monitor.ringVolts[c.random.IntN(8)]
	}
	return c.monitor.loopVolts
}

func (c *Chip) loopMA() float64 {
	switch c.line.state {
	case lfTipOpen, lfRingOpen:
		if c.faults.Grounded {
			return groundMA
		}
		return 0
	case lfRinging:
		return c.monitor.ringMA[c.random.IntN(8)]
	}
	return c.monitor.milliAmp
}

// tipVolts is tip below ground: the common mode voltage while fed, and what
// others put on it while open.
func (c *Chip) tipVolts() float64 {
	if c.line.state == lfOpen {
		return c.faults.ForeignVolts
	}
	return float64(c.reg[rCommon]&0x3F) * 1.5
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
