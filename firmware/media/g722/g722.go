// Package g722 is ITU-T G.722: 16 kHz sound in 64, 56 or 48 kbit/s by two
// sub-bands of adaptive differential PCM, exact to the bit in both directions.
//
// RTP legs of wide-band telephones use it, in the sound thread too: integers
// only, nothing allocates. An octet is two samples, so 10 ms are 80 octets;
// beware that RTP stamps them with a clock of 8 kHz (RFC 3551, 4.5.2). The names
// of the steps are those of the Recommendation's section 6.2. It never resamples
// and never conceals: a leg feeds it what its play-out made good.
package g722

// Mode is how many bits of an octet are sound; the rest, least significant
// first, may carry data. The encoder is the same for all, since the code is
// embedded: who wants data bits puts them over the sound's.
type Mode uint8

// The modes of the Recommendation, by its numbers. The zero Mode decodes as 1.
const (
	Mode64 Mode = 1 // 8 bits of sound, 64 kbit/s: what RTP carries
	Mode56 Mode = 2 // 7 bits of sound and 1 of data
	Mode48 Mode = 3 // 6 bits of sound and 2 of data
)

// PayloadType is the static RTP payload type (RFC 3551).
const PayloadType = 9

// Encoder turns sound into octets. The zero value is the reset state.
type Encoder struct {
	split analysis
	low   band
	high  band
}

// Encode writes an octet for every two samples and returns how many: as many as
// dst and the whole pairs of pcm allow.
func (e *Encoder) Encode(dst []byte, pcm []int16) int {
	n := min(len(dst), len(pcm)/2)
	for i := range dst[:n] {
		xl, xh := e.split.pass(pcm[2*i], pcm[2*i+1])
		il := e.low.encodeLow(xl)
		ih := e.high.encodeHigh(xh)
		dst[i] = byte(ih<<6 | il)
	}
	return n
}

// encodeLow is the lower sub-band: six bits, of which the upper four adapt.
func (b *band) encodeLow(x int32) int32 {
	scale := b.scaleLow()
	code := quantLow(sat(x-b.s), scale)
	b.adaptLow(code>>2, scale)
	return code
}

// encodeHigh is the upper sub-band: two bits.
func (b *band) encodeHigh(x int32) int32 {
	scale := b.scaleHigh()
	code := quantHigh(sat(x-b.s), scale)
	b.adaptHigh(code, scale)
	return code
}

// Decoder turns octets into sound. The zero value is the reset state in mode 1.
type Decoder struct {
	Mode Mode
	join synthesis
	low  band
	high band
}

// Decode writes two samples for every octet and returns how many samples: as
// many as src and the whole pairs of pcm allow.
func (d *Decoder) Decode(pcm []int16, src []byte) int {
	n := min(len(src), len(pcm)/2)
	for i, c := range src[:n] {
		rl := d.low.decodeLow(int32(c&0x3f), d.Mode)
		rh := d.high.decodeHigh(int32(c >> 6))
		pcm[2*i], pcm[2*i+1] = d.join.pass(rl, rh)
	}
	return 2 * n
}

// decodeLow restores the lower sub-band with as many bits as the mode has; the
// four that every mode has adapt, so that all modes keep in step.
func (b *band) decodeLow(code int32, mode Mode) int32 {
	scale := b.scaleLow()
	var step int32
	switch mode {
	case Mode48:
		step = qm4[code>>2]
	case Mode56:
		step = qm5[code>>1]
	default:
		step = qm6[code]
	}
	r := limit15(sat(b.s + scale*step>>15))
	b.adaptLow(code>>2, scale)
	return r
}

// decodeHigh restores the upper sub-band.
func (b *band) decodeHigh(code int32) int32 {
	scale := b.scaleHigh()
	r := limit15(sat(b.s + scale*qm2[code]>>15))
	b.adaptHigh(code, scale)
	return r
}
