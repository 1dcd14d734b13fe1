package jitter

import "math"

// comfort is the noise that a far end asks to be heard while it says nothing (RFC
// 3389): between two of its time stamps what is missing is not lost. The spectrum
// that it may tell is not followed: the noise is white.
type comfort struct {
	on, open bool
	from     uint32 // the first time stamp of it
	till     uint32 // the first after it, where it is not open
	most     int32  // the greatest sample
	seed     uint32
}

// Comfort hands over a packet of comfort noise, of a level in dB below the overload of
// a square wave (RFC 3389 section 3). The goroutine is that of Put.
func (b *Buffer) Comfort(seq uint16, ts uint32, level uint8) {
	b.put(head{seq: seq, ts: ts, comfort: true, level: level & 0x7f}, nil)
}

// quieten begins the noise, or changes its level.
func (b *Buffer) quieten(p *packet) {
	early := int32(p.ts - b.play)
	if !b.began || early < -jump || early > jump {
		return // nothing was said yet, or it is of another stream
	}
	c := &b.comfort
	if !c.on || !c.open && int32(b.play-c.till) >= 0 {
		c.from = p.ts
	}
	c.on, c.open = true, true
	rms := 32768 * math.Pow(10, -float64(p.level)/20)
	c.most = int32(min(rms*math.Sqrt(3), 32767)) // evenly spread between it and its opposite
}

// spoken ends it where sound begins.
func (c *comfort) spoken(ts uint32) {
	if c.on && c.open && int32(ts-c.from) > 0 {
		c.open, c.till = false, ts
	}
}

// covers reports whether a time stamp lies in it.
func (c *comfort) covers(ts uint32) bool {
	return c.on && int32(ts-c.from) >= 0 && (c.open || int32(c.till-ts) > 0)
}

// fill makes noise.
func (c *comfort) fill(out []int16) {
	x := c.seed | 1
	for i := range out {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		out[i] = int16(int32(int16(x)) * c.most >> 15)
	}
	c.seed = x
}

// hush gives a frame in which noise takes the place of what has not come.
func (b *Buffer) hush(out []int16) {
	for len(out) > 0 {
		n := b.line.run(b.play, len(out))
		if n > 0 {
			b.real(out[:n])
		} else {
			n = min(b.line.gap(b.play, len(out)), len(out))
			b.comfort.fill(out[:n])
			b.conceal.Good(out[:n])
			b.play += uint32(n)
		}
		out = out[n:]
	}
}
