package si3210

// calibrate starts what registers 96 and 97 ask for. With the short settling
// (CALSP) the whole run takes about a tenth of a second.
func (c *Chip) calibrate() {
	if c.reg[rCal1]&0x40 == 0 {
		return
	}
	ms := 60
	if c.reg[rCal1]&0x20 == 0 {
		ms += 270 // settles 300 ms instead of 30
	}
	c.calibration.start(ms)
}

func (c *Chip) stepCalibration() {
	if c.faults.StuckCalibration || !c.calibration.step(80) {
		return
	}
	if c.reg[rCal2]&1 != 0 && c.line.closed { // balance with a set off-hook
		c.interrupt(rInt3, balanceError)
	}
	c.reg[rCal1], c.reg[rCal2] = 0, 0
	for n := 100; n <= 105; n++ {
		c.reg[n] = afterReset[n] ^ byte(c.random.IntN(4))
	}
}

// search is the manual search of one gain mismatch code: the current of Q5 or Q6
// vanishes once the code is small enough.
type search struct {
	code    byte // where it vanishes
	written byte
	at      uint64
}

// settling of Q5 and Q6 after a new code, in samples.
const searchSettling = 30 * 8

func (s *search) write(v byte, now uint64) { s.written, s.at = v, now }

func (s *search) current(now uint64) byte {
	if now-s.at < searchSettling || s.written > s.code {
		return 4 + s.written/4
	}
	return 0
}
