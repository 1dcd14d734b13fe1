package si3210

import (
	"math/rand/v2"
	"sync"

	"centralita/hal/sim/wire"
)

// Options of a chip.
type Options struct {
	Pair *wire.Pair     // the pair it feeds
	Int  func(low bool) // its interrupt output, open drain
	Seed uint64         // scatters what differs from chip to chip

	// Revision is the letter as in register 0: 1 = A ... 5 = E; 0 means E.
	Revision byte
	// Echo of what is played, as a hybrid returns it.
	Echo wire.Echo
}

// Chip is one Si3210. Step it from the goroutine that owns its pair; everything
// else may be called from anywhere.
type Chip struct {
	opts Options

	mu       sync.Mutex
	reg      [128]byte
	indirect [256]uint16
	random   *rand.Rand

	held    bool // RESET is low
	stopped bool // PCLK or FSYNC is missing

	phase    int  // byte of the current access
	selected bool // by the daisy chain's first byte
	command  byte

	pending     int    // accesses until the indirect access is served
	pendingRead bool   // else write
	dataLoaded  bool   // 28 or 29 were written since the last access: the next is a write
	now         uint64 // samples since power came

	calibration countdown
	converter   countdown
	search      [2]search

	line    linefeed
	supply  supply
	monitor monitor
	sound   sound
	faults  Faults
}

// Faults that can be switched on; the zero value is a healthy chip.
type Faults struct {
	NoHighVoltage    bool    // the converter never comes up
	Leak             bool    // the pair loads the battery although the linefeed is open
	StuckCalibration bool    // register 96 bit 6 never clears
	ForeignVolts     float64 // battery from elsewhere on the pair
	Grounded         bool    // a wire lies on earth: whatever feeds it exceeds its power
	Dead             bool    // neither answers nor obeys; its shift register still passes on
}

// New makes a chip that has just got its supply.
func New(o Options) *Chip {
	if o.Revision == 0 {
		o.Revision = 5
	}
	if o.Int == nil {
		o.Int = func(bool) {}
	}
	c := &Chip{opts: o, random: rand.New(rand.NewPCG(o.Seed, 3210))}
	c.sound.echo.Set(o.Echo)
	for i := range c.search {
		// Field reports find the codes between 5 and 25; ours are at the fast end
		// of a search from above.
		c.search[i].code = byte(23 + c.random.IntN(3))
	}
	c.reset(false)
	return c
}

// Reset is the RESET pin: held low, or let go.
func (c *Chip) Reset(low bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = low
	c.reset(false)
}

// ResetItself is what a power glitch does: every register falls back while the
// program believes all is well. The SPI framing survives (a partial reset).
func (c *Chip) ResetItself() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reset(true)
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

// SetEcho changes the hybrid.
func (c *Chip) SetEcho(e wire.Echo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sound.echo.Set(e)
}

// PowerAlarm makes transistor q (1..6) exceed its power once.
func (c *Chip) PowerAlarm(q int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.powerAlarm(q)
}

func (c *Chip) powerAlarm(q int) {
	c.interrupt(rInt2, 1<<(q+1))
	if c.reg[rAuto]&1 != 0 { // AOPN
		c.line.state = lfOpen
	}
}

// Corrupt changes a bit of a register that is in use, by the chip's own dice.
func (c *Chip) Corrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	used := [...]int{rPCM, rTXSLow, rTXSHigh, rRXSLow, rRXSHigh, rLoop, rGain, 10, 11, rPower1, rEnable1, rEnable1 + 1, rRinging, rPauseDeb, rLinefeed, rAuto, rLoopDeb, rTripDeb, rLimit, rOnHook, rVBATH, 75, rEnhance}
	n := used[c.random.IntN(len(used))]
	v := c.reg[n] ^ 1<<c.random.IntN(8)
	if n == rPCM {
		v &= 0x3F // bit 7 is what part it is, and wired
	}
	if n == rLinefeed {
		c.write(n, v&7)
		return
	}
	c.reg[n] = v
}

// Register peeks at a direct register, for tests.
func (c *Chip) Register(n int) byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read(n & 127)
}

// Indirect peeks at an indirect register, for tests.
func (c *Chip) Indirect(n int) uint16 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.indirect[n&255]
}

func (c *Chip) reset(partial bool) {
	spi := c.reg[rSPI] & 0xC0
	c.reg = [128]byte{}
	for n, v := range afterReset {
		c.reg[n] = v
	}
	c.reg[rSPI] = c.opts.Revision
	if partial {
		c.reg[rSPI] |= spi
	} else {
		c.phase = 0
	}
	for i := range c.indirect { // undefined after reset
		c.indirect[i] = uint16(c.random.Uint32())
	}
	c.pending, c.dataLoaded = 0, false
	c.calibration, c.converter = countdown{}, countdown{}
	c.line = linefeed{}
	c.announce()
}

// interrupt sets a status bit, if it is enabled.
func (c *Chip) interrupt(status int, bit byte) {
	if c.reg[status+rEnable1-rInt1]&bit != 0 {
		c.reg[status] |= bit
		c.announce()
	}
}

func (c *Chip) announce() {
	c.opts.Int(c.reg[rInt1]|c.reg[rInt2]|c.reg[rInt3] != 0)
}

// countdown is a time in samples that runs while on.
type countdown struct {
	on   bool
	left int
}

func (d *countdown) start(ms int) { *d = countdown{true, ms * 8} }

// step tells whether the time ended in these samples.
func (d *countdown) step(samples int) bool {
	if !d.on {
		return false
	}
	d.left -= samples
	if d.left > 0 {
		return false
	}
	d.on = false
	return true
}

// Poke puts a value into a direct register from behind, for tests of audits.
func (c *Chip) Poke(n int, v byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reg[n&127] = v
}
