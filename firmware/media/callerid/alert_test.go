package callerid

import (
	"math"
	"math/rand/v2"
	"testing"

	"centralita/firmware/media"
	"centralita/firmware/media/soundtest"
)

// burst is two tones of levels in dBm0 for a time in ms, off by parts, in noise.
func burst(r *rand.Rand, f1, f2, l1, l2, ms, off, noise float64) []int16 {
	x := make([]float64, 3000+int(ms*8)+3000)
	at := 2000 + r.IntN(800)
	for i := range int(ms * 8) {
		for f, l := range map[float64]float64{f1: l1, f2: l2} {
			x[at+i] += soundtest.RMS(l) * math.Sqrt2 * math.Sin(2*math.Pi*f*(1+off)/8000*float64(i)+l)
		}
	}
	for i := range x {
		x[i] += r.NormFloat64() * soundtest.RMS(noise)
	}
	return soundtest.Line(x)
}

func alerts(pcm []int16) int {
	a, n := NewAlert(), 0
	for i := 0; i+80 <= len(pcm); i += 80 {
		if a.Hear((*[media.Narrow]int16)(pcm[i:])) {
			n++
		}
	}
	return n
}

// The signal is heard once in the ranges of GR-30 and EN 300 659, whatever the
// place of the frames in it.
func TestAlert(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 20 {
		for name, c := range map[string][6]float64{ // low, high, ms, off, noise
			"nominal CAS":   {-16, -16, 80, 0, -60},
			"shortest":      {-16, -16, 75, 0, -60},
			"DT-AS":         {-16, -16, 100, 0, -60},
			"longest":       {-16, -16, 110, 0, -60},
			"loud":          {-6, -6, 80, 0, -60},
			"faint":         {-32, -32, 80, 0, -60},
			"low louder":    {-12, -18, 80, 0, -60},
			"high louder":   {-18, -12, 80, 0, -60},
			"sharp":         {-16, -16, 80, .005, -60},
			"flat":          {-16, -16, 80, -.005, -60},
			"noise 15 dB":   {-20, -20, 80, 0, -32},
			"DT-AS in hiss": {-24, -24, 100, .005, -38},
		} {
			if n := alerts(burst(r, alertLow, alertHigh, c[0], c[1], c[2], c[3], c[4])); n != 1 {
				t.Errorf("%s: heard %d times", name, n)
			}
		}
	}
}

// Nothing else is one: other lengths and frequencies, one tone alone, digits,
// fax, speech.
func TestNoAlert(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 20 {
		for name, c := range map[string][4]float64{ // Hz, Hz, ms, high tone's level
			"40 ms":       {alertLow, alertHigh, 40, -16},
			"200 ms":      {alertLow, alertHigh, 200, -16},
			"one alone":   {alertLow, alertHigh, 80, -60},
			"5 % off":     {2236, 2887, 80, -16},
			"2.5 % off":   {2183, 2819, 80, -16},
			"two others":  {2040, 2600, 80, -16},
			"a digit":     {941, 1633, 80, -16},
			"V.25 answer": {2100, 2750, 80, -60},
		} {
			if n := alerts(burst(r, c[0], c[1], -16, c[3], c[2], 0, -60)); n != 0 {
				t.Errorf("%s: heard %d times", name, n)
			}
		}
	}
	for seed := range uint64(4) {
		if n := alerts(soundtest.Line(soundtest.NewVoice(seed).Talk(60, -12, 0.1, 0.3))); n != 0 {
			t.Errorf("voice %d: heard %d times", seed, n)
		}
	}
}

func BenchmarkAlert(b *testing.B) {
	pcm := burst(rand.New(rand.NewPCG(1, 1)), alertLow, alertHigh, -16, -16, 80, 0, -40)
	a := NewAlert()
	b.ReportAllocs()
	for i := 0; b.Loop(); i = (i + 80) % (len(pcm) - 80) {
		a.Hear((*[media.Narrow]int16)(pcm[i:]))
	}
}
