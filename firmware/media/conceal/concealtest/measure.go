// Package concealtest holds concealment against its standard: an own ITU-T G.711
// Appendix I, patterns of loss, and how far two sounds are apart. Only tests and
// scripts/lab import it; the box conceals with its parent.
package concealtest

import (
	"math"
	"math/rand/v2"
)

// frame is 10 ms.
const frame = 80

// Losses are frames of packets of 20 ms by Gilbert and Elliott: a part of them is
// lost, in bursts of that many packets on the average.
func Losses(seed uint64, frames int, part, burst float64) []bool {
	r := rand.New(rand.NewPCG(seed, 11))
	lost := make([]bool, frames)
	end := 1 / burst
	begin := part * end / (1 - part)
	bad := false
	for f := 0; f+1 < frames; f += 2 {
		if bad {
			bad = r.Float64() >= end
		} else {
			bad = r.Float64() < begin
		}
		lost[f], lost[f+1] = bad, bad
	}
	return lost
}

// Segmental is the mean over the frames of 10 ms that a loss touched, the lost
// ones and two behind, of their signal to error ratio in dB, each within -10 and
// 35; frames below -50 dBm0 do not count.
func Segmental(ref, out []int16, lost []bool) float64 {
	var sum float64
	n := 0
	for f := range lost {
		if !touched(lost, f) || (f+1)*frame > min(len(ref), len(out)) {
			continue
		}
		var s, e float64
		for i := f * frame; i < (f+1)*frame; i++ {
			d := float64(out[i]) - float64(ref[i])
			s += float64(ref[i]) * float64(ref[i])
			e += d * d
		}
		if s/frame < 16141*16141*1e-5 {
			continue
		}
		sum += min(35, max(-10, 10*math.Log10(s/(e+1))))
		n++
	}
	return sum / float64(max(1, n))
}

func touched(lost []bool, f int) bool {
	return lost[f] || f > 0 && lost[f-1] || f > 1 && lost[f-2]
}

// Spectral is how far the short spectra are apart, in dB: the mean over frames of
// 16 ms, 8 ms apart, that a loss touched and over critical bands, of what the
// levels differ, at most 20 dB, above a floor of -55 dBm0 a band.
func Spectral(ref, out []int16, lost []bool) float64 {
	var sum float64
	n := 0
	for at := 0; at+128 <= min(len(ref), len(out)); at += 64 {
		if f := (at + 64) / frame; f >= len(lost) || !touched(lost, f) {
			continue
		}
		a, b := bands(ref[at:at+128]), bands(out[at:at+128])
		for k := range a {
			sum += min(20, math.Abs(a[k]-b[k]))
			n++
		}
	}
	return sum / float64(max(1, n))
}

// edges are those of the critical bands in bins of 62.5 Hz.
var edges = []int{2, 3, 5, 6, 8, 10, 12, 15, 17, 20, 24, 28, 32, 37, 43, 50, 56}

func bands(x []int16) (level [16]float64) {
	for k := range level {
		var p float64
		for bin := edges[k]; bin < edges[k+1]; bin++ {
			var re, im float64
			for i, v := range x {
				w := hann[i] * float64(v)
				re += w * cosine[bin*i%128]
				im += w * cosine[(bin*i+96)%128]
			}
			p += re*re + im*im
		}
		level[k] = 10 * math.Log10(p*2/(64*64)+16141*16141*3e-6)
	}
	return level
}

var hann, cosine = func() (h, c [128]float64) {
	for i := range h {
		h[i] = 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/128)
		c[i] = math.Cos(2 * math.Pi * float64(i) / 128)
	}
	return h, c
}()
