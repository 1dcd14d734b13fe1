package g722

// DecodeNarrow writes one sample of 8 kHz for every octet and returns how many: the
// lower sub-band, which is what an ear of 8 kHz hears of the sound, with nothing to
// filter. The upper one is followed all the same, so that Decode may go on.
func (d *Decoder) DecodeNarrow(pcm []int16, src []byte) int {
	n := min(len(src), len(pcm))
	for i, c := range src[:n] {
		rl := d.low.decodeLow(int32(c&0x3f), d.Mode)
		d.high.decodeHigh(int32(c >> 6))
		pcm[i] = int16(2 * rl) // 15 bits
	}
	return n
}

// EncodeNarrow writes an octet for every sample of 8 kHz and returns how many: the
// upper sub-band is silent. Encode may go on after it.
func (e *Encoder) EncodeNarrow(dst []byte, pcm []int16) int {
	n := min(len(dst), len(pcm))
	for i, x := range pcm[:n] {
		il := e.low.encodeLow(int32(x) >> 1)
		ih := e.high.encodeHigh(0)
		dst[i] = byte(ih<<6 | il)
	}
	return n
}
