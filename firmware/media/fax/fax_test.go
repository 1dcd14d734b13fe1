package fax

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"centralita/firmware/media"
	st "centralita/firmware/media/soundtest"
)

// heard is a tone and when it was told, in seconds.
type heard struct {
	tone Tone
	at   float64
}

func listen(pcm []int16) (told []heard) {
	l := NewListener()
	st.Frames(pcm, func(f *[80]int16, at float64) {
		if tone := l.Frame(f); tone != None {
			told = append(told, heard{tone, at})
		}
	})
	return told
}

// turning is an answering tone with reversals; am adds the 15 Hz of ANSam.
func turning(dBm0, hz, s float64, am bool) []float64 {
	x := st.Tone(hz, dBm0, s)
	for i := range x {
		if i/3600%2 == 1 {
			x[i] = -x[i]
		}
		if am {
			x[i] *= 1 + 0.2*math.Sin(2*math.Pi*15*float64(i)/st.Rate)
		}
	}
	return x
}

// preamble is flags with two zeros between them, as most machines send them, or
// with one shared.
func preamble(dBm0 float64, n int, shared bool) []float64 {
	bits := []byte{0, 1, 1, 1, 1, 1, 1, 0}
	if shared {
		bits = bits[1:]
	}
	bits = slices.Repeat(bits, n)
	x := st.Silence(float64(len(bits)) / 300)
	phase := 0.0
	for i := range x {
		hz := 1850.0
		if bits[min(i*300/st.Rate, len(bits)-1)] == 1 {
			hz = 1650
		}
		phase += 2 * math.Pi * hz / st.Rate
		x[i] = st.RMS(dBm0) * math.Sqrt2 * math.Sin(phase)
	}
	return x
}

type example struct {
	name string
	x    []float64
	dBm0 float64 // of noise
	want []Tone
}

// examples are what T.30 and V.25 allow machines to send, at the edges.
func examples() (xs []example) {
	add := func(noise float64, x []float64, want []Tone, name string, args ...any) {
		xs = append(xs, example{fmt.Sprintf(name, args...), x, noise, want})
	}
	for _, l := range []float64{-10, -20, -30, -36} {
		add(-65, st.Tone(1100, l, 0.5), []Tone{CNG}, "CNG %g dBm0", l)
		add(-65, st.Tone(2100, l, 2.6), []Tone{CED}, "CED %g dBm0", l)
		add(l-15, st.Tone(1100, l, 0.5), []Tone{CNG}, "CNG %g dBm0, noise 15 dB below", l)
		add(l-15, st.Tone(2100, l, 2.6), []Tone{CED}, "CED %g dBm0, noise 15 dB below", l)
	}
	for _, s := range []float64{-1, 1} {
		add(-65, st.Tone(1100+38*s, -20, 0.5), []Tone{CNG}, "CNG %+g Hz", 38*s)
		add(-65, st.Tone(2100+15*s, -20, 2.6), []Tone{CED}, "CED %+g Hz", 15*s)
		add(-65, st.Tone(1100, -20, 0.5+0.075*s), []Tone{CNG}, "CNG %+g ms", 75*s)
		add(-65, turning(-16, 2100+15*s, 3.3, true), []Tone{CED, Reversals}, "ANSam %+g Hz", 15*s)
	}
	add(-65, turning(-30, 2100, 3.3, false), []Tone{CED, Reversals}, "ANS/PR -30 dBm0")
	add(-35, turning(-20, 2100, 3.3, false), []Tone{CED, Reversals}, "ANS/PR in noise")
	add(-65, preamble(-18, 38, false), []Tone{Preamble}, "preamble")
	add(-65, preamble(-36, 38, true), []Tone{Preamble}, "preamble of shared zeros")
	add(-35, preamble(-20, 38, false), []Tone{Preamble}, "preamble in noise")
	hum := st.Over(st.Tone(50, -25, 1), st.Tone(1100, -25, 0.5))
	add(-65, hum, []Tone{CNG}, "CNG and hum as loud")
	add(-65, st.Join(st.Tone(1100, -20, 0.5), st.Silence(3), st.Tone(1100, -20, 0.5)), []Tone{CNG, CNG}, "CNG twice")
	add(-65, st.Join(st.Tone(2100, -20, 2.6), st.Silence(0.075), preamble(-20, 30, false)), []Tone{CED, Preamble}, "an answering machine")
	for _, hz := range []float64{425, 941, 1004, 1200, 1209, 1300, 1750, 1850, 2000, 2130, 2200, 2225} {
		add(-65, st.Tone(hz, -10, 3), nil, "%g Hz", hz)
	}
	add(-65, st.Tone(1100, -20, 0.2), nil, "short 1100 Hz")
	add(-65, st.Tone(2100, -20, 0.3), nil, "short 2100 Hz")
	add(-65, st.Over(st.Tone(2130, -15, 0.1), st.Tone(2750, -15, 0.1)), nil, "DT-AS")
	add(-65, st.Join(st.Tone(950, -20, 0.33), st.Tone(1400, -20, 0.33), st.Tone(1800, -20, 0.33)), nil, "SIT")
	return xs
}

// Every tone must be told by its name and nothing else, in 0.7 s on average.
func TestTones(t *testing.T) {
	late, n := 0.0, 0
	for seed := range uint64(3) {
		for _, x := range examples() {
			r := rand.New(rand.NewPCG(seed, 300))
			x.x = st.Join(st.Silence(0.5+0.01*r.Float64()), x.x, st.Silence(0.3))
			told := listen(st.Line(st.Over(x.x, st.Room(r, x.dBm0, 6))))
			var got []Tone
			for _, h := range told {
				got = append(got, h.tone)
			}
			if !slices.Equal(got, x.want) {
				t.Errorf("%s: told %v, want %v", x.name, told, x.want)
			}
			if len(told) > 0 {
				late += told[0].at - 0.5
				n++
			}
		}
	}
	if late /= float64(n); late > 0.7 {
		t.Errorf("told after %.2f s on average", late)
	}
}

// Talking brings nothing, at any pace and pitch.
func TestVoiceIsNoFax(t *testing.T) {
	voices := uint64(40)
	if testing.Short() {
		voices = 4
	}
	for seed := range voices {
		if told := listen(st.Line(st.NewVoice(seed).Talk(30, -12, 0.1, 0.5))); told != nil {
			t.Errorf("voice %d: %v", seed, told)
		}
	}
}

// The fact reaches the control plane with the tone as its value.
func TestTells(t *testing.T) {
	e := media.New()
	h, err := e.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	e.Plug(h, &player{st.Line(st.Tone(1100, -20, 0.5))})
	e.Attach(h, NewListener())
	for range 60 {
		e.Tick()
	}
	f, ok := e.Next()
	if !ok || f.Kind != media.FaxTone || Tone(f.Value) != CNG || f.Handle != h {
		t.Fatalf("heard %+v, %v", f, ok)
	}
}

type player struct{ pcm []int16 }

func (*player) Rate() media.Rate                 { return media.Narrow }
func (p *player) Write(_ uint64, _ *media.Frame) {}
func (p *player) Read(_ uint64, f *media.Frame) bool {
	n := copy(f.PCM(), p.pcm)
	p.pcm = p.pcm[n:]
	return n > 0
}

// The canceller's rules: a plain answering tone suspends the suppression only,
// reversals the whole within a second, and 250 +-150 ms of quiet end it, not a
// pause of 90.
func TestBypass(t *testing.T) {
	for name, x := range map[string]struct {
		sound []float64
		want  Aside
		by    float64
	}{
		"CNG":  {st.Tone(1100, -20, 0.5), Linear, 0.5},
		"CED":  {st.Tone(2100, -30, 3), Linear, 0.6},
		"ANS":  {turning(-12, 2100, 3, false), Off, 1},
		"ANSa": {turning(-31, 2121, 3, true), Off, 1},
		"V21":  {preamble(-20, 38, false), Linear, 0.3},
	} {
		for side := range 2 {
			b := NewBypass()
			quiet := new([80]int16)
			hear := func(f *[80]int16) Aside {
				if side == 0 {
					return b.Frame(f, quiet)
				}
				return b.Frame(quiet, f)
			}
			since := 0.0
			now := Whole
			st.Frames(st.Line(x.sound), func(f *[80]int16, at float64) {
				if now = hear(f); now == x.want && since == 0 {
					since = at
				}
			})
			if since == 0 || since > x.by || now != x.want {
				t.Errorf("%s: %d after %.2f s, in the end %d", name, x.want, since, now)
			}
			back := 0
			for now = hear(quiet); now != Whole && back < 100; back++ {
				now = hear(quiet)
			}
			if back < 10 || back > 40 {
				t.Errorf("%s: back after %d0 ms of quiet", name, back)
			}
		}
	}
}

func TestAllocatesNothing(t *testing.T) {
	b := NewBypass()
	pcm := st.Line(turning(-12, 2100, 3, true))
	i := 0
	if n := testing.AllocsPerRun(250, func() {
		b.Frame((*[80]int16)(pcm[i:]), (*[80]int16)(pcm[i:]))
		i += 80
	}); n != 0 {
		t.Fatalf("%g allocations", n)
	}
}

func BenchmarkListener(b *testing.B) {
	l := NewListener()
	pcm := st.Line(st.NewVoice(1).Talk(10, -15, 0.1, 0.5))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		l.Frame((*[80]int16)(pcm[i:]))
		i = (i + 80) % len(pcm)
	}
}
