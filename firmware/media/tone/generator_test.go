package tone

import (
	"math"
	"testing"

	"centralita/firmware/media"
)

// level is the RMS of samples in dBm0.
func level(pcm []int16) float64 {
	var sum float64
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	return 20 * math.Log10(math.Sqrt(sum/float64(len(pcm)))/16141)
}

// power is the level in dBm0 of one frequency.
func power(pcm []int16, hz float64) float64 {
	var re, im float64
	for i, s := range pcm {
		a := 2 * math.Pi * hz * float64(i) / 8000
		re += float64(s) * math.Cos(a)
		im += float64(s) * math.Sin(a)
	}
	rms := math.Hypot(re, im) * math.Sqrt2 / float64(len(pcm))
	return 20 * math.Log10(rms/16141)
}

// A tone must have the level of the plan and only the frequencies of the plan.
func TestLevelAndPurity(t *testing.T) {
	for _, tc := range []struct {
		code string
		hz   []float64
	}{{"ES", []float64{425}}, {"US", []float64{350, 440}}, {"UK", []float64{350, 440}}} {
		c, _ := Plan(tc.code)
		pcm := make([]int16, 8000)
		g := c.Of(Dial)
		g.Fill(pcm[:800]) // past the ramp
		g.Fill(pcm)
		if l := level(pcm); math.Abs(l-Level) > 0.05 {
			t.Errorf("%s: dial tone has %.2f dBm0, want %d", tc.code, l, Level)
		}
		rest := math.Pow(10, level(pcm)/10)
		for _, hz := range tc.hz {
			p := power(pcm, hz)
			if want := Level - 10*math.Log10(float64(len(tc.hz))); math.Abs(p-want) > 0.05 {
				t.Errorf("%s: %g Hz has %.2f dBm0, want %.2f", tc.code, hz, p, want)
			}
			rest -= math.Pow(10, p/10)
		}
		if d := 10 * math.Log10(math.Abs(rest)+1e-12); d > -65 {
			t.Errorf("%s: %.1f dBm0 beside the tones", tc.code, d)
		}
	}
}

// Every cadence of every country must have the on and off times of its data.
func TestCadences(t *testing.T) {
	for _, code := range Countries() {
		c, ok := Plan(code)
		if !ok {
			t.Fatal(code)
		}
		for s := Dial; s < signals; s++ {
			g := c.Of(s)
			for _, want := range append(c.Signals[s].Steps, c.Signals[s].Steps...) {
				if want.Ms == 0 {
					break
				}
				pcm := make([]int16, int(want.Ms)*8)
				if n := g.Fill(pcm); n != len(pcm) {
					t.Fatalf("%s %v: ended after %d samples", code, s, n)
				}
				l := level(pcm[min(rampSamples, len(pcm)/2):])
				if sounds := l > -40; sounds != (want.Hz[0] > 0) {
					t.Errorf("%s %v: step of %v Hz, %d ms has %.1f dBm0", code, s, want.Hz, want.Ms, l)
				}
			}
		}
	}
}

// The frames of a port must be the very samples of one long fill.
func TestPortIsContinuous(t *testing.T) {
	c, _ := Plan("it")
	long := make([]int16, 8000)
	c.Of(Dial).Fill(long)
	g, f := c.Of(Dial), media.Frame{}
	for i := uint64(0); i < 100; i++ {
		f.Rate = media.Narrow
		g.Read(i, &f)
		if got, want := f.PCM(), long[i*80:i*80+80]; string16(got) != string16(want) {
			t.Fatalf("frame %d differs", i)
		}
	}
}

func string16(s []int16) string {
	b := make([]byte, 0, 2*len(s))
	for _, v := range s {
		b = append(b, byte(v), byte(uint16(v)>>8))
	}
	return string(b)
}

// A cadence that is played once must end, and then stay silent.
func TestOnce(t *testing.T) {
	c := cadence("425/100")
	c.Loop = Once
	g := New(c, -10)
	pcm := make([]int16, 1000)
	if n := g.Fill(pcm); n != 800 {
		t.Fatalf("played %d samples, want 800", n)
	}
	if n := g.Fill(pcm); n != 0 {
		t.Fatalf("played %d samples after the end", n)
	}
}

func TestUnknownCountry(t *testing.T) {
	if c, ok := Plan("XX"); ok || c.Code != "ES" {
		t.Fatalf("got %s, %v", c.Code, ok)
	}
	if c, ok := Plan("gb"); !ok || c.Code != "UK" {
		t.Fatalf("got %s, %v", c.Code, ok)
	}
}

func BenchmarkGenerator(b *testing.B) {
	c, _ := Plan("US")
	g := c.Of(Dial)
	var pcm [80]int16
	b.ReportAllocs()
	for b.Loop() {
		g.Fill(pcm[:])
	}
}
