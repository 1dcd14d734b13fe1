package g722

// band is the state of one sub-band, the same in encoder and decoder: what the
// predictor saw and learnt, and the logarithm of the quantiser's scale. All
// values are those of the Recommendation's 16-bit words.
type band struct {
	nb int32    // scale factor, logarithmic: NABL, NABH
	s  int32    // signal estimate: SL, SH
	sz int32    // what the zeros contribute to it: SZL, SZH
	a  [2]int32 // poles: AL1, AL2
	b  [6]int32 // zeros: BL1..BL6
	r  [2]int32 // reconstructed signal, newest first: RLT
	p  [2]int32 // partially reconstructed signal, newest first: PLT
	d  [6]int32 // quantised difference, newest first: DLT
}

// scaleLow and scaleHigh are SCALEL and SCALEH: the linear scale factor.
func (b *band) scaleLow() int32  { return ilb[b.nb>>6&31] << (b.nb >> 11) >> 8 << 2 }
func (b *band) scaleHigh() int32 { return ilb[b.nb>>6&31] << (b.nb >> 11) >> 10 << 2 }

// adaptLow and adaptHigh are INVQAL, LOGSCL and their like for the upper band.
func (b *band) adaptLow(code, scale int32) {
	b.nb = min(max(b.nb*127>>7+wl[code], 0), 18432)
	b.predict(scale * qm4[code] >> 15)
}

func (b *band) adaptHigh(code, scale int32) {
	b.nb = min(max(b.nb*127>>7+wh[code], 0), 22528)
	b.predict(scale * qm2[code] >> 15)
}

// predict takes the quantised difference d and estimates the next sample: blocks
// RECONS, PARREC, UPPOL2, UPPOL1, UPZERO, FILTEP, FILTEZ and PREDIC.
func (b *band) predict(d int32) {
	r, p := sat(b.s+d), sat(b.sz+d)
	b.poles(p)
	b.zeros(d)
	sp := sat(b.a[0]*sat(2*r)>>15 + b.a[1]*sat(2*b.r[0])>>15)
	b.r[1], b.r[0] = b.r[0], r
	b.p[1], b.p[0] = b.p[0], p
	b.s = sat(sp + b.sz)
}

// poles updates both pole coefficients by the signs of the last three partially
// reconstructed samples and keeps them where the filter is stable.
func (b *band) poles(p int32) {
	turn, wd := int32(192), -sat(4*b.a[0])
	if p^b.p[0] < 0 {
		turn, wd = -192, -wd
	}
	a2 := min(wd, 32767) >> 7
	if p^b.p[1] < 0 {
		a2 -= 128
	} else {
		a2 += 128
	}
	a2 += b.a[1] * 32512 >> 15
	a2 = min(max(a2, -12288), 12288)
	a1 := turn + b.a[0]*32640>>15
	most := 15360 - a2
	b.a[0], b.a[1] = min(max(a1, -most), most), a2
}

// zeros updates the six zero coefficients by the signs of the differences, takes
// d in and sums what the zeros predict.
func (b *band) zeros(d int32) {
	var turn, sz int32
	if d != 0 {
		turn = 128
	}
	for i := 5; i >= 0; i-- {
		next := d
		if i > 0 {
			next = b.d[i-1]
		}
		t := (d ^ b.d[i]) >> 31 // all ones where the signs differ
		w := b.b[i]*32640>>15 + (turn ^ t) - t
		sz = sat(sz + w*sat(2*next)>>15)
		b.b[i], b.d[i] = w, next
	}
	b.sz = sz
}

// quantLow is QUANTL: the place of the difference among the 30 levels.
func quantLow(e, scale int32) int32 {
	size := e
	if e < 0 {
		size = ^e
	}
	lo, hi := 0, len(q6) // q6[lo-1] <= size < q6[hi], scaled
	for lo < hi {
		mid := (lo + hi) / 2
		if size < q6[mid]*scale>>12 {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	if e >= 0 {
		return 61 - int32(lo)
	}
	if lo < 2 {
		return 63 - int32(lo)
	}
	return 33 - int32(lo)
}

// quantHigh is QUANTH: sign and size of the difference.
func quantHigh(e, scale int32) int32 {
	edge := 564 * scale >> 12
	switch {
	case e >= edge:
		return 2
	case e >= 0:
		return 3
	case ^e >= edge:
		return 0
	}
	return 1
}

// sat holds a value in a 16-bit word.
func sat(x int32) int32 { return min(max(x, -32768), 32767) }

// limit15 is LIMIT: what the sub-bands of 16-bit sound can hold.
func limit15(x int32) int32 { return min(max(x, -16384), 16383) }
