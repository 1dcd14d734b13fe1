package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"centralita/firmware/media"
	"centralita/firmware/media/soundtest"
	"centralita/firmware/media/tone"
)

// worn is what a line does to a tone: levels in dB, frequencies, times and each
// step's time off by parts.
type worn struct {
	name                  string
	level, noise          float64
	hz, time, step, twist float64
	coding                coding
}

var lines = []worn{
	{name: "nominal", level: -13, noise: -65, coding: aLaw},
	{name: "worn", level: -24, noise: -49, hz: .012, time: .08, step: .01, twist: 3, coding: uLaw},
	{name: "faint", level: -32, noise: -52, hz: -.012, time: -.08, step: .02, twist: -3, coding: aLaw},
}

// sound renders a cadence; it does not use the box's own maker.
func (w worn) sound(r *rand.Rand, c tone.Cadence, seconds float64) []int16 {
	x := make([]float64, 1600+r.IntN(2400))
	lead := len(x)
	for i := 0; float64(len(x)-lead) < seconds*8000; i++ {
		if i == len(c.Steps) {
			i = c.Loop
		}
		s := c.Steps[i]
		n := int(float64(s.Ms) * 8 * (1 + w.time) * (1 + between(r, -w.step, w.step)))
		if s.Ms == 0 {
			n = int(seconds * 8000)
		}
		at := len(x)
		x = append(x, w.chord(s.Hz, at, n)...)
	}
	white(x, r, w.noise)
	return brought(x[:lead+int(seconds*8000)], w.coding)
}

func (w worn) chord(hz [4]float32, at, n int) []float64 {
	x := make([]float64, n)
	level := w.level
	if hz[1] != 0 {
		level -= 3
	}
	for k, f := range hz {
		if f == 0 {
			continue
		}
		tw := w.twist / 2
		if k == 0 {
			tw = -tw
		}
		for i := range x {
			v := soundtest.RMS(level+tw) * math.Sqrt2 * math.Sin(2*math.Pi*float64(f)*(1+w.hz)/8000*float64(at+i)+float64(k))
			x[i] += v * min(1, float64(i+1)/16, float64(n-i)/16)
		}
	}
	return x
}

// told are the signals that begin in a sound, and when in seconds.
func told(c *tone.Country, pcm []int16) (signals []tone.Signal, at []float64) {
	l := tone.NewListener(c)
	now := tone.None
	for i := 0; i+80 <= len(pcm); i += 80 {
		l.Hear((*[media.Narrow]int16)(pcm[i:]), media.Mouth{})
		if s := l.Current(); s != now {
			if now = s; s != tone.None {
				signals, at = append(signals, s), append(at, float64(i+80)/8000)
			}
		}
	}
	return signals, at
}

// Every national tone is told by its name, nominal and worn (98 of 100), busy in
// 2.5 s, and nothing in babble.
func TestTones(t *testing.T) {
	for _, seed := range seeds {
		r := dice(seed, 3)
		all, right, busy, waited := 0, 0, 0, 0.0
		for _, code := range tone.Countries() {
			c, _ := tone.Plan(code)
			for _, s := range []tone.Signal{tone.Dial, tone.Ringback, tone.Busy, tone.Congestion} {
				for _, w := range lines {
					all++
					got, at := told(c, w.sound(r, c.Signals[s], long(c.Signals[s], s)))
					if ok := len(got) > 0 && !slices.ContainsFunc(got, func(g tone.Signal) bool { return !same(g, s) }); !ok {
						t.Logf("seed %d: %s %v %s: %v", seed, code, s, w.name, got)
						continue
					}
					right++
					if s == tone.Busy {
						busy++
						waited += at[0] - 0.35 // the silence before it is 0.2 to 0.5 s
					}
				}
			}
		}
		t.Logf("seed %d: %d of %d, busy after %.2f s", seed, right, all, waited/float64(busy))
		if 100*right < 98*all || waited/float64(busy) > 2.5 {
			t.Errorf("seed %d: %d of %d, busy after %.2f s", seed, right, all, waited/float64(busy))
		}
	}
}

// long is how many seconds of a tone are played.
func long(c tone.Cadence, s tone.Signal) float64 {
	var cycle float64
	for _, st := range c.Steps {
		cycle += float64(st.Ms) * 1.1 / 1000
	}
	switch {
	case s == tone.Dial && cycle == 0:
		return 3.5
	case s == tone.Dial:
		return 5.5
	case s == tone.Ringback:
		return cycle + 2.6
	}
	return max(3, min(6.5, cycle*5.2))
}

// same reports whether one signal may stand for another: busy and congestion both
// say that the call is over.
func same(a, b tone.Signal) bool {
	over := func(s tone.Signal) bool { return s == tone.Busy || s == tone.Congestion }
	return a == b || over(a) && over(b)
}

func TestNoTonesInBabble(t *testing.T) {
	for _, seed := range seeds {
		talk := babble(seed, 3, 60)
		var wrong []string
		for _, code := range tone.Countries() {
			c, _ := tone.Plan(code)
			for _, pcm := range talk {
				if got, _ := told(c, pcm); len(got) > 0 {
					wrong = append(wrong, code)
				}
			}
		}
		if len(wrong) > 0 {
			t.Errorf("seed %d: %s in three minutes of babble", seed, strings.Join(wrong, " "))
		}
	}
}
