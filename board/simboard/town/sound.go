package town

import (
	"math"

	"centralita/hal/sim/wire"
)

// rate is the sampling rate of everything that is heard on a pair, in Hz.
const rate = 8000

// framesPerSecond is how often the town lives: one step is 10 ms.
const framesPerSecond = rate / wire.FrameSamples

// zeroRMS is the RMS of a signal at 0 dBm0: a full-scale sine is +3.14 dBm0
// (ITU-T G.711, theoretical load capacity of A-law).
const zeroRMS = 16141.0

// peakOf is the peak of a sine of the given level.
func peakOf(dBm0 float64) float64 {
	return zeroRMS * math.Sqrt2 * math.Pow(10, dBm0/20)
}

// levelOf is the level of a signal of the given mean square; silence is -90.
func levelOf(meanSquare float64) float64 {
	if meanSquare < 1 {
		return -90
	}
	return 10 * math.Log10(meanSquare/(zeroRMS*zeroRMS))
}

// meanSquareOf is the inverse of levelOf.
func meanSquareOf(dBm0 float64) float64 {
	return zeroRMS * zeroRMS * math.Pow(10, dBm0/10)
}

// energy is the mean square of one frame.
func energy(s *wire.Sound) float64 {
	var sum float64
	for _, x := range s {
		sum += float64(x) * float64(x)
	}
	return sum / wire.FrameSamples
}

// clip rounds a sample into 16 bits.
func clip(x float64) int16 {
	return int16(max(-32768, min(32767, math.Round(x))))
}

// frames turns a duration into steps, rounding to the nearest.
func frames(ms int) int { return (ms + 5) / 10 }

// secondFrames turns seconds into steps.
func secondFrames(s float64) int { return int(math.Round(s * framesPerSecond)) }

// tape plays sound that was made beforehand, so that a step only copies.
type tape struct {
	samples []int16
	at      int
	loop    bool
}

// playing tells whether the tape has more to say.
func (t *tape) playing() bool { return t.at < len(t.samples) }

// next fills s with the next 10 ms, padded with silence at the end of the tape.
func (t *tape) next(s *wire.Sound) {
	n := copy(s[:], t.samples[min(t.at, len(t.samples)):])
	t.at += n
	if t.at >= len(t.samples) && t.loop && len(t.samples) >= wire.FrameSamples {
		t.at = copy(s[n:], t.samples)
		return
	}
	clear(s[n:])
}

// framesOf is how many steps a piece of sound takes.
func framesOf(samples []int16) int {
	return (len(samples) + wire.FrameSamples - 1) / wire.FrameSamples
}
