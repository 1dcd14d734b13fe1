// Package sound makes the sound of a load: streams of RTP whose samples say which
// stream and which packet they are, sent and received with the kernel's time
// stamps, so that the delay, the loss and the mixing-up seen are those of the
// server between.
//
// firmware/cmd/callload gives it streams and reads its figures. It shares nothing
// with the box: two readings of the standards meet.
package sound

// The sound of a packet is ten cells of 16 samples, 2 ms each:
//
//	sync sync | stream ×2 | packet ×3 | cell | check ×2 | 6 fill
//
// in symbols of 6 bits, each one µ-law code of middle loudness. A server that
// passes sound at unity, as packets or mixed, gives the same codes out, at
// whatever place in a packet.
const (
	Samples = 160 // of a packet, 20 ms
	Cells   = 10  // of a packet
	cell    = Samples / Cells
	sync0   = 0x60
	sync1   = 0x61
	data    = 8 // symbols between sync and fill

	// StreamsMax and packetsMax are what fits the symbols: packetsMax is 87 minutes.
	StreamsMax = 1 << 12
	packetsMax = 1 << 18
)

// code is the µ-law code of a symbol: the sign changes by place, so that the
// sound has no direct current.
func code(place int, symbol byte) byte {
	c := 0x20 + symbol
	if place&1 == 0 {
		c |= 0x80
	}
	return c
}

// Fill writes the marks of one packet.
func Fill(b *[Samples]byte, stream int, packet uint32) {
	var s [data]byte
	s[0], s[1] = byte(stream>>6&63), byte(stream&63)
	s[2], s[3], s[4] = byte(packet>>12&63), byte(packet>>6&63), byte(packet&63)
	for k := range Cells {
		at := b[k*cell : (k+1)*cell]
		s[5] = byte(k)
		s[6], s[7] = checks(s[:6])
		at[0], at[1] = sync0|0x80, sync1
		for i, x := range s {
			at[2+i] = code(i, x)
		}
		for i := 2 + data; i < cell; i++ {
			at[i] = code(i, 31)
		}
	}
}

// checks are two weighted sums of the symbols.
func checks(s []byte) (a, b byte) {
	var x, y uint
	for i, v := range s {
		x += uint(v) * uint(2*i+1)
		y += uint(v^0x2a) * uint(7*i+3)
	}
	return byte(x & 63), byte(y & 63)
}

// Mark is one cell found in sound.
type Mark struct {
	Stream int
	Packet uint32
	Cell   int
	Offset int // where in the sound it begins, in samples
}

// Read gives every whole mark in b to see, in order.
func Read(b []byte, see func(Mark)) {
	for i := 0; i+2+data <= len(b); {
		if m, ok := read(b[i:]); ok {
			m.Offset = i
			see(m)
			i += cell
			continue
		}
		i++
	}
}

func read(b []byte) (Mark, bool) {
	if b[0] != sync0|0x80 || b[1] != sync1 {
		return Mark{}, false
	}
	var s [data]byte
	for i := range s {
		x := b[2+i]
		if (x >= 0x80) != (i&1 == 0) {
			return Mark{}, false
		}
		x = x&0x7f - 0x20
		if x > 63 {
			return Mark{}, false
		}
		s[i] = x
	}
	if c, d := checks(s[:6]); c != s[6] || d != s[7] || s[5] >= Cells {
		return Mark{}, false
	}
	return Mark{
		Stream: int(s[0])<<6 | int(s[1]),
		Packet: uint32(s[2])<<12 | uint32(s[3])<<6 | uint32(s[4]),
		Cell:   int(s[5]),
	}, true
}
