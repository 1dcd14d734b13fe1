package echo

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"
)

// TestTransform compares with the sum by definition, and back.
func TestTransform(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var x, back signal
	var got spectrum
	for i := range x {
		x[i] = bin{float32(r.NormFloat64()), float32(r.NormFloat64())}
	}
	kept := x
	forward(&x, &got)
	for k := range bins {
		var want complex128
		for n := range transform {
			want += complex(float64(kept.at(n)), 0) * cmplx.Rect(1, -2*math.Pi*float64(k*n)/transform)
		}
		if d := cmplx.Abs(want - complex(float64(got[k].re), float64(got[k].im))); d > 2e-5 {
			t.Errorf("bin %d is %v, want %.6f", k, got[k], want)
		}
	}
	inverse(&got, &back)
	for n := range transform {
		if d := math.Abs(float64(back.at(n) - kept.at(n))); d > 1e-5 {
			t.Errorf("sample %d came back as %v, was %v", n, back.at(n), kept.at(n))
		}
	}
}

func BenchmarkForward(b *testing.B) {
	var x signal
	var s spectrum
	x[3].re = 1
	for b.Loop() {
		forward(&x, &s)
	}
}
func BenchmarkInverse(b *testing.B) {
	var x signal
	var s spectrum
	s[3].re = 1
	for b.Loop() {
		inverse(&s, &x)
	}
}
