package echo

import (
	"math"
	"math/rand/v2"
)

// Sound of the tests, in samples; levels in dBm0.

func amplitude(dBm0 float64) float64 { return 16141 * math.Pow(10, dBm0/20) }

// level sets the mean square of the parts of x that are not silent, and clips.
func level(x []float64, dBm0 float64) []float64 {
	sum, n := 0.0, 1e-9
	for _, v := range x {
		if v != 0 {
			sum += v * v
			n++
		}
	}
	g := amplitude(dBm0) / math.Sqrt(sum/n+1e-30)
	for i := range x {
		x[i] = min(max(x[i]*g, -32768), 32767)
	}
	return x
}

// css is a composite source signal in the manner of ITU-T G.168 annex C: 49 ms
// voiced, 200 ms noise, 101 ms pause, and the same inverted.
func css(r *rand.Rand, seconds, dBm0 float64) []float64 {
	const voiced, noisy, all = 389, 389 + 1600, 2800
	var voice [voiced]float64
	for h := 1.0; h < 30; h++ {
		phase := r.Float64() * 2 * math.Pi
		for i := range voice {
			voice[i] += math.Cos(2*math.Pi*125*h*float64(i)/8000+phase) / math.Sqrt(h)
		}
	}
	level(voice[:], 0)
	x := make([]float64, int(seconds*8000))
	sign := 1.0
	for i := range x {
		k := i % all
		if k == 0 && i > 0 {
			sign = -sign
		}
		switch {
		case k < voiced:
			x[i] = sign * voice[k]
		case k < noisy:
			x[i] = amplitude(0) * r.NormFloat64()
		}
	}
	return level(x, dBm0)
}

// speech is babble: syllables of a pulse train in three moving resonances, with
// hiss between and pauses.
func speech(r *rand.Rand, seconds, dBm0 float64) []float64 {
	x := make([]float64, int(seconds*8000))
	for at := 0; at < len(x); {
		n := min(len(x)-at, 800+r.IntN(1600))
		syllable(r, x[at:at+n])
		at += n
		if r.IntN(4) == 0 {
			at += r.IntN(2400)
		}
	}
	return level(x, dBm0)
}

func syllable(r *rand.Rand, x []float64) {
	type resonance struct{ a, b, y1, y2 float64 }
	var mouth [3]resonance
	for i, hz := range [...]float64{300 + 500*r.Float64(), 900 + 1200*r.Float64(), 2300 + 900*r.Float64()} {
		p := math.Exp(-math.Pi * (60 + 40*float64(i)) / 8000)
		mouth[i] = resonance{a: 2 * p * math.Cos(2*math.Pi*hz/8000), b: -p * p}
	}
	pitch, loud, hiss := 90+120*r.Float64(), 0.3+r.Float64(), r.IntN(4) == 0
	phase := 0.0
	for i := range x {
		in := 0.02 * r.NormFloat64()
		if hiss {
			in = 0.3 * r.NormFloat64()
		} else if phase += pitch / 8000; phase >= 1 {
			phase--
			in++
			pitch *= 1 + 0.02*r.NormFloat64()
		}
		v := 0.0
		for k := range mouth {
			m := &mouth[k]
			y := in + m.a*m.y1 + m.b*m.y2
			m.y2, m.y1 = m.y1, y
			v += y / float64(1+k)
		}
		x[i] = v * loud * math.Sin(math.Pi*float64(i)/float64(len(x)))
	}
}

func white(r *rand.Rand, n int, dBm0 float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = amplitude(dBm0) * r.NormFloat64()
	}
	return x
}

// hybrid is a two-wire line's echo path: damped waves of about 8 ms after a
// delay, of an echo return loss.
func hybrid(r *rand.Rand, lossDB float64, delay int) []float64 {
	h := make([]float64, delay+96)
	for range 6 {
		hz, decay, phase := 200+3000*r.Float64(), 6+12*r.Float64(), 2*math.Pi*r.Float64()
		begin := r.IntN(12)
		for i := begin; i < 96; i++ {
			t := float64(i - begin)
			h[delay+i] += math.Exp(-t/decay) * math.Cos(2*math.Pi*hz*t/8000+phase)
		}
	}
	sum := 0.0
	for _, v := range h {
		sum += v * v
	}
	g := math.Pow(10, -lossDB/20) / math.Sqrt(sum)
	for i := range h {
		h[i] *= g
	}
	return h
}

// through gives what comes back of x, from sample from on.
func through(h, x []float64, from int) []float64 {
	y := make([]float64, len(x))
	for i := from; i < len(x); i++ {
		for k := range min(len(h), i+1) {
			y[i] += h[k] * x[i-k]
		}
	}
	return y
}

func pcm(x ...[]float64) []int16 {
	s := make([]int16, len(x[0])/FrameSamples*FrameSamples)
	for i := range s {
		v := 0.0
		for _, p := range x {
			v += p[i]
		}
		s[i] = int16(math.Round(min(max(v, -32768), 32767)))
	}
	return s
}
