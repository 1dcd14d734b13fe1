package echo

import (
	"fmt"
	"math"
	"testing"
)

// sines are tones of dBm0 each.
func sines(n int, dBm0 float64, hz ...float64) []float64 {
	x := make([]float64, n)
	for _, f := range hz {
		for i := range x {
			x[i] += amplitude(dBm0) * math.Sqrt2 * math.Sin(2*math.Pi*f*float64(i)/8000+f)
		}
	}
	return x
}

// then is one sound for a part and another afterwards.
func then(first, second []float64, seconds float64) []float64 {
	copy(first[int(seconds*8000):], second[int(seconds*8000):])
	return first
}

// part is the level in dBm0 of a sine of hz in x.
func part(x []float64, hz float64) float64 {
	var re, im, all float64
	for i, v := range x {
		w := 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(len(x)))
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / 8000)
		re, im, all = re+w*v*cos, im+w*v*sin, all+w
	}
	return 20*math.Log10(math.Sqrt2*math.Hypot(re, im)/all+1e-3) - 20*math.Log10(16141)
}

// heard is what c makes of a call's line.
func (l call) heard(c *Canceller) []float64 {
	far, line := pcm(l.far), pcm(l.echo, l.near, l.noise)
	out := make([]float64, len(line))
	for i := 0; i < len(line); i += FrameSamples {
		c.Process((*[FrameSamples]int16)(far[i:]), (*[FrameSamples]int16)(line[i:]))
		for k := i; k < i+FrameSamples; k++ {
			out[k] = float64(line[k])
		}
	}
	return out
}

// nearTones are an exchange's, a digit, a fax.
var nearTones = [][]float64{{425}, {1020}, {350, 440}, {697, 1209}, {1100}, {2100}}

// TestNearToneOverTones: whatever tones are played, those of the near end are heard
// within 1 dB from 150 ms on, whichever began first. A quarter of a second is
// measured at a time, in which tones 16 Hz apart are told from each other.
func TestNearToneOverTones(t *testing.T) {
	const n = 5 * 8000
	for name, far := range map[string][]float64{
		"silence": silent(n), "another tone": sines(n, -10, 820), "a loud tone": sines(n, -3, 820),
		"16 Hz beside": sines(n, -10, 1004), "dial tone": sines(n, -13, 400, 480), "one tone, then another": then(sines(n, -10, 1004), sines(n, -10, 820), 3),
	} {
		for _, hz := range nearTones {
			for _, dBm0 := range []float64{-10, -30} {
				for _, from := range []float64{0, 2} {
					r := dice(5000)
					x := append([]float64{}, far...)
					clear(x[:int((2-from)*4000)]) // one second later or two earlier
					near := during(sines(n, dBm0, hz...), from, 5)
					out := call{x, through(hybrid(r, 8, 8), x, 0), near, white(r, n, -68)}.heard(New(256, Options{Suppress: true}))
					at, worst := keeps(out, hz, dBm0, from+0.15)
					if math.Abs(worst) > 1 {
						t.Errorf("%s: %v Hz of %.0f dBm0 from %.0f s on is %+.1f dB off at %.1f s", name, hz, dBm0, from, worst, at)
					}
				}
			}
		}
	}
}

// keeps is by how many dB a tone is off at most, and when.
func keeps(out []float64, hz []float64, dBm0, from float64) (at, worst float64) {
	const window = 2000
	for i := int(from * 8000); i+window <= len(out); i += 400 {
		if begins := max(i/8000, (i+window)/8000) * 8000; i < begins+1000 && begins < i+window {
			continue // what is played changes on the second
		}
		for _, f := range hz {
			if off := part(out[i:i+window], f) - dBm0; math.Abs(off) > math.Abs(worst) {
				at, worst = float64(i)/8000, off
			}
		}
	}
	return at, worst
}

// TestNearToneOverItself: what is played has the near end's own frequency, or all but,
// as two lines of one exchange. They cannot be told apart, and some echo is heard.
func TestNearToneOverItself(t *testing.T) {
	const n = 5 * 8000
	for _, hz := range []float64{425, 424.98, 425.5} {
		for _, from := range []float64{0, 2} {
			t.Run(fmt.Sprint(hz, from), func(t *testing.T) {
				r := dice(5100)
				far, near := sines(n, -10, hz), during(sines(n, -17, 425), from, 5)
				clear(far[:int((2-from)*4000)])
				out := call{far, through(hybrid(r, 14, 8), far, 0), near, white(r, n, -68)}.heard(New(256, Options{Suppress: true}))
				for i := int((from + 0.15) * 8000); i+800 <= n; i += 800 {
					if off := levelOf(out[i:i+800]) + 17; math.Abs(off) > 3.5 {
						t.Fatalf("%.1f dB off at %.1f s", off, float64(i)/8000)
					}
				}
			})
		}
	}
}

// TestNearToneOverVoice: a voice or music on hold is played. Its echo is in the tone's
// own band too, so that each second is measured; and the tone never falls silent.
func TestNearToneOverVoice(t *testing.T) {
	const n = 8 * 8000
	for _, hz := range nearTones {
		for _, dBm0 := range []float64{-10, -17, -25} {
			for name, from := range map[string]float64{"voice": 2, "noise": 2, "a tone, then a voice": 1} {
				r := dice(5200)
				far := speech(r, 8, -12)
				switch name {
				case "noise":
					far = white(r, n, -12)
				case "a tone, then a voice":
					far = then(sines(n, -10, 820), far, 4)
				}
				near := during(sines(n, dBm0, hz...), from, 8)
				out := call{far, through(hybrid(r, 8, 8), far, 0), near, white(r, n, -68)}.heard(New(256, Options{Suppress: true}))
				for at := int((from + 0.15) * 8000); at+800 <= n; at += 400 {
					said := levelOf(near[at : at+800])
					if got := levelOf(out[at : at+800]); got < said-3 {
						t.Errorf("%s: %v Hz of %.0f dBm0 fall by %.1f dB at %.2f s", name, hz, dBm0, said-got, float64(at)/8000)
					}
				}
			}
		}
	}
}
