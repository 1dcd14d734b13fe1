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

// TestTwoSets: an extension lowers the voltage, takes its share of the current and
// is heard by both others.
func TestTwoSets(t *testing.T) {
	p := Pair{
		Feed: Feed{Volts: 48, Ohms: 800}, Load: Load{OffHook: true, Ohms: 50, Drop: 6},
	}
	alone, own := p.Volts(), p.LoadMilliAmp()
	p.Beside = Load{OffHook: true, Ohms: 350}
	if v, i := p.Volts(), p.LoadMilliAmp(); v >= alone || i >= own || math.Abs(p.MilliAmp()-i-v/350*1000) > 0.01 {
		t.Errorf("with a second set %.2f V (%.2f alone), %.2f of %.2f mA", v, alone, i, p.MilliAmp())
	}
	p.Load = Load{}
	if i := p.MilliAmp(); math.Abs(i-48.0/1150*1000) > 0.01 || p.LoadMilliAmp() != 0 {
		t.Errorf("the second set alone draws %.2f mA", i)
	}
	p.BesideSays(&Sound{3: 500})
	p.OfficeSays(&Sound{3: 100})
	var office, set, beside Sound
	p.AtOffice(&office)
	p.AtSet(&set)
	p.AtBeside(&beside)
	if office[3] != 500 || set[3] != 600 || beside[3] != 100 {
		t.Errorf("heard %d, %d, %d", office[3], set[3], beside[3])
	}
}

// TestChangeover: at rest the telephone is on the line and the box's port is open;
// pulled, the line is free and the telephone on the port.
func TestChangeover(t *testing.T) {
	line := Pair{Feed: Feed{Volts: 48, Ohms: 800}}
	set := Pair{Load: Load{OffHook: true, Ohms: 350}}
	port := Pair{Feed: Feed{Volts: 40, Ohms: 160, LimitMA: 20}}
	c := Changeover{Line: &line, Set: &set, Port: &port}
	set.SetSays(&Sound{1: 7})
	line.OfficeSays(&Sound{1: 9})
	c.Pass(false)
	var heard Sound
	line.AtOffice(&heard)
	if line.MilliAmp() < 40 || set.Volts() > 20 || port.MilliAmp() != 0 || heard[1] != 7 {
		t.Errorf("released: line %.1f mA, set %.1f V, port %.1f mA, office hears %d", line.MilliAmp(), set.Volts(), port.MilliAmp(), heard[1])
	}
	if set.AtSet(&heard); heard[1] != 9 {
		t.Errorf("released: the set hears %d", heard[1])
	}
	port.OfficeSays(&Sound{1: 5})
	c.Pass(true)
	if set.AtSet(&heard); heard[1] != 5 || line.MilliAmp() != 0 || line.Volts() != 48 || port.MilliAmp() != 20 {
		t.Errorf("pulled: set hears %d, line %.1f mA, port %.1f mA", heard[1], line.MilliAmp(), port.MilliAmp())
	}
}
