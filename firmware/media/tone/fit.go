package tone

import "math"

// fitWindow is 20 ms: long enough to tell a tone from a voice, short against the
// shortest burst.
const fitWindow = 160

// fit measures how much of a window one set of up to two frequencies explains,
// by least squares, so that two close ones do not disturb each other.
type fit struct {
	class  int     // which frequencies of the plan; SIT tones share one for their variants
	pure   float32 // part of the energy it must explain
	weight float32 // of what it explains, against other fits
	n      int     // 2 or 4 basis vectors: cosine and sine of each frequency
	basis  [fitWindow][4]float32
	solve  [4][4]float32 // inverse of the basis' products
}

// newFit prepares a fit. Two tones explain a little more of anything than one,
// so they count a tenth less.
func newFit(class int, pure float32, hz ...float32) *fit {
	f := &fit{class: class, pure: pure, weight: 1, n: 2 * min(len(hz), 2)}
	if f.n == 4 {
		f.weight = 0.9
	}
	for i := range f.basis {
		for k, h := range hz[:f.n/2] {
			a := 2 * math.Pi * float64(h) / 8000 * float64(i)
			f.basis[i][2*k] = float32(math.Cos(a))
			f.basis[i][2*k+1] = float32(math.Sin(a))
		}
	}
	var gram [4][8]float64
	for r := range f.n {
		for c := range f.n {
			for i := range f.basis {
				gram[r][c] += float64(f.basis[i][r]) * float64(f.basis[i][c])
			}
		}
		gram[r][f.n+r] = 1
	}
	invert(&gram, f.n)
	for r := range f.n {
		for c := range f.n {
			f.solve[r][c] = float32(gram[r][f.n+c])
		}
	}
	return f
}

// invert leaves the inverse of the left n by n in the right, by Gauss and Jordan;
// the products of different tones are far from singular.
func invert(m *[4][8]float64, n int) {
	for i := range n {
		p := m[i][i]
		for c := range 2 * n {
			m[i][c] /= p
		}
		for r := range n {
			if r == i {
				continue
			}
			k := m[r][i]
			for c := range 2 * n {
				m[r][c] -= k * m[i][c]
			}
		}
	}
}

// maxTwist is how much stronger one of two tones may be: 10 dB.
const maxTwist = 10

// explained is the energy of x that the tones account for, 0 where one of two is
// missing, and their mean square, which does not beat as the energy does.
func (f *fit) explained(x *[fitWindow]float32) (energy, level float32) {
	var b0, b1, b2, b3 float32 // an array would not be kept in registers
	if f.n == 2 {
		for i, v := range x {
			w := &f.basis[i]
			b0 += v * w[0]
			b1 += v * w[1]
		}
	} else {
		for i, v := range x {
			w := &f.basis[i]
			b0 += v * w[0]
			b1 += v * w[1]
			b2 += v * w[2]
			b3 += v * w[3]
		}
	}
	b := [4]float32{b0, b1, b2, b3}
	var a [4]float32
	for r := range f.n {
		for c := range f.n {
			a[r] += f.solve[r][c] * b[c]
		}
		energy += a[r] * b[r]
		level += a[r] * a[r] / 2
	}
	if f.n == 4 {
		p, q := a[0]*a[0]+a[1]*a[1], a[2]*a[2]+a[3]*a[3]
		if p > maxTwist*q || q > maxTwist*p {
			return 0, 0
		}
	}
	return energy, level
}
