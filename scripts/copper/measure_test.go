package copper

import "math"

// zeroRMS is the RMS of 0 dBm0.
const zeroRMS = 16141.0

// level is that of a tone in sound, in dBm0; -99 is none.
func level(pcm []int16, hz float64) float64 {
	var re, im, norm float64
	for i, v := range pcm {
		w := 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(len(pcm)))
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / 8000)
		re += w * cos * float64(v)
		im += w * sin * float64(v)
		norm += w
	}
	rms := 2 * math.Hypot(re, im) / norm / math.Sqrt2
	return max(-99, 20*math.Log10(rms/zeroRMS+1e-9))
}

// total is the level of everything in sound.
func total(pcm []int16) float64 {
	var sum float64
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return max(-99, 10*math.Log10(sum/float64(len(pcm))/(zeroRMS*zeroRMS)+1e-12))
}

// lag is by how many samples heard follows said, 0..most: where they resemble each
// other best, and how much.
func lag(said, heard []int16, most int) (best int, like float64) {
	n := len(heard) - most
	n = min(n, len(said)-most)
	for k := range most {
		var cross, a, b float64
		for i := range n {
			x, y := float64(said[i]), float64(heard[i+k])
			cross += x * y
			a += x * x
			b += y * y
		}
		if r := cross / math.Sqrt(a*b+1); r > like {
			best, like = k, r
		}
	}
	return best, like
}
