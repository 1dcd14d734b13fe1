package tone

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"centralita/firmware/media"
)

// telling is one change that a listener told.
type telling struct {
	s  Signal
	at float64 // s
}

// listen runs a listener over sound and returns every signal that began.
func listen(c *Country, pcm []int16) []telling {
	l := NewListener(c)
	var told []telling
	now := None
	for i := 0; i+80 <= len(pcm); i += 80 {
		l.frame((*[media.Narrow]int16)(pcm[i:]))
		if c := l.Current(); c != now {
			now = c
			if now != None {
				told = append(told, telling{now, float64(i+80) / 8000})
			}
		}
	}
	return told
}

// line is sound as a line brings it: a signal at a level after a silence, with
// noise, frequencies off by parts and times stretched.
func line(c *Country, s Signal, seconds, dBm0, noise, off, stretch float64) []int16 {
	cad := Cadence{Loop: c.Signals[s].Loop}
	for _, st := range c.Signals[s].Steps {
		for k := range st.Hz {
			st.Hz[k] *= float32(1 + off)
		}
		st.Ms = uint16(float64(st.Ms) * (1 + stretch))
		cad.Steps = append(cad.Steps, st)
	}
	pcm := make([]int16, int(seconds*8000)+2345)
	New(cad, dBm0).Fill(pcm[2345:])
	r := rand.New(rand.NewPCG(uint64(s), 8))
	for i := range pcm {
		pcm[i] += int16(r.NormFloat64() * 16141 * math.Pow(10, noise/20))
	}
	return pcm
}

// Every national tone must be told by its name, and nothing else, clean and
// worn. Busy and congestion of one cadence may stand for each other.
func TestEveryPlan(t *testing.T) {
	for _, code := range Countries() {
		c, _ := Plan(code)
		for _, s := range []Signal{Dial, Ringback, Busy, Congestion, SIT} {
			want := s
			if s == Congestion && slices.Equal(c.Signals[s].Steps, c.Signals[Busy].Steps) {
				want = Busy
			}
			for name, w := range map[string]struct{ level, noise, off, stretch float64 }{
				"clean": {-13, -65, 0, 0},
				"faint": {-32, -54, -.01, -.06},
				"worn":  {-24, -46, .012, .08},
			} {
				if name != "worn" && testing.Short() {
					continue // the hardest speaks for the others
				}
				seconds := 8.0
				if s == SIT {
					seconds = 1.6
				}
				told := listen(c, line(c, s, seconds, w.level, w.noise, w.off, w.stretch))
				if len(told) == 0 || told[0].s != want {
					t.Errorf("%s %v %s: told %v", code, s, name, told)
					continue
				}
				for _, x := range told[1:] {
					if x.s != want {
						t.Errorf("%s %v %s: told %v", code, s, name, told)
						break
					}
				}
			}
		}
	}
}

// A hang-up is known after two to three cycles of busy tone.
func TestBusyIsQuick(t *testing.T) {
	for code, most := range map[string]float64{"ES": 1.6, "IT": 2.9, "UK": 2.4, "US": 2.9, "MX": 2.1} {
		c, _ := Plan(code)
		told := listen(c, line(c, Busy, 6, -18, -55, 0, 0))
		if len(told) == 0 || told[0].at > most {
			t.Errorf("%s: %v, want within %.1f s", code, told, most)
		}
	}
}

// When the tone stops the listener says so: it must not stand for ever.
func TestEnds(t *testing.T) {
	c, _ := Plan("ES")
	for _, s := range []Signal{Dial, Ringback, Busy, Congestion} {
		pcm := append(line(c, s, 7, -13, -65, 0, 0), make([]int16, 8*8000)...)
		l := NewListener(c)
		for i := 0; i+80 <= len(pcm); i += 80 {
			l.frame((*[media.Narrow]int16)(pcm[i:]))
		}
		if l.Current() != None {
			t.Errorf("%v never ended", s)
		}
	}
}

// A voice with a busy tone's pitch and rhythm, uneven as voices are, and digits
// are no tones.
func TestVoiceIsNoTone(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	seconds := 180
	if testing.Short() {
		seconds = 30
	}
	pcm := make([]int16, 8000*seconds)
	phase, f0, loud, toF, toL := 0.0, 200.0, 0.0, 200.0, 1.0
	for i := range pcm {
		if i%1600 == 0 {
			toF, toL = 180+r.Float64()*60, float64(i/1600%2)*(0.5+r.Float64())
		}
		f0 += (toF - f0) / 600
		loud += (toL - loud) / 200
		phase += f0 / 8000
		var v float64
		for h := 1.0; h < 8; h++ {
			v += math.Exp(-math.Pow((h*f0-430)/120, 2)) * math.Sin(2*math.Pi*phase*h)
		}
		pcm[i] = int16(v * loud * 6000)
	}
	for _, code := range Countries() {
		c, _ := Plan(code)
		if told := listen(c, pcm); len(told) > 0 {
			t.Errorf("%s: told %v", code, told)
		}
	}
}

// The ear tells beginning and end through the engine.
func TestListenerTells(t *testing.T) {
	e := media.New()
	c, _ := Plan("ES")
	cad := c.Signals[Busy]
	cad.Steps = slices.Repeat(cad.Steps, 6)
	cad.Loop = Once
	h, err := e.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	e.Plug(h, New(cad, -13))
	e.Attach(h, NewListener(c))
	for range 500 {
		e.Tick()
	}
	level, _ := e.Next()
	began, _ := e.Next()
	ended, _ := e.Next()
	if began.Kind != media.ToneBegan || Signal(began.Value) != Busy || ended.Kind != media.ToneEnded || Signal(ended.Value) != Busy {
		t.Fatalf("told %+v, %+v", began, ended)
	}
	if level.Kind != media.ToneLevel || level.Value < -136 || level.Value > -124 {
		t.Errorf("the level of -13 dBm0 was told as %+v", level)
	}
}

func TestListenerAllocatesNothing(t *testing.T) {
	c, _ := Plan("US")
	l := NewListener(c)
	pcm := line(c, Busy, 6, -13, -60, 0, 0)
	i := 0
	if n := testing.AllocsPerRun(500, func() {
		l.frame((*[media.Narrow]int16)(pcm[i:]))
		i += 80
	}); n != 0 {
		t.Fatalf("%g allocations", n)
	}
}

func BenchmarkListener(b *testing.B) {
	c, _ := Plan("US")
	l := NewListener(c)
	pcm := line(c, Busy, 6, -13, -60, 0, 0)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if i += 80; i+80 > len(pcm) {
			i = 0
		}
		l.frame((*[media.Narrow]int16)(pcm[i:]))
	}
}
