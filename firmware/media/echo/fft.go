package echo

import "math"

// The filters work on blocks of blockSamples with transforms of twice the length.
// Blocks divide the frame, so that nothing waits for a block to fill: 20 learn
// speech and find a changed line in two thirds of the time that 40 need, at twice
// the price; 5 x 4 has a cheap transform without inner twiddle factors.
const (
	blockSamples = 20
	transform    = 2 * blockSamples
	bins         = blockSamples + 1
)

// bin is one complex value. complex64 would do, but hides which products are
// needed.
type bin struct{ re, im float32 }

func (b bin) power() float32 { return b.re*b.re + b.im*b.im }

func (b *bin) scale(g float32) { b.re, b.im = b.re*g, b.im*g }

// spectrum is one side of a real signal's transform, 0..4 kHz in steps of 200 Hz.
type spectrum [bins]bin

// signal is transform real samples, two by two: sample 2n in re, 2n+1 in im.
type signal [blockSamples]bin

func (s *signal) at(i int) float32 {
	if i&1 == 0 {
		return s[i>>1].re
	}
	return s[i>>1].im
}

var tables = makeTables()

// twiddles are what the transforms look up; in and out map 20 points in
// a row to 5 x 4 and back.
type twiddles struct {
	half    [blockSamples/2 + 1]bin // exp(-2πik/40): joins the even and odd samples
	in, out [blockSamples]uint8
}

func makeTables() (t twiddles) {
	for k := range t.half {
		s, c := math.Sincos(-2 * math.Pi * float64(k) / transform)
		t.half[k] = bin{float32(c), float32(s)}
	}
	for a := range 5 {
		for b := range 4 {
			t.in[b*5+a] = uint8((4*a + 5*b) % blockSamples)
			t.out[a*4+b] = uint8((16*a + 5*b) % blockSamples)
		}
	}
	return t
}

// forward transforms x, which it destroys.
func forward(x *signal, to *spectrum) {
	dft20(x)
	z0 := x[0]
	to[0] = bin{z0.re + z0.im, 0}
	to[blockSamples] = bin{z0.re - z0.im, 0}
	for k := 1; k <= blockSamples/2; k++ {
		a, b := x[k], x[blockSamples-k]
		w := tables.half[k]
		er, ei := (a.re+b.re)*0.5, (a.im-b.im)*0.5
		or, oi := (a.im+b.im)*0.5, (b.re-a.re)*0.5
		tr, ti := or*w.re-oi*w.im, or*w.im+oi*w.re
		to[k] = bin{er + tr, ei + ti}
		to[blockSamples-k] = bin{er - tr, ti - ei}
	}
}

// inverse undoes forward; from is kept.
func inverse(from *spectrum, x *signal) {
	const scale = 1.0 / transform
	// The transform of the conjugate: re and im change places on the way in and out.
	lo, hi := from[0].re, from[blockSamples].re
	x[0] = bin{(lo - hi) * scale, (lo + hi) * scale}
	for k := 1; k <= blockSamples/2; k++ {
		a, b := from[k], from[blockSamples-k]
		w := tables.half[k]
		er, ei := a.re+b.re, a.im-b.im
		dr, di := a.re-b.re, a.im+b.im
		or, oi := dr*w.re+di*w.im, di*w.re-dr*w.im
		x[k] = bin{(ei + or) * scale, (er - oi) * scale}
		x[blockSamples-k] = bin{(or - ei) * scale, (er + oi) * scale}
	}
	dft20(x)
	for i, v := range x {
		x[i] = bin{v.im, v.re}
	}
}

// dft20 is a complex transform of 20 points: four of five, then five of four
// (I. J. Good's prime factor algorithm).
func dft20(x *signal) {
	var t [blockSamples]bin
	for b := range 4 {
		dft5(x, (*[5]uint8)(tables.in[b*5:]), &t, b)
	}
	for a := range 5 {
		dft4((*[4]bin)(t[a*4:]), x, (*[4]uint8)(tables.out[a*4:]))
	}
}

// Of the five-point transform (S. Winograd): sines and cosines of 72 and 144°.
const (
	cos72  = 0.30901699437494742410
	cos144 = -0.80901699437494742410
	sin72  = 0.95105651629515357212
	sin144 = 0.58778525229247312917
)

// dft5 takes five points of x and puts them to column b of t.
func dft5(x *signal, in *[5]uint8, t *[blockSamples]bin, b int) {
	x0, x1, x2, x3, x4 := x[in[0]], x[in[1]], x[in[2]], x[in[3]], x[in[4]]
	s1r, s1i, d1r, d1i := x1.re+x4.re, x1.im+x4.im, x1.re-x4.re, x1.im-x4.im
	s2r, s2i, d2r, d2i := x2.re+x3.re, x2.im+x3.im, x2.re-x3.re, x2.im-x3.im
	ar, ai := x0.re+cos72*s1r+cos144*s2r, x0.im+cos72*s1i+cos144*s2i
	br, bi := x0.re+cos144*s1r+cos72*s2r, x0.im+cos144*s1i+cos72*s2i
	pr, pi := sin72*d1r+sin144*d2r, sin72*d1i+sin144*d2i
	qr, qi := sin144*d1r-sin72*d2r, sin144*d1i-sin72*d2i
	b &= 3
	t[b] = bin{x0.re + s1r + s2r, x0.im + s1i + s2i}
	t[4+b] = bin{ar + pi, ai - pr}
	t[8+b] = bin{br + qi, bi - qr}
	t[12+b] = bin{br - qi, bi + qr}
	t[16+b] = bin{ar - pi, ai + pr}
}

// dft4 takes four points and puts them where out says.
func dft4(v *[4]bin, x *signal, out *[4]uint8) {
	sr, si, dr, di := v[0].re+v[2].re, v[0].im+v[2].im, v[0].re-v[2].re, v[0].im-v[2].im
	tr, ti, er, ei := v[1].re+v[3].re, v[1].im+v[3].im, v[1].re-v[3].re, v[1].im-v[3].im
	x[out[0]] = bin{sr + tr, si + ti}
	x[out[1]] = bin{dr + ei, di - er}
	x[out[2]] = bin{sr - tr, si - ti}
	x[out[3]] = bin{dr - ei, di + er}
}
