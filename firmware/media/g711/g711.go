// Package g711 is ITU-T G.711: linear sound to A-law and µ-law octets and back,
// exact for all 65,536 inputs and 256 codes of both laws.
//
// RTP legs and recordings use it, in the sound thread too: everything is a table
// look-up, nothing allocates. It never resamples and keeps no state.
package g711

// Law is one of the two companding laws.
type Law uint8

// The laws, with the static RTP payload type of each in PayloadType.
const (
	MuLaw Law = iota // North America, Japan
	ALaw             // elsewhere
)

// String is the encoding name of SDP (RFC 3551).
func (l Law) String() string {
	if l == ALaw {
		return "PCMA"
	}
	return "PCMU"
}

// PayloadType is the static RTP payload type (RFC 3551): 0 or 8.
func (l Law) PayloadType() uint8 {
	if l == ALaw {
		return 8
	}
	return 0
}

// Silence is the octet of silence.
func (l Law) Silence() byte {
	if l == ALaw {
		return 0xd5
	}
	return 0xff
}

// Encode writes len(pcm) octets to dst, which must be as long, and returns how
// many: the shorter of the two.
func (l Law) Encode(dst []byte, pcm []int16) int {
	n := min(len(dst), len(pcm))
	dst, pcm = dst[:n], pcm[:n]
	if l == ALaw {
		for i, s := range pcm {
			dst[i] = aEncode[uint16(s)>>4]
		}
		return n
	}
	for i, s := range pcm {
		dst[i] = uEncode[uint16(s)>>2]
	}
	return n
}

// Decode writes len(src) samples to pcm, which must be as long, and returns how
// many: the shorter of the two.
func (l Law) Decode(pcm []int16, src []byte) int {
	n := min(len(pcm), len(src))
	pcm, src = pcm[:n], src[:n]
	table := &uDecode
	if l == ALaw {
		table = &aDecode
	}
	for i, c := range src {
		pcm[i] = table[c]
	}
	return n
}

// The tables, made once: A-law has 12 significant bits of sign and magnitude,
// µ-law 14, so the upper bits of a two's complement sample find the code.
var (
	aEncode = makeAEncode()
	uEncode = makeUEncode()
	aDecode = makeADecode()
	uDecode = makeUDecode()
	toA     = makeOther(MuLaw, ALaw)
	toMu    = makeOther(ALaw, MuLaw)
)

// makeOther is decoding and encoding in one step.
func makeOther(from, to Law) (t [256]byte) {
	var pcm [256]int16
	for i := range t {
		t[i] = byte(i)
	}
	from.Decode(pcm[:], t[:])
	to.Encode(t[:], pcm[:])
	return t
}

// makeAEncode follows G.711 table 1: 8 segments of 16 steps, the first two of
// equal steps; even bits are inverted (0x55); bit 7 set is positive.
func makeAEncode() (t [4096]byte) {
	for i := range t {
		x := int16(i << 4)
		m, code := int(x)>>4, byte(0x80)
		if x < 0 {
			m, code = ^m, 0
		}
		if m > 15 {
			seg := 1
			for m > 31 {
				m >>= 1
				seg++
			}
			m = m - 16 + seg<<4
		}
		t[i] = (code | byte(m)) ^ 0x55
	}
	return t
}

// makeUEncode follows G.711 table 2: 8 segments of 16 steps, each twice as wide
// as the one before, biased by 33; all bits are inverted.
func makeUEncode() (t [16384]byte) {
	for i := range t {
		x := int16(i << 2)
		m, code := int(x)>>2, byte(0x80)
		if x < 0 {
			m, code = ^m, 0
		}
		m = min(m+33, 0x1fff)
		seg := 0
		for v := m >> 6; v != 0; v >>= 1 {
			seg++
		}
		step := (m >> (seg + 1)) & 15
		t[i] = code | byte((7-seg)<<4) | byte(15-step)
	}
	return t
}

func makeADecode() (t [256]int16) {
	for i := range t {
		c := byte(i) ^ 0x55
		seg, m := int(c>>4)&7, int(c&15)
		if seg > 0 {
			m += 16
		}
		m = m<<4 + 8
		if seg > 1 {
			m <<= seg - 1
		}
		if c < 0x80 {
			m = -m
		}
		t[i] = int16(m)
	}
	return t
}

func makeUDecode() (t [256]int16) {
	for i := range t {
		c := ^byte(i)
		seg, m := int(c>>4)&7, int(c&15)
		v := (m<<3+132)<<seg - 132
		if c >= 0x80 {
			v = -v
		}
		t[i] = int16(v)
	}
	return t
}

// Translate turns octets of one law into those of the other, in place.
func Translate(from, to Law, b []byte) {
	if from == to {
		return
	}
	table := &toMu
	if to == ALaw {
		table = &toA
	}
	for i, c := range b {
		b[i] = table[c]
	}
}
