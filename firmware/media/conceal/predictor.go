package conceal

import "math"

// shape is the window of the prediction: it rises over 10 ms and falls at once
// at the end, where the voice goes on.
var shape = func() (w [Behind]float32) {
	const rise, drop = 80.0, 8
	for i := range w {
		x := 1.0
		if float64(i) < rise {
			x = math.Sin(math.Pi / 2 * (float64(i) + 0.5) / rise)
		}
		if k := Behind - 1 - i; k < drop {
			x *= (float64(k) + 0.5) / drop
		}
		w[i] = float32(x)
	}
	return w
}()

// whiten is a little noise beneath (30 dB), widen the widening of the resonances:
// both keep the filter from ringing on.
const (
	whiten = 1.001
	widen  = 0.99
)

// predictor is the filter of linear prediction for the last Behind samples, by
// autocorrelation, which is always stable.
func predictor(x []float32) [order]float32 {
	var w [Behind]float32
	for i, v := range x[:Behind] {
		w[i] = v * shape[i]
	}
	var r [order + 1]float32
	for k := range r {
		r[k] = product(w[k:], w[:Behind-k])
	}
	r[0] = r[0]*whiten + 1
	a := levinson(&r)
	g := float32(widen)
	for k := range a {
		a[k] *= g
		g *= widen
	}
	return a
}

// levinson solves for the filter (Levinson and Durbin).
func levinson(r *[order + 1]float32) (a [order]float32) {
	e := r[0]
	for i := range order {
		k := r[i+1]
		for j := range i {
			k += a[j] * r[i-j]
		}
		k = -k / e
		t := a
		for j := range i {
			a[j] = t[j] + k*t[i-1-j]
		}
		a[i] = k
		e *= 1 - k*k
	}
	return a
}
