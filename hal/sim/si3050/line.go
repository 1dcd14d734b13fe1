package si3050

import (
	"math"

	"centralita/hal/sim/wire"
)

// offHook is the line side drawing current.
type offHook struct {
	closed  bool
	settle  int  // samples until sound and current are valid
	dropped bool // DOD
}

// settling is what the chip does after going off-hook, in ms: resistor
// calibration, the off-hook counter (FOH) and calibration of the converter.
func (c *Chip) settling() int {
	counter := [4]int{512, 128, 64, 8}[c.reg[rDAA5]>>5&3]
	if c.reg[rIntl2]&0x20 != 0 { // CALD
		return 17 + counter
	}
	return 17 + counter + 256
}

// stepLine moves hook, meter and ring detector by one frame.
func (c *Chip) stepLine() {
	p := c.opts.Pair
	closed := c.linked && c.reg[rHook]&bitOH != 0
	if closed && !c.off.closed {
		c.off.settle = c.settling() * 8
		c.ring = ringDetector{}
	}
	c.off.closed = closed
	c.off.settle = max(0, c.off.settle-wire.FrameSamples)
	p.Load = c.load()
	p.Edges, c.edges = append(p.Edges[:0], c.edges...), c.edges[:0]
	c.meter.step(c, p)
	if !closed {
		c.off.dropped = false
		if c.linked {
			c.stepRing(p)
		}
		return
	}
	c.stepDrop(p)
}

// load is the dc termination (DCV, DCR) off-hook, next to nothing on-hook.
func (c *Chip) load() wire.Load {
	if !c.off.closed {
		return wire.Load{REN: 0.2}
	}
	ohms := 50.0
	if c.reg[rDC]&1 != 0 { // DCR
		ohms = 800
	}
	return wire.Load{OffHook: true, Ohms: ohms, Drop: 5.5 + [4]float64{3.1, 3.2, 3.35, 3.5}[c.reg[rDC]>>6] - 3.1}
}

// stepDrop watches the supply that the line side takes from the loop.
func (c *Chip) stepDrop(p *wire.Pair) {
	const leastMA = 2
	dropped := p.LoadMilliAmp() < leastMA
	if dropped && !c.off.dropped && c.off.settle == 0 {
		c.interrupt(srcDrop)
	}
	c.off.dropped = dropped
	c.reg[rIntl4] &^= 0x03
	if dropped {
		c.reg[rIntl4] |= 0x02
	}
	limit := 160.0
	if c.reg[rDC]&2 != 0 { // ILIM
		limit = 60
	}
	if c.reg[rIntl2]&0x08 != 0 && p.LoadMilliAmp() > limit { // OPE
		c.reg[rIntl4] |= 0x01
		c.interrupt(srcOverload)
	}
}

// meter is the line-voltage and loop-current converter.
type meter struct {
	gain     float64 // within 10 % on a real line
	volts    float64
	fine     byte // LCS2
	reversed bool
}

func (m *meter) step(c *Chip, p *wire.Pair) {
	m.volts, m.fine = 0, 0
	if !c.linked {
		return
	}
	m.volts = p.Volts() * m.gain
	if p.Feed.RingVrms > 0 && !p.Cut && !c.off.closed {
		m.volts += (c.random.Float64()*2 - 1) * p.Feed.RingVrms * 1.4
	}
	if m.volts != 0 && (m.volts < 0) != m.reversed {
		m.reversed = m.volts < 0
		c.interrupt(srcPolarity)
	}
	if c.off.closed && c.off.settle == 0 {
		m.fine = byte(math.Min(255, math.Round(p.LoadMilliAmp()/1.1)))
	}
}

// coarse is LCS: 3.3 mA per count, all ones in overload.
func (m *meter) coarse() byte {
	mA := float64(m.fine) * 1.1
	if mA > 127 {
		return 0x1F
	}
	return byte(math.Min(30, mA/3.3))
}

// voltage is LVS: two's complement volts, forced to zero up to 3 V unless LVFD.
func (c *Chip) voltage() byte {
	v := math.Round(math.Max(-87, math.Min(87, c.meter.volts)))
	if math.Abs(v) <= 3 && c.reg[rDAA5]&1 == 0 {
		return 0
	}
	return byte(int8(v))
}
