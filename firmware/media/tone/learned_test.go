package tone

import (
	"math"
	"testing"

	"centralita/firmware/media"
)

// worn is the busy tone of an exchange whose clock has aged: 452 Hz, 260 ms on and
// 150 ms off, in place of Spain's 425 Hz and 200 ms.
func worn(seconds float64) []int16 {
	pcm := make([]int16, int(8000*seconds))
	for i := range pcm {
		if i/8%410 < 260 {
			pcm[i] = int16(3000 * math.Sin(2*math.Pi*452*float64(i)/8000))
		}
	}
	return pcm
}

func recognised(c *Country, pcm []int16) Signal {
	l := NewListener(c)
	for i := 0; i+80 <= len(pcm); i += 80 {
		l.Hear((*[media.Narrow]int16)(pcm[i:i+80]), media.Mouth{})
		if l.Current() != None {
			return l.Current()
		}
	}
	return None
}

// A tone that the country's plan does not know is recognised once it was measured.
func TestLearned(t *testing.T) {
	plan, _ := Plan("ES")
	pcm := worn(4)
	if s := recognised(plan, pcm); s == Busy {
		t.Skip("the plan's own tolerance takes it")
	}
	m, ok := Measure(pcm)
	if !ok {
		t.Fatal("not measured")
	}
	if !plan.Like(Busy, m) || plan.Like(Dial, m) || plan.Like(Busy, Measured{Hz: [2]float64{900}, On: m.On, Off: m.Off}) {
		t.Errorf("%+v is not told from other tones", m)
	}
	own := plan.With([]Learned{{Signal: Busy, Hz: [2]float32{float32(m.Hz[0])}, OnMS: uint16(m.On.Milliseconds()), OffMS: uint16(m.Off.Milliseconds())}})
	if s := recognised(own, pcm); s != Busy {
		t.Errorf("learnt as %+v, but heard as %v", m, s)
	}
	if plan.Signals[Busy].Steps[0].Ms != 200 {
		t.Error("the country's plan was changed")
	}
}

// What is far from the plan is not taken for its tone.
func TestLearnedTooFar(t *testing.T) {
	plan, _ := Plan("ES")
	for _, far := range []Learned{{Signal: Busy, Hz: [2]float32{620}}, {Signal: Busy, Hz: [2]float32{425, 480}}, {Signal: signals, Hz: [2]float32{425}}} {
		if got := plan.With([]Learned{far}).Signals[Busy].Steps[0].Hz[0]; got != 425 {
			t.Errorf("%+v makes busy %v Hz", far, got)
		}
	}
}
