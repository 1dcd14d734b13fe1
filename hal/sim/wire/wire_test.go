package wire

import (
	"math"
	"testing"
)

func TestLoop(t *testing.T) {
	for name, c := range map[string]struct {
		pair      Pair
		volts, mA float64
	}{
		"nothing":  {Pair{}, 0, 0},
		"on-hook":  {Pair{Feed: Feed{Volts: -48, Ohms: 800}}, -48, 0},
		"off-hook": {Pair{Feed: Feed{Volts: 48, Ohms: 800}, Load: Load{OffHook: true, Ohms: 400}}, 16, 40},
		"reversed": {Pair{Feed: Feed{Volts: -48, Ohms: 800}, Load: Load{OffHook: true, Ohms: 400}}, -16, 40},
		"limited":  {Pair{Feed: Feed{Volts: 48, Ohms: 160, LimitMA: 20}, Load: Load{OffHook: true, Ohms: 400}}, 8, 20},
		"drop":     {Pair{Feed: Feed{Volts: 48, Ohms: 790}, Load: Load{OffHook: true, Ohms: 50, Drop: 6}}, 8.5, 50},
		"cut":      {Pair{Feed: Feed{Volts: 48, Ohms: 800}, Load: Load{OffHook: true, Ohms: 400}, Cut: true}, 0, 0},
	} {
		if v, i := c.pair.Volts(), c.pair.MilliAmp(); math.Abs(v-c.volts) > 0.01 || math.Abs(i-c.mA) > 0.01 {
			t.Errorf("%s: %.2f V, %.2f mA; want %.2f, %.2f", name, v, i, c.volts, c.mA)
		}
	}
}

// TestHybrid: an impulse comes back once, at its delay and its loss, across the
// border of two frames.
func TestHybrid(t *testing.T) {
	for _, at := range []int{0, 70, 79} {
		var h Hybrid
		h.Set(Echo{LossDB: 20, Samples: 12})
		var played, silent, got [2]Sound
		played[0][at] = 10000
		for n := range 2 {
			got[n] = silent[n]
			h.Add(&got[n], &played[n])
		}
		for i := range 2 * FrameSamples {
			want := int16(0)
			if i == at+12 {
				want = 1000
			}
			if v := got[i/FrameSamples][i%FrameSamples]; v != want {
				t.Errorf("impulse at %d: sample %d is %d", at, i, v)
			}
		}
	}
	var none Hybrid
	none.Set(Echo{})
	s, loud := Sound{}, Sound{1: 32767}
	none.Add(&s, &loud)
	if s != (Sound{}) {
		t.Error("a perfect hybrid echoes")
	}
	var h Hybrid
	h.Set(Echo{LossDB: 0, Samples: 1})
	s = Sound{1: 32767, 2: 32767}
	h.Add(&s, &Sound{1: 32767})
	if s[2] != math.MaxInt16 {
		t.Errorf("overload wraps to %d", s[2])
	}
}
