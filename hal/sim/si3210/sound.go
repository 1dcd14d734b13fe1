package si3210

import (
	"math"

	"centralita/hal"
	"centralita/hal/sim/wire"
)

// sound is the codec between the PCM slots and the pair.
type sound struct {
	echo   wire.Hybrid
	toSet  wire.Sound
	toHost wire.Sound
	quiet  bool // nothing was on the pair in the last step
}

// Step lives through one frame: it takes its slot of out to play and puts what
// it captured into its slot of in.
func (c *Chip) Step(out, in *hal.Frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now += wire.FrameSamples
	if c.held || c.stopped {
		c.supply.volts *= 0.7
		c.opts.Pair.Feed = wire.Feed{Ohms: 150e3}
		c.silence()
		return
	}
	c.serve()
	c.stepCalibration()
	c.converter.step(wire.FrameSamples)
	c.stepSupply()
	c.stepLine()
	c.stepMonitor()
	c.stepSound(out, in)
}

func (c *Chip) stepSound(out, in *hal.Frame) {
	const enabledLinear16 = 0x20 | 0x18 | 0x04 // PCME, PCMF linear, PCMT 16 bit
	if c.reg[rPCM]&0x3C != enabledLinear16 {
		c.silence()
		return
	}
	rx, heard := slot(c.reg[rRXSLow], c.reg[rRXSHigh])
	tx, speaks := slot(c.reg[rTXSLow], c.reg[rTXSHigh])
	if c.reg[rLoop]&0x02 != 0 { // DLM
		if heard && speaks {
			in[tx] = out[rx]
		}
		c.silence()
		return
	}
	if !c.open() {
		c.silence()
		return
	}
	s := &c.sound
	s.quiet = false
	if heard {
		amplify((*[wire.FrameSamples]int16)(&s.toSet), &out[rx], c.playGain())
	}
	c.opts.Pair.OfficeSays(&s.toSet)
	c.opts.Pair.AtOffice(&s.toHost)
	s.echo.Add(&s.toHost, &s.toSet)
	if speaks {
		amplify(&in[tx], (*[wire.FrameSamples]int16)(&s.toHost), c.captureGain())
	}
}

// open tells whether sound passes: always in on-hook transmission, and in the
// active states only with a lifted set.
func (c *Chip) open() bool {
	switch c.line.state {
	case lfForwardT, lfReverseT:
		return true
	case lfForward, lfReverse:
		return c.line.closed
	}
	return false
}

func (c *Chip) silence() {
	if c.sound.quiet {
		return
	}
	c.sound.toSet = wire.Sound{}
	c.opts.Pair.OfficeSays(&c.sound.toSet)
	c.sound.echo.Clear()
	c.sound.quiet = true
}

// slot turns a start count into a timeslot: one clock after frame sync plus 16
// clocks per slot. Counts between slots and beyond the frame carry nothing.
func slot(low, high byte) (int, bool) {
	n := int(low) | int(high&3)<<8
	return n >> 4, n&15 == 1 && n>>4 < hal.SlotCount
}

// analogGain is indexed by the two bits of register 9: 0, -3.5, +3.5 dB, mute.
var analogGain = [4]float64{1, 0.668, 1.496, 0}

func (c *Chip) playGain() float64 {
	if c.reg[rGain]&0x10 != 0 {
		return 0
	}
	return analogGain[c.reg[rGain]&3] * digital(c.indirect[iDAC])
}

func (c *Chip) captureGain() float64 {
	if c.reg[rGain]&0x20 != 0 {
		return 0
	}
	return analogGain[c.reg[rGain]>>2&3] * digital(c.indirect[iADC])
}

// digital gain: 0x4000 is 0 dB, linear.
func digital(v uint16) float64 { return float64(v&0x7FFF) / 0x4000 }

func amplify(to, from *[wire.FrameSamples]int16, gain float64) {
	if gain == 1 {
		*to = *from
		return
	}
	for i, v := range from {
		to[i] = int16(math.Max(-32768, math.Min(32767, math.Round(float64(v)*gain))))
	}
}
