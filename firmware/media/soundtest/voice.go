package soundtest

import (
	"math"
	"math/rand/v2"
)

// Voice babbles: syllables of consonants and vowels with a pitch that falls along
// a phrase, formants that glide, hiss and stops.
type Voice struct {
	r     *rand.Rand
	pitch float64 // Hz, at the beginning of a phrase
	size  float64 // of the head: factor of all formants
	pace  float64 // factor of all lengths
	phase float64
	tilt  float64 // the glottis' and the lips' spectrum: falling by 6 dB an octave
	tract [4]resonance
	front resonance
}

// NewVoice makes somebody.
func NewVoice(seed uint64) *Voice {
	r := rand.New(rand.NewPCG(seed, 5))
	v := &Voice{r: r, pitch: 95 + 130*r.Float64(), size: 0.9 + 0.25*r.Float64(), pace: 0.85 + 0.35*r.Float64()}
	if v.pitch > 160 {
		v.size += 0.1
	}
	return v
}

// vowels are formants in Hz: a, e, i, o, u, schwa and nasals.
var vowels = [][3]float64{
	{730, 1250, 2500}, {520, 1850, 2550}, {300, 2250, 2950}, {500, 900, 2400},
	{330, 800, 2300}, {500, 1450, 2450}, {280, 1100, 2200}, {280, 1500, 2400},
}

// Phrase says syllables at a level that is meant over its whole length.
func (v *Voice) Phrase(syllables int, dBm0 float64) []float64 {
	var x []float64
	f := vowels[v.r.IntN(len(vowels))]
	for i := range syllables {
		fall := 1.1 - 0.3*float64(i)/float64(syllables) + 0.05*v.r.NormFloat64()
		switch v.r.IntN(5) {
		case 0: // a stop: closed, then a burst
			x = append(x, Silence(v.long(0.03, 0.07))...)
			x = append(x, v.hiss(v.long(0.008, 0.02), 0.5)...)
		case 1, 2: // hissing
			x = append(x, v.hiss(v.long(0.05, 0.12), 0.15+0.25*v.r.Float64())...)
		case 3: // humming
			x = append(x, v.sing(vowels[6+v.r.IntN(2)], v.long(0.04, 0.08), fall, 0.4)...)
		}
		to := vowels[v.r.IntN(6)]
		for k := range f {
			f[k] = (f[k] + to[k]) / 2
		}
		x = append(x, v.sing(f, v.long(0.03, 0.05), fall, 0.8)...)
		x = append(x, v.sing(to, v.long(0.06, 0.16), fall, 0.7+0.3*v.r.Float64())...)
		f = to
	}
	end := v.sing(f, v.long(0.12, 0.25), 0.75, 0.5)
	for i := range end { // it dies away by 30 dB
		end[i] *= math.Pow(10, -1.5*float64(i)/float64(len(end)))
	}
	return Level(append(x, end...), dBm0)
}

// Talk is phrases with pauses, for s seconds.
func (v *Voice) Talk(s, dBm0, pauseMin, pauseMax float64) []float64 {
	var x []float64
	for len(x) < Seconds(s) {
		x = append(x, v.Phrase(3+v.r.IntN(12), dBm0)...)
		x = append(x, Silence(pauseMin+(pauseMax-pauseMin)*v.r.Float64())...)
	}
	return x[:Seconds(s)]
}

func (v *Voice) long(least, most float64) float64 {
	return v.pace * (least + (most-least)*v.r.Float64())
}

// sing is voiced: pulses of the glottis through the formants.
func (v *Voice) sing(formants [3]float64, s, pitch, loud float64) []float64 {
	for k, f := range formants {
		v.tract[k].tune(min(f*v.size, 3700), 60+40*float64(k))
	}
	v.tract[3].tune(3600, 250)
	x := Silence(s)
	for i := range x {
		v.phase += v.pitch * pitch / Rate * (1 + 0.02*v.r.NormFloat64())
		var g float64
		if v.phase >= 1 {
			v.phase--
			g = 1
		}
		g += 0.01 * v.r.NormFloat64() // breath
		v.tilt = 0.93*v.tilt + g
		g = v.tilt
		for k := range v.tract {
			g = v.tract[k].pass(g)
		}
		edge := min(1, float64(i+1)/120, float64(len(x)-i)/60)
		x[i] = loud * (0.5 + 0.5*edge) * g * 8
	}
	return x
}

// hiss is noise of the front of the mouth.
func (v *Voice) hiss(s, loud float64) []float64 {
	v.front.tune(2300+1200*v.r.Float64(), 700)
	x := Silence(s)
	for i := range x {
		edge := min(1, float64(i+1)/100, float64(len(x)-i)/100)
		x[i] = 0.05 * edge * loud * v.front.pass(v.r.NormFloat64())
	}
	return x
}

// resonance is a filter of two poles with a gain of one at 0 Hz.
type resonance struct{ a, b, c, y1, y2 float64 }

func (f *resonance) tune(hz, wide float64) {
	d := math.Exp(-math.Pi * wide / Rate)
	f.b, f.c = 2*d*math.Cos(2*math.Pi*hz/Rate), -d*d
	f.a = 1 - f.b - f.c
}

func (f *resonance) pass(x float64) float64 {
	y := f.a*x + f.b*f.y1 + f.c*f.y2
	f.y2, f.y1 = f.y1, y
	return y
}
