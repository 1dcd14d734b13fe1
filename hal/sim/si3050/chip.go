package si3050

import (
	"math/rand/v2"
	"sync"
	"time"

	"centralita/hal/sim/wire"
)

// Options of a chip.
type Options struct {
	Pair *wire.Pair     // the pair it loads
	Int  func(low bool) // its interrupt output, diode to a shared active-low wire
	Seed uint64         // scatters what differs from chip to chip
	Echo wire.Echo      // of what is played, as the hybrid returns it
}

// Faults that can be switched on; the zero value is a healthy chip.
type Faults struct {
	NoLink bool // the isolation link does not come up, and is lost when up
	Dead   bool // does not answer on the bus
}

// Chip is one Si3050 with its Si3019. Step it from the goroutine that owns its
// pair; everything else may be called from anywhere.
type Chip struct {
	opts Options

	mu     sync.Mutex
	reg    [64]byte
	random *rand.Rand

	held    bool // RESET is low
	stopped bool // PCLK or FSYNC is missing

	phase     int // byte of the current access
	control   byte
	address   byte
	untouched int // samples since the last access, for the watchdog

	resetting int // samples left of a soft reset
	linking   int // samples until the isolation link locks, 0 when not trying
	linked    bool
	linkTime  int

	stepped time.Time   // when the frame began that the host lives in now
	edges   []wire.Edge // of the hook since then

	off      offHook
	meter    meter
	ring     ringDetector
	sound    sound
	balanced balance
	faults   Faults
}

// New makes a chip that has just got its supply.
func New(o Options) *Chip {
	if o.Int == nil {
		o.Int = func(bool) {}
	}
	c := &Chip{opts: o, random: rand.New(rand.NewPCG(o.Seed, 3050))}
	c.linkTime = (20 + c.random.IntN(30)) * 8
	c.meter.gain = 1 + (c.random.Float64()-0.5)*0.06
	c.sound.offset = int16(c.random.IntN(600) - 300)
	c.sound.echo.Set(o.Echo)
	c.reset()
	return c
}

// Reset is the RESET pin: held low, or let go.
func (c *Chip) Reset(low bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = low
	c.phase = 0
	c.reset()
}

// ResetItself is what a power glitch does: every register falls back while the
// program believes all is well.
func (c *Chip) ResetItself() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reset()
}

// Clock tells whether PCLK and FSYNC are present.
func (c *Chip) Clock(present bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = !present
}

// SetFaults replaces the faults.
func (c *Chip) SetFaults(f Faults) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = f
}

// LoseLink interrupts the isolation link once, as a surge does; it comes up
// again when the line side is powered down and up.
func (c *Chip) LoseLink() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loseLink()
}

// SetEcho changes the hybrid.
func (c *Chip) SetEcho(e wire.Echo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sound.echo.Set(e)
}

// Register peeks at a register, for tests.
func (c *Chip) Register(n int) byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read(n & 63)
}

// Poke puts a value into a register from behind, for tests of audits.
func (c *Chip) Poke(n int, v byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reg[n&63] = v
}

// Corrupt changes a bit of a register that is in use, by the chip's own dice.
func (c *Chip) Corrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	used := [...]int{rControl2, rMask, rHook, rPower, rIntl1, rIntl2, rIntl3, rRing1, rRing2, rRing3, rDC, 30, rDAA5, rPCM, rTXSLow, rTXSHigh, rRXSLow, rRXSHigh, rTXGain2, rRXGain2}
	n := used[c.random.IntN(len(used))]
	c.reg[n] ^= 1 << c.random.IntN(8)
	if n == rPower {
		c.power(c.reg[n])
	}
	c.announce()
}

func (c *Chip) reset() {
	c.reg = [64]byte{}
	for n, v := range afterReset {
		c.reg[n] = v
	}
	c.linked, c.linking, c.resetting, c.untouched = false, 0, 0, 0
	c.off, c.edges = offHook{}, c.edges[:0]
	c.ring = ringDetector{}
	c.announce()
}

func (c *Chip) interrupt(source byte) {
	c.reg[rSource] |= source
	c.announce()
}

// announce drives AOUT/INT: register 2 says whether it is an interrupt at all
// (INTE) and its polarity (INTP).
func (c *Chip) announce() {
	active := c.reg[rControl2]&0x80 != 0 && c.reg[rSource]&c.reg[rMask] != 0
	if c.reg[rControl2]&0x40 != 0 {
		active = !active
	}
	c.opts.Int(active)
}
