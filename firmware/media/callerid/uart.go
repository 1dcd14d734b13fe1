package callerid

// frameMax is type, length, 255 bytes and checksum.
const frameMax = 2 + 255 + 1

// uart takes bits out of the difference of the tones: a start bit, eight bits,
// the lowest first, a stop bit. It finds each start bit's edge to a part of a
// sample and reads the bits in their middle.
type uart struct {
	last  float32 // difference one sample ago
	mark  float32 // samples of mark since the last byte or other space
	inBit bool    // a byte is under way
	due   float32 // samples until the next bit is read
	n     int     // bit: 0 is the start bit
	value byte
	on    bool // a message is under way
	len   int
	frame [frameMax]byte
}

// reset forgets everything but the bytes, which a new message overwrites.
func (u *uart) reset() {
	u.last, u.mark, u.inBit, u.on = 0, 0, false, false
}

// take takes the difference at one more sample: above 0 is mark. It returns a
// verified frame when that came to its end (valid until the next call), and
// whether this sample was the middle of a bit.
func (u *uart) take(d float32) (frame []byte, sampled bool) {
	before := u.last
	u.last = d
	if !u.inBit {
		u.idle(before, d)
		return nil, false
	}
	u.due--
	if u.due > 0 {
		return nil, false
	}
	v := d + (d-before)*u.due // at the very middle, up to a sample ago
	u.due += bit
	return u.bit(v > 0), true
}

// idle waits for the edge of a start bit.
func (u *uart) idle(before, d float32) {
	if d >= 0 {
		u.mark++
		if u.on && u.mark > gapMax {
			u.on = false
		}
		return
	}
	if before < 0 {
		u.mark = 0 // a space that was no start bit
		return
	}
	u.inBit, u.n, u.value = true, 0, 0
	u.due = bit/2 - d/(d-before)
}

// bit takes the value read in the middle of a bit.
func (u *uart) bit(mark bool) []byte {
	n := u.n
	u.n++
	switch {
	case n == 0 && mark: // only noise
		u.inBit = false
		u.mark += bit / 2
	case n == 0:
		if !u.on && u.mark >= markMin {
			u.on, u.len = true, 0
		}
		u.mark = 0
	case n <= 8:
		u.value >>= 1
		if mark {
			u.value |= 0x80
		}
	default:
		u.inBit = false
		u.mark = bit / 2
		if !mark {
			u.on, u.mark = false, 0
			return nil
		}
		if u.on {
			return u.byte()
		}
	}
	return nil
}

// byte takes one more byte of a message.
func (u *uart) byte() []byte {
	u.frame[u.len] = u.value
	u.len++
	if u.len == 1 && !Kind(u.value).known() {
		u.on = false
		return nil
	}
	if u.len < 3 || u.len < int(u.frame[1])+3 {
		return nil
	}
	u.on = false
	f := u.frame[:u.len]
	if checksum(f) != 0 {
		return nil
	}
	return f
}
