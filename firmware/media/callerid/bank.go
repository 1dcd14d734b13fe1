package callerid

import "math"

// taps is the length of the correlators: one bit of 6.67 samples, centred, with
// the outer samples counting five sixths.
const taps = 7

// bank finds the amplitudes of both tones in a bit by least squares: mark cosine
// and sine, space cosine and sine.
type bank [taps][4]float32

// newBank solves for both tones at once, because over one bit they are not
// orthogonal: 800 Hz apart, a correlator alone hears four tenths of the other
// tone, which is more than its own where that is 8 dB weaker. The square of what
// it finds is the power of a tone.
func newBank(mark, space float64) (b bank) {
	var basis [taps][4]float64
	var weight [taps]float64
	var m [4][8]float64 // the products of the basis, and its inverse at the right
	for i := range basis {
		k := float64(i - taps/2)
		weight[i] = 1
		if i == 0 || i == taps-1 {
			weight[i] = 5.0 / 6
		}
		x, y := 2*math.Pi*mark/8000*k, 2*math.Pi*space/8000*k
		basis[i] = [4]float64{math.Cos(x), math.Sin(x), math.Cos(y), math.Sin(y)}
		for r := range 4 {
			for c := range 4 {
				m[r][c] += weight[i] * basis[i][r] * basis[i][c]
			}
		}
	}
	for r := range 4 {
		m[r][4+r] = 1
	}
	invert(&m)
	for i := range b {
		for r := range 4 {
			var v float64
			for c := range 4 {
				v += m[r][4+c] * basis[i][c]
			}
			b[i][r] = float32(v * weight[i] / math.Sqrt2)
		}
	}
	return b
}

// invert leaves the inverse of the left half in the right, by Gauss and Jordan:
// the products are far from singular.
func invert(m *[4][8]float64) {
	for i := range m {
		p := m[i][i]
		for c := range m[i] {
			m[i][c] /= p
		}
		for r := range m {
			k := m[r][i]
			if r == i {
				continue
			}
			for c := range m[r] {
				m[r][c] -= k * m[i][c]
			}
		}
	}
}
