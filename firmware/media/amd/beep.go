package amd

import (
	"math"

	"centralita/firmware/media"
)

// beep hears one steady tone and its end.
type beep struct {
	x1, x2 float32    // the last samples
	sums   [3]float32 // of the frame before
	before [3]float32 // mean squares of the last frames, oldest first
	hz     float32    // of the tone, mean
	power  float32    // of the tone, mean square
	rose   bool       // it came out of quiet
	run    int        // frames that it has lasted
	odd    int        // frames since it was last heard
	chain  bool       // another tone, which rose, was heard until now
}

// A beep of an answering machine.
const (
	lowest, highest = 380, 2300 // Hz
	shortest        = 12        // frames
	longest         = 150
	steadyHz        = 0.007                  // of its frequency it may wander
	even            = 1.5                    // in power
	quieter         = 4                      // before it is less than this part of its power
	impure          = 0.02                   // of the power may be anything else
	over            = 3                      // frames without it are its end
	silent          = 30                     // after it is less than this part of its power: music goes on
	faintest        = 16141 * 16141 * 1.0e-4 // -40 dBm0
)

// frame takes 10 ms and returns the frequency of a beep that ended; of several in
// a row, of the last.
func (b *beep) frame(pcm *[media.Narrow]int16) int {
	hz, power, pure := b.measure(pcm)
	oldest := b.before[0]
	b.before[0], b.before[1], b.before[2] = b.before[1], b.before[2], power
	switch {
	case b.run == 0 && pure:
		b.rose = b.chain || oldest < power/quieter
		b.hz, b.power, b.run, b.odd = hz, power, 1, 0
		return 0
	case b.run == 0:
		b.chain = false
		return 0
	case pure && abs(hz-b.hz) < steadyHz*b.hz && power > b.power/even && power < b.power*even:
		b.run++
		b.odd = 0
		b.hz += (hz - b.hz) / float32(b.run)
		b.power += (power - b.power) / float32(b.run)
		return 0
	}
	if b.odd++; b.odd < over {
		return 0
	}
	run := b.run
	b.run = 0
	b.chain = b.rose && pure
	if run < shortest || run > longest || !b.rose || power > b.power/silent {
		return 0
	}
	return int(b.hz + 0.5)
}

// measure fits a sine wave to two frames: of a pure one each sample and the one two
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
	frame := [3]float32{mid, cross, sum}
	mid, cross, sum = mid+b.sums[0], cross+b.sums[1], sum+b.sums[2]
	b.sums = frame
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
