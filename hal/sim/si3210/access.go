package si3210

// Chain is a daisy chain of chips on one chip select; the first is nearest to the
// host. A single chip without chain is a Chain of one.
type Chain []*Chip

// Selected fulfils bus.Device. Chip select frames bits into bytes and does not
// end an access: drivers may raise it after every byte.
func (c Chain) Selected(bool) {}

// Shift fulfils bus.Device: SDITHRU of each chip is SDI of the next, and all SDO
// pins are tied together.
func (c Chain) Shift(in byte) byte {
	out := byte(0xFF)
	for _, chip := range c {
		var driven byte
		in, driven = chip.shift(in)
		out &= driven
	}
	return out
}

// shift clocks one byte through; driven is 0xFF while SDO is released.
func (c *Chip) shift(in byte) (thru, driven byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held || c.stopped {
		return in, 0xFF
	}
	daisy := c.reg[rSPI]&0x80 != 0
	if !daisy && c.phase == 0 {
		c.phase, c.selected = 1, true
	}
	switch c.phase {
	case 0: // mask of chips: bit 0 is ours, the rest moves on
		c.selected, c.phase = in&1 != 0, 1
		return in >> 1, 0xFF
	case 1:
		c.command, c.phase = in, 2
		return in, 0xFF
	}
	c.phase = 0
	if !c.selected {
		return in, 0xFF
	}
	if c.faults.Dead && c.command != rSPI {
		return in, 0xFF
	}
	c.serve()
	if n := int(c.command & 0x7F); c.command&0x80 != 0 {
		return in, c.read(n)
	}
	c.write(int(c.command), in)
	return in, 0xFF
}

// serve moves a pending indirect access on by one bus access.
func (c *Chip) serve() {
	if c.pending == 0 {
		return
	}
	if c.pending--; c.pending > 0 {
		return
	}
	n := c.reg[rIndirect]
	if c.pendingRead {
		c.reg[rDataLow], c.reg[rDataHigh] = byte(c.indirect[n]), byte(c.indirect[n]>>8)
	} else {
		c.indirect[n] = uint16(c.reg[rDataHigh])<<8 | uint16(c.reg[rDataLow])
	}
	c.interrupt(rInt3, indirectDone)
}

func (c *Chip) read(n int) byte {
	switch n {
	case rPending:
		if c.pending > 0 {
			return 1
		}
		return 0
	case rLinefeed:
		return c.line.state<<4 | c.reg[rLinefeed]
	case rRinging:
		v := c.reg[rRinging]
		if c.line.state == lfRinging {
			v |= 0xA4 // RSS, RDAC, ROE
		}
		return v
	case rDetect:
		return c.line.detect()
	case rConvert:
		v := c.reg[rConvert] & 0x7F
		if c.converter.on {
			v |= 0x80
		}
		return v
	case 92:
		return c.reg[92] | 0x40
	}
	if n >= rLoopV && n <= rQ6 {
		return c.measure(n)
	}
	return c.reg[n]
}

func (c *Chip) write(n int, v byte) {
	if n >= rInt1 && n <= rInt3 {
		c.reg[n] &^= v
		c.announce()
		return
	}
	if mask, special := writable[n]; special {
		v = c.reg[n]&^mask | v&mask
	}
	c.reg[n] = v
	switch n {
	case rDataLow, rDataHigh:
		c.dataLoaded = true
	case rIndirect:
		c.pending, c.pendingRead, c.dataLoaded = 2, !c.dataLoaded, false
	case rLinefeed:
		c.line.request(v, &c.reg)
	case rConvert:
		if v&0x80 != 0 {
			c.converter.start(5)
		}
	case rCal1:
		c.calibrate()
	case rRingCode, rTipCode:
		c.search[n-rRingCode].write(v, c.now)
	}
}
