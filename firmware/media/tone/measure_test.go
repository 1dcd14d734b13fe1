package tone

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// Tones of the countries are measured from what a line carries: noise and a wrong
// pitch included.
func TestMeasure(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, c := range []struct {
		name     string
		hz       [2]float64
		on, off  int // ms
		from, ms int
	}{
		{"ES busy", [2]float64{425}, 200, 200, 70, 2000},
		{"worn busy", [2]float64{437}, 210, 180, 150, 2000},
		{"ES ringback", [2]float64{425}, 1500, 3000, 700, 8000},
		{"US ringback", [2]float64{440, 480}, 2000, 4000, 500, 8000},
		{"US busy", [2]float64{480, 620}, 500, 500, 250, 2400},
		{"dial tone", [2]float64{350, 440}, 0, 0, 0, 600},
		{"single dial tone", [2]float64{425}, 0, 0, 0, 500},
	} {
		pcm := make([]int16, 8*c.ms)
		for i := range pcm {
			v := 20 * r.NormFloat64()
			if at := (i/8 + c.from) % max(1, c.on+c.off); c.on == 0 || at < c.on {
				for _, hz := range c.hz {
					if hz > 0 {
						v += 2000 * math.Sin(2*math.Pi*hz*float64(i)/8000)
					}
				}
			}
			pcm[i] = int16(v)
		}
		m, ok := Measure(pcm)
		if !ok || math.Abs(m.Hz[0]-c.hz[0]) > 3 && math.Abs(m.Hz[0]-c.hz[1]) > 3 || (c.hz[1] > 0) != (m.Hz[1] > 0) {
			t.Errorf("%s: %+v %v", c.name, m, ok)
			continue
		}
		if m.Hz[1] > 0 && math.Abs(m.Hz[0]+m.Hz[1]-c.hz[0]-c.hz[1]) > 5 {
			t.Errorf("%s: %v Hz", c.name, m.Hz)
		}
		if near := func(d time.Duration, ms int) bool { return math.Abs(float64(d.Milliseconds())-float64(ms)) <= 20 }; !near(m.On, c.on) || !near(m.Off, c.off) {
			t.Errorf("%s: %v on, %v off", c.name, m.On, m.Off)
		}
		if m.Whole != (c.on == 0) {
			t.Errorf("%s: sounds without pause: %v", c.name, m.Whole)
		}
	}
}

// Noise and silence are no tone.
func TestMeasureNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for name, level := range map[string]float64{"silence": 0, "hiss": 10, "noise": 3000} {
		pcm := make([]int16, 16000)
		for i := range pcm {
			pcm[i] = int16(level * r.NormFloat64())
		}
		if m, ok := Measure(pcm); ok {
			t.Errorf("%s: %+v", name, m)
		}
	}
}
