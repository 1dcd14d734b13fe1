package g722

// DecodeBands writes one sample of each sub-band for every octet and returns how many:
// what Decode would join, for who puts together the bands of a play-out buffer. Both
// are of 8 kHz and as loud as sound of 16 bits; the lower one is what DecodeNarrow
// writes.
func (d *Decoder) DecodeBands(low, high []int16, src []byte) int {
	n := min(len(src), len(low), len(high))
	for i, c := range src[:n] {
		low[i] = int16(2 * d.low.decodeLow(int32(c&0x3f), d.Mode))
		high[i] = int16(2 * d.high.decodeHigh(int32(c>>6)))
	}
	return n
}

// Joiner makes sound of 16 kHz of two bands. The zero value is the reset state.
type Joiner struct{ synthesis }

// Join writes two samples for every one of the bands and returns how many.
func (j *Joiner) Join(pcm, low, high []int16) int {
	n := min(len(pcm)/2, len(low), len(high))
	for i := range n {
		pcm[2*i], pcm[2*i+1] = j.pass(int32(low[i])>>1, int32(high[i])>>1)
	}
	return 2 * n
}
