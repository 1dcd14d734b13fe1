package si3050

import (
	"math"
	"time"

	"centralita/hal"
	"centralita/hal/sim/wire"
)

// sound is the codec between the PCM slots and the line.
type sound struct {
	echo   wire.Hybrid
	toLine wire.Sound
	toHost wire.Sound
	offset int16 // dc of the low-power converter used on-hook
	quiet  bool  // nothing was put on the pair in the last step
}

// Step lives through one frame: it takes its slot of out to play and puts what
// it captured into its slot of in.
func (c *Chip) Step(out, in *hal.Frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stepped = time.Now()
	if c.held || c.stopped {
		c.off, c.linked = offHook{}, false
		c.opts.Pair.Load = wire.Load{}
		c.silence()
		return
	}
	c.stepReset()
	c.stepLink()
	c.stepWatchdog()
	c.stepLine()
	c.stepBalance()
	c.stepSound(out, in)
}

func (c *Chip) stepReset() {
	if c.resetting > 0 {
		c.reset()
	}
}

func (c *Chip) stepLink() {
	if c.faults.NoLink {
		c.loseLink()
		return
	}
	if c.linking == 0 {
		return
	}
	if c.linking -= wire.FrameSamples; c.linking <= 0 {
		c.linking, c.linked = 0, true
		c.meter.reversed = c.opts.Pair.Volts() < 0
	}
}

// stepWatchdog hangs up when the program has not spoken for 4 s.
func (c *Chip) stepWatchdog() {
	c.untouched += wire.FrameSamples
	if c.reg[rControl2]&0x10 != 0 && c.untouched >= 4*8000 {
		c.reg[rHook] &^= bitOH
	}
}

func (c *Chip) stepSound(out, in *hal.Frame) {
	const linear = 0x20 | 0x18 // PCME, PCMF
	talking := c.off.closed && c.off.settle == 0
	monitoring := c.linked && !c.off.closed && c.reg[rHook]&bitONHM != 0
	if c.reg[rPCM]&0x38 != linear || !talking && !monitoring {
		c.silence()
		return
	}
	s := &c.sound
	if talking {
		s.quiet = false
		s.toLine = wire.Sound{}
		if rx, ok := slot(c.reg[rRXSLow], c.reg[rRXSHigh]); ok && c.reg[rMute]&muteTX == 0 {
			amplify((*[wire.FrameSamples]int16)(&s.toLine), &out[rx], gain(c.reg[rTXGain2], c.reg[rTXGain3]))
		}
		c.opts.Pair.SetSays(&s.toLine)
		c.opts.Pair.AtSet(&s.toHost)
		s.echo.Add(&s.toHost, &s.toLine)
	} else {
		c.silence()
		c.opts.Pair.AtSet(&s.toHost)
		s.shift()
	}
	if tx, ok := slot(c.reg[rTXSLow], c.reg[rTXSHigh]); ok && c.reg[rMute]&muteRX == 0 {
		amplify(&in[tx], (*[wire.FrameSamples]int16)(&s.toHost), gain(c.reg[rRXGain2], c.reg[rRXGain3]))
	}
}

// shift adds the dc offset of the on-hook converter.
func (s *sound) shift() {
	for i, v := range s.toHost {
		s.toHost[i] = int16(min(max(int(v)+int(s.offset), math.MinInt16), math.MaxInt16))
	}
}

func (c *Chip) silence() {
	if c.sound.quiet {
		return
	}
	c.sound.toLine = wire.Sound{}
	c.opts.Pair.SetSays(&c.sound.toLine)
	c.sound.echo.Clear()
	c.sound.quiet = true
}

// slot turns a start count into a timeslot: one clock after frame sync plus 16
// clocks per slot.
func slot(low, high byte) (int, bool) {
	n := int(low) | int(high&3)<<8
	return n >> 4, n&15 == 1 && n>>4 < hal.SlotCount
}

// gain reads a pair of gain registers: whole dB and tenths, bit 4 attenuates.
func gain(whole, tenths byte) float64 {
	db := part(whole, 1) + part(tenths, 0.1)
	if db == 0 {
		return 1
	}
	return math.Pow(10, db/20)
}

func part(v byte, unit float64) float64 {
	db := float64(v&0x0F) * unit
	if v&0x10 != 0 {
		return -db
	}
	return db
}

func amplify(to, from *[wire.FrameSamples]int16, gain float64) {
	if gain == 1 {
		*to = *from
		return
	}
	for i, v := range from {
		to[i] = int16(math.Max(-32768, math.Min(32767, math.Round(float64(v)*gain))))
	}
}
