package quality

import (
	"math"
	"testing"
)

// The scores of ITU-T G.107 table B.1 and of a connection with all defaults.
func TestOpinionsOfG107(t *testing.T) {
	for r, want := range map[float64]float64{93.2: 4.41, 90: 4.34, 80: 4.03, 70: 3.60, 60: 3.10, 50: 2.58, 0: 1, 100: 4.5, 120: 4.5, -5: 1} {
		if got := opinion(r); math.Abs(got-want) > 0.0075 {
			t.Errorf("R %.1f: %.3f, G.107 has %.2f", r, got, want)
		}
	}
}

// G.113 Appendix I lists the impairment of G.711 with concealment by random loss;
// the formula that replaced the list keeps within three points of it.
func TestImpairmentsOfG113(t *testing.T) {
	for percent, want := range map[float64]float64{0: 0, 1: 5, 2: 7, 3: 10, 5: 15, 7: 20, 10: 25} {
		if got := (Line{Codec: G711, Loss: percent / 100}).lossImpairment(); math.Abs(got-want) > 3 {
			t.Errorf("%.0f %% lost: %.1f, G.113 has %.0f", percent, got, want)
		}
	}
}

func TestRate(t *testing.T) {
	for name, c := range map[string]struct {
		line   Line
		r, mos float64
	}{
		"nothing wrong":               {Line{Codec: G711}, 93.2, 4.41},
		"a line of the country":       {Line{Codec: G711, Delay: 50}, 92.0, 4.39},
		"the limit of G.114":          {Line{Codec: G711, Delay: 150}, 89.6, 4.34},
		"a satellite":                 {Line{Codec: G711, Delay: 300}, 72.5, 3.71},
		"one of a hundred lost":       {Line{Codec: G711, Loss: .01}, 89.6, 4.33},
		"five of a hundred lost":      {Line{Codec: G711, Loss: .05}, 77.4, 3.91},
		"the same in fours":           {Line{Codec: G711, Loss: .05, Burst: 4}, 75.3, 3.83},
		"gaps as chance makes them":   {Line{Codec: G711, Loss: .05, Burst: 1 / .95}, 77.4, 3.91},
		"nothing arrives":             {Line{Codec: G711, Loss: 1}, 17.3, 1.18},
		"wide band":                   {Line{Codec: G722}, 116, 4.34},
		"what cannot be is the worst": {Line{Codec: G711, Delay: math.Inf(1)}, 0, 1},
	} {
		if r, mos := Rate(c.line); math.Abs(r-c.r) > 0.1 || math.Abs(mos-c.mos) > 0.02 {
			t.Errorf("%s: R %.2f MOS %.2f, want %.1f %.2f", name, r, mos, c.r, c.mos)
		}
	}
}

// More loss and more delay are never better, whatever is fed.
func TestRateFalls(t *testing.T) {
	for _, codec := range []Codec{G711, G722} {
		for _, burst := range []float64{0, 1, 3} {
			last := 5.0
			for loss := 0.0; loss <= 1; loss += 0.01 {
				_, mos := Rate(Line{Codec: codec, Loss: loss, Burst: burst, Delay: 50})
				if mos > last+1e-9 && burst <= 1 || mos < 1 {
					t.Fatalf("%+v: score %.3f after %.3f at %.0f %% loss", codec, mos, last, 100*loss)
				}
				last = mos
			}
		}
	}
	for _, odd := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -3} {
		if r, mos := Rate(Line{Codec: G711, Loss: odd, Burst: odd, Delay: odd}); !(r >= 0 && r <= 130 && mos >= 1 && mos <= 4.5) {
			t.Errorf("%g: R %g MOS %g", odd, r, mos)
		}
	}
}
