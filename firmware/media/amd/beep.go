package amd

import (
	"math"

	"centralita/firmware/media"
)

// beep hears one steady tone and its end.
type beep struct {
	x1, x2 float32 // the last samples
	hz     float32 // of the tone, mean
	power  float32 // of the tone, mean square
	run    int     // frames that it has lasted
	odd    int     // frames since it was last heard
}

// A beep of an answering machine.
const (
	lowest, highest = 380, 2300 // Hz
	shortest        = 12        // frames
	longest         = 150
	steadyHz        = 0.01                   // of its frequency it may wander
	impure          = 0.02                   // of the power may be anything else
	over            = 3                      // frames without it are its end
	silent          = 30                     // after it is less than this part of its power: music goes on
	faintest        = 16141 * 16141 * 1.0e-4 // -40 dBm0
)

// frame takes 10 ms and returns the frequency of a beep that ended.
func (b *beep) frame(pcm *[media.Narrow]int16) int {
	hz, power, pure := b.measure(pcm)
	if pure && (b.run == 0 || abs(hz-b.hz) < steadyHz*b.hz && power > b.power/2 && power < b.power*2) {
		b.run++
		b.odd = 0
		b.hz += (hz - b.hz) / float32(b.run)
		b.power += (power - b.power) / float32(b.run)
		return 0
	}
	if b.odd++; b.run == 0 || b.odd < over {
		return 0
	}
	run, at := b.run, b.hz
	b.run, b.odd = 0, 0
	if run < shortest || run > longest || power > b.power/silent {
		return 0
	}
	return int(at + 0.5)
}

// measure fits a sine wave to a frame: of a pure one each sample and the one two
// before sum up to the one between times twice the cosine of its step.
func (b *beep) measure(pcm *[media.Narrow]int16) (hz, power float32, pure bool) {
	var mid, cross, sum float32
	x1, x2 := b.x1, b.x2
	for _, s := range pcm {
		x := float32(s)
		y := x + x2
		mid += x1 * x1
		cross += x1 * y
		sum += y * y
		x2, x1 = x1, x
	}
	b.x1, b.x2 = x1, x2
	power = mid / float32(media.Narrow)
	if power < faintest {
		return 0, power, false
	}
	c := cross / mid // twice the cosine
	if c <= -2 || c >= 2 {
		return 0, power, false
	}
	rest := sum - c*cross
	hz = float32(math.Acos(float64(c/2))) * (8000 / (2 * math.Pi))
	return hz, power, hz > lowest && hz < highest && rest < impure*(2+c*c)*mid
}

func abs(x float32) float32 {
	if x < 0 {
		return -x
	}
	return x
}
