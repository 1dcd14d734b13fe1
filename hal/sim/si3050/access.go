package si3050

import "math/bits"

// Chain is a daisy chain of chips on one chip select; the first is nearest to
// the host and has number 0.
type Chain []*Chip

// Selected fulfils bus.Device. Chip select frames bits into bytes and does not
// end an access: it goes high between the three bytes.
func (c Chain) Selected(bool) {}

// Shift fulfils bus.Device.
func (c Chain) Shift(in byte) byte {
	out := byte(0xFF)
	for n, chip := range c {
		out &= chip.shift(byte(n), in)
	}
	return out
}

// shift clocks one byte through chip number n; 0xFF while SDO is released.
func (c *Chip) shift(n, in byte) byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held || c.stopped || c.faults.Dead {
		return 0xFF
	}
	switch c.phase {
	case 0: // control: broadcast, read, 1, 0, chip number with its bits reversed
		if in&0x30 == 0x20 {
			c.control, c.phase = in, 1
		}
		return 0xFF
	case 1:
		c.address, c.phase = in, 2
		return 0xFF
	}
	c.phase = 0
	all := c.control&0x80 != 0
	if !all && bits.Reverse8(c.control<<4) != n || c.address > lastReg {
		return 0xFF
	}
	c.untouched = 0
	if c.control&0x40 != 0 {
		if all {
			return 0xFF
		}
		return c.read(int(c.address))
	}
	c.write(int(c.address), in)
	return 0xFF
}

func (c *Chip) read(n int) byte {
	switch n {
	case rHook:
		return c.reg[rHook]&^(bitRDTN|bitRDTP|bitRDT) | c.ringBits()
	case rVersions:
		if !c.linked {
			return 0x02
		}
		return 0x32 // Si3019, system side revision B
	case rLineRev:
		if !c.linked {
			return 0x40
		}
		return 0x40 | 3<<2
	case rLink:
		if !c.linked {
			return 0
		}
		return 0x40 | c.meter.coarse()
	case rCurrent:
		return c.meter.fine
	case rVoltage:
		return c.voltage()
	}
	return c.reg[n]
}

func (c *Chip) write(n int, v byte) {
	if readOnly[n] || lineSide(n) && !c.linked && c.faults.NoLink {
		return
	}
	switch n {
	case rSource: // cleared by zeros
		c.reg[n] &= v
		c.announce()
		return
	case rControl1:
		if v&0x80 != 0 {
			c.resetting = 8 // 1 ms
		}
	case rControl2:
		v |= c.reg[n] & 0x10 // the watchdog stays on until a hardware reset
	case rHook:
		v &= bitONHM | bitOH
		c.moveHook(v)
	case rPower:
		c.power(v)
	}
	c.reg[n] = v
	if n == rControl2 || n == rMask {
		c.announce()
	}
}

// power is register 6: clearing PDL starts the isolation link.
func (c *Chip) power(v byte) {
	const pdl = 0x10
	switch {
	case v&pdl != 0:
		c.linked, c.linking = false, 0
	case !c.linked && c.linking == 0:
		c.linking = c.linkTime
	}
}

func (c *Chip) loseLink() {
	if !c.linked {
		return
	}
	c.linked, c.linking = false, 0
	for n := range c.reg {
		if lineSide(n) {
			c.reg[n] = afterReset[n]
		}
	}
	c.reg[rHook] &^= bitOH
	c.interrupt(srcLink)
}
