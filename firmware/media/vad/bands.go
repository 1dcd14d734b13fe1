package vad

import (
	"math"

	"centralita/firmware/media"
)

// bands is how many parts of the spectrum have a background of their own.
const bands = 5

// bank splits a voice band into five parts by resonances.
type bank [bands]struct{ z1, z2 float32 }

// resonance is a band-pass of two poles with a gain of one in its middle.
type resonance struct{ b0, a1, a2 float32 }

// resonances: the first formant below and above its middle, the second, the
// third, and hiss.
var resonances = func() (rs [bands]resonance) {
	for i, s := range [bands]struct{ hz, q float64 }{{250, 1.2}, {550, 1.5}, {1100, 1.5}, {2000, 2}, {3000, 2.5}} {
		w := 2 * math.Pi * s.hz / 8000
		alpha := math.Sin(w) / (2 * s.q)
		rs[i] = resonance{float32(alpha / (1 + alpha)), float32(-2 * math.Cos(w) / (1 + alpha)), float32((1 - alpha) / (1 + alpha))}
	}
	return rs
}()

// pass returns the mean square of 10 ms in each band.
func (b *bank) pass(pcm *[media.Narrow]int16) (e [bands]float32) {
	for i := range b {
		r, z1, z2 := resonances[i], b[i].z1, b[i].z2
		var sum float32
		for _, s := range pcm {
			x := r.b0 * float32(s)
			y := x + z1
			z1 = z2 - r.a1*y
			z2 = -x - r.a2*y
			sum += y * y
		}
		b[i].z1, b[i].z2 = z1, z2
		e[i] = sum / float32(media.Narrow)
	}
	return e
}
