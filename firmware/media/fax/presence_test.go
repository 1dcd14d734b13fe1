package fax

import (
	"testing"

	st "centralita/firmware/media/soundtest"
)

// presence plays two directions to a Presence and returns when it was on, as pairs
// of seconds; what is shorter goes on in silence.
func presence(heard, said []float64) (times []float64) {
	p := NewPresence()
	n := max(len(heard), len(said))
	a := st.Line(append(append([]float64(nil), heard...), make([]float64, n-len(heard))...))
	b := st.Line(append(append([]float64(nil), said...), make([]float64, n-len(said))...))
	on := false
	for i := 0; i+80 <= n; i += 80 {
		p.Frame((*[80]int16)(a[i:]), (*[80]int16)(b[i:]))
		if p.On() != on {
			on = p.On()
			times = append(times, float64(i)/8000)
		}
	}
	return times
}

// TestPresence: a machine's tone begins it, a page in either direction goes on with
// it, T.30's pauses do not end it; silence, a conversation and a busy tone do.
func TestPresence(t *testing.T) {
	page := st.Join(st.Silence(4), st.Tone(1800, -14, 40))
	busy := []float64{}
	for range 60 {
		busy = st.Join(busy, st.Tone(425, -13, 0.2), st.Silence(0.2))
	}
	for _, x := range []struct {
		name        string
		heard, said []float64
		from, to    float64 // seconds in which it has to end; 0 not at all
	}{
		{"page from there", st.Join(preamble(-20, 38, false), page), nil, 0, 0},
		{"page to there", preamble(-20, 38, false), page, 0, 0},
		{"pause of 6 s", st.Join(preamble(-20, 38, false), st.Silence(6), st.Tone(2100, -20, 1)), nil, 0, 0},
		{"silence", st.Join(preamble(-20, 38, false), st.Silence(20)), nil, 7, 9.5},
		{"talk", st.Join(preamble(-20, 38, false), st.NewVoice(3).Talk(30, -15, 0.1, 0.5)), st.NewVoice(4).Talk(30, -15, 0.1, 0.5), 7, 20},
		{"busy tone", st.Join(preamble(-20, 38, false), busy), nil, 7, 9.5},
	} {
		times := presence(x.heard, x.said)
		if len(times) == 0 || times[0] > 0.5 {
			t.Errorf("%s: began at %v", x.name, times)
			continue
		}
		switch {
		case x.to == 0 && len(times) > 1:
			t.Errorf("%s: ended after %.1f s", x.name, times[1])
		case x.to > 0 && (len(times) < 2 || times[1] < x.from || times[1] > x.to):
			t.Errorf("%s: on and off at %v, wanted an end within %g..%g s", x.name, times, x.from, x.to)
		}
	}
}

func BenchmarkPresence(b *testing.B) {
	p := NewPresence()
	pcm := st.Line(st.NewVoice(1).Talk(10, -15, 0.1, 0.5))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		p.Frame((*[80]int16)(pcm[i:]), (*[80]int16)(pcm[i:]))
		i = (i + 80) % len(pcm)
	}
}
