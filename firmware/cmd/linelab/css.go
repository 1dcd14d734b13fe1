package main

import (
	"math"
	"math/rand/v2"
)

// The composite source signal of ITU-T P.501 and G.168 Annex C: a voiced sound,
// pseudo-noise, a pause, and the same with its sign turned; the second kind, for
// the near end in double talk, has other times and another pitch.
type cssTimes struct {
	voiced, noise, pause float64 // ms
	hz                   float64 // pitch
	seed                 uint64
}

var (
	cssFar  = cssTimes{48.62, 200, 101.38, 205, 1}
	cssNear = cssTimes{72.69, 200, 127.31, 275, 2}
)

// css makes n samples at an arbitrary level.
func css(n int, double bool) []float64 {
	t := cssFar
	if double {
		t = cssNear
	}
	voiced, noise, pause := int(t.voiced*8+0.5), int(t.noise*8+0.5), int(t.pause*8+0.5)
	r := rand.New(rand.NewPCG(t.seed, t.seed))
	hiss := make([]float64, noise)
	for i := range hiss {
		hiss[i] = r.NormFloat64()
	}
	out := make([]float64, n)
	sign := 1.0
	for at := 0; at < n; at += voiced + noise + pause {
		for i := range min(voiced, n-at) {
			out[at+i] = sign * voicedAt(float64(i)/rate, t.hz)
		}
		for i := range min(noise, max(0, n-at-voiced)) {
			out[at+voiced+i] = sign * hiss[i]
		}
		sign = -sign
	}
	return out
}

// voicedAt is a sound of all harmonics with two formants, at the power of the
// noise.
func voicedAt(t, hz float64) float64 {
	var v float64
	for h := 1.0; h*hz < 3600; h++ {
		f := h * hz
		bell := func(centre, wide float64) float64 { return math.Exp(-(f - centre) * (f - centre) / (wide * wide)) }
		v += (bell(500, 300) + 0.5*bell(1500, 400) + 0.1) * math.Sin(2*math.Pi*f*t+h*h)
	}
	return 1.4 * v
}
