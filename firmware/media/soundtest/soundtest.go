// Package soundtest makes the sounds that tests of ears need: tones, room noise,
// and a babbling voice that is no language and belongs to nobody. Everything
// follows from a seed. Only tests import it; the box makes its own sounds in
// tone, dtmf and clip, from other sources, so that neither proves itself.
package soundtest

import (
	"math"
	"math/rand/v2"

	"centralita/firmware/media/g711"
)

// Rate is that of all sounds here.
const Rate = 8000

// Seconds is a time in samples.
func Seconds(s float64) int { return int(math.Round(s * Rate)) }

// RMS is the value of a level in dBm0 (0 dBm0 is 16141, see media.Frame).
func RMS(dBm0 float64) float64 { return 16141 * math.Pow(10, dBm0/20) }

// Silence lasts s seconds.
func Silence(s float64) []float64 { return make([]float64, Seconds(s)) }

// Tone is a sine wave with ramps of 3 ms.
func Tone(hz, dBm0, s float64) []float64 {
	x := Silence(s)
	for i := range x {
		ramp := min(1, float64(i+1)/24, float64(len(x)-i)/24)
		x[i] = ramp * RMS(dBm0) * math.Sqrt2 * math.Sin(2*math.Pi*hz*float64(i)/Rate)
	}
	return x
}

// Room is noise with the spectrum of a room (Hoth): falling by some 5 dB an octave.
func Room(r *rand.Rand, dBm0, s float64) []float64 {
	x := Silence(s)
	y := 0.0
	for i := range x {
		y = 0.625*y + r.NormFloat64()
		x[i] = y
	}
	return Level(x, dBm0)
}

// Level brings a sound to a level, over its whole length.
func Level(x []float64, dBm0 float64) []float64 {
	sum := 1e-9
	for _, v := range x {
		sum += v * v
	}
	g := RMS(dBm0) / math.Sqrt(sum/float64(max(1, len(x))))
	for i := range x {
		x[i] *= g
	}
	return x
}

// Join puts sounds behind each other.
func Join(xs ...[]float64) []float64 {
	var all []float64
	for _, x := range xs {
		all = append(all, x...)
	}
	return all
}

// Over adds y to x from its beginning on, as far as x goes.
func Over(x, y []float64) []float64 {
	for i := range x[:min(len(x), len(y))] {
		x[i] += y[i]
	}
	return x
}

// Line is a sound as a digital line brings it: through A-law, in whole frames of
// 10 ms.
func Line(x []float64) []int16 {
	pcm := make([]int16, (len(x)+79)/80*80)
	for i, v := range x {
		pcm[i] = int16(math.Round(min(max(v, -32768), 32767)))
	}
	codes := make([]byte, len(pcm))
	g711.ALaw.Encode(codes, pcm)
	g711.ALaw.Decode(pcm, codes)
	return pcm
}

// Frames gives a sound to do frame by frame, with the time at the end of each in
// seconds.
func Frames(pcm []int16, do func(f *[80]int16, at float64)) {
	for i := 0; i+80 <= len(pcm); i += 80 {
		do((*[80]int16)(pcm[i:]), float64(i+80)/Rate)
	}
}
