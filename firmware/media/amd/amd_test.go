package amd

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"centralita/firmware/media"
	st "centralita/firmware/media/soundtest"
)

// answer is a call that was answered.
type answer struct {
	pcm    []int16
	who    Verdict
	beepHz float64
	beepAt float64 // its end
}

// person says a word, or greets and names himself, and waits.
func person(seed uint64) answer {
	r := rand.New(rand.NewPCG(seed, 11))
	v := st.NewVoice(seed)
	x := st.Join(st.Silence(0.2+r.Float64()), v.Phrase(1+r.IntN(2), -18))
	if r.IntN(3) == 0 {
		x = st.Join(x, st.Silence(0.1+0.15*r.Float64()), v.Phrase(1+r.IntN(2), -20))
	}
	x = st.Join(x, st.Silence(3))
	return answer{pcm: st.Line(st.Over(x, st.Room(r, -45-15*r.Float64(), 9))), who: Human}
}

// machine plays a greeting of a few sentences and beeps.
func machine(seed uint64) answer {
	r := rand.New(rand.NewPCG(seed, 12))
	v := st.NewVoice(seed)
	x := st.Silence(0.2 + 0.8*r.Float64())
	for range 2 + r.IntN(3) {
		x = st.Join(x, v.Phrase(8+r.IntN(10), -18), st.Silence(0.05+0.4*r.Float64()))
	}
	hz := []float64{440, 850, 1000, 1400, 2000}[r.IntN(5)]
	x = st.Join(x, st.Silence(0.3), st.Tone(hz, -16, 0.2+0.8*r.Float64()))
	at := float64(len(x)) / st.Rate
	x = st.Join(x, st.Silence(1.5))
	return answer{st.Line(st.Over(x, st.Room(r, -50-10*r.Float64(), 30))), Machine, hz, at}
}

// judged runs a listener over an answer.
func judged(pcm []int16) (who Verdict, at float64, hz int, beepAt float64) {
	l := NewListener()
	st.Frames(pcm, func(f *[80]int16, now float64) {
		if b := l.Frame(f); b != 0 {
			hz, beepAt = b, now
		}
		if who == None && l.Verdict() != None {
			who, at = l.Verdict(), now
		}
	})
	return who, at, hz, beepAt
}

// At least 95 % must be right, 94 % of persons, after 2.0 s on average; the end of
// every beep is known within 0.3 s and its frequency to 2 %.
func TestAnswers(t *testing.T) {
	answers := uint64(60)
	if testing.Short() {
		answers = 15
	}
	var right [2]float64
	late := 0.0
	for seed := range answers {
		for i, a := range []answer{person(seed), machine(seed)} {
			who, at, hz, beepAt := judged(a.pcm)
			late += at
			if who == a.who {
				right[i]++
			}
			if a.beepHz == 0 || who == Human {
				continue
			}
			if off := beepAt - a.beepAt; off < -0.05 || off > 0.3 || float64(hz) < 0.98*a.beepHz || float64(hz) > 1.02*a.beepHz {
				t.Errorf("machine %d: beep of %g Hz until %.2f s: %d Hz until %.2f s", seed, a.beepHz, a.beepAt, hz, beepAt)
			}
		}
	}
	n := float64(answers)

	if right[0] < 0.94*n || right[0]+right[1] < 0.95*2*n {
		t.Errorf("persons right %.1f %%, machines %.1f %%", 100*right[0]/n, 100*right[1]/n)
	}
	if late /= 2 * n; late > 2 {
		t.Errorf("judged after %.2f s", late)
	}
}

// Silence is judged in the end; a beep alone is a machine; a click is nobody.
func TestWithoutWords(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	for name, c := range map[string]struct {
		x    []float64
		want Verdict
	}{
		"silence": {st.Silence(6), Unsure},
		"click":   {st.Join(st.Silence(1), st.Room(r, -15, 0.02), st.Silence(5)), Unsure},
		"beep":    {st.Join(st.Silence(1), st.Tone(1000, -15, 0.4), st.Silence(5)), Machine},
	} {
		if who, at, _, _ := judged(st.Line(st.Over(c.x, st.Room(r, -55, 9)))); who != c.want {
			t.Errorf("%s: %v after %.2f s, want %v", name, who, at, c.want)
		}
	}
}

// Voices and melodies do not beep; tones in a row do so once, at their end.
func TestNoBeep(t *testing.T) {
	for seed := range uint64(20) {
		var b beep
		st.Frames(st.Line(st.NewVoice(seed).Talk(15, -12, 0.1, 0.5)), func(f *[80]int16, at float64) {
			if hz := b.frame(f); hz != 0 {
				t.Errorf("voice %d beeps at %.2f s with %d Hz", seed, at, hz)
			}
		})
	}
	tones := st.Join(st.Silence(0.5), st.Tone(700, -15, 0.3), st.Tone(1100, -15, 0.3), st.Tone(1500, -15, 0.3), st.Silence(0.5))
	if _, _, hz, at := judged(st.Line(tones)); hz < 1490 || hz > 1510 || at < 1.4 || at > 1.5 {
		t.Errorf("three tones: %d Hz until %.2f s", hz, at)
	}
	r := rand.New(rand.NewPCG(4, 4))
	var melody []float64
	for range 100 {
		note := st.Tone(440*float64(4+r.IntN(12))/4, -15, 0.15+0.3*r.Float64())
		melody = st.Join(melody, note)
	}
	var b beep
	st.Frames(st.Line(melody), func(f *[80]int16, at float64) {
		if hz := b.frame(f); hz != 0 && at < float64(len(melody))/st.Rate {
			t.Errorf("melody beeps at %.2f s with %d Hz", at, hz)
		}
	})
}

// The control plane is told once who answered and when the beep was over.
func TestTells(t *testing.T) {
	a := machine(3)
	e := media.New()
	h, err := e.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	e.Plug(h, &player{a.pcm})
	e.Attach(h, NewListener())
	for range len(a.pcm) / 80 {
		e.Tick()
	}
	var got []string
	for f, ok := e.Next(); ok; f, ok = e.Next() {
		switch f.Kind {
		case media.AnsweredBy:
			got = append(got, Verdict(f.Value).String())
		case media.BeepEnded:
			got = append(got, "beep")
		}
	}
	if fmt.Sprint(got) != "[machine beep]" {
		t.Fatalf("told %v", got)
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

func TestAllocatesNothing(t *testing.T) {
	l := NewListener()
	pcm := machine(1).pcm
	i := 0
	if n := testing.AllocsPerRun(300, func() {
		l.Hear((*[80]int16)(pcm[i:]), media.Mouth{})
		i += 80
	}); n != 0 {
		t.Fatalf("%g allocations", n)
	}
}

func BenchmarkListener(b *testing.B) {
	l := NewListener()
	pcm := machine(1).pcm
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		l.Frame((*[80]int16)(pcm[i:]))
		i = (i + 80) % (len(pcm) - 79)
	}
}

// A machine that says “Hello.” and waits as a person does is known by what it says
// then; a person who says a word again, or answers us, stays one.
func TestCorrected(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for seed := range uint64(8) {
		v := st.NewVoice(seed)
		hello := st.Join(st.Silence(0.5), v.Phrase(1, -18))
		for name, c := range map[string]struct {
			x    []float64
			want string
		}{
			"greeting": {st.Join(hello, st.Silence(0.45), v.Phrase(14, -18), st.Silence(1)), "[human machine]"},
			"again":    {st.Join(hello, st.Silence(0.5), v.Phrase(1, -18), st.Silence(2)), "[human]"},
			"answer":   {st.Join(hello, st.Silence(1.5), v.Phrase(14, -18), st.Silence(1)), "[human]"},
		} {
			l := NewListener()
			var said []Verdict
			st.Frames(st.Line(st.Over(c.x, st.Room(r, -55, 9))), func(f *[80]int16, _ float64) {
				before := l.Verdict()
				l.Frame(f)
				if l.Verdict() != before {
					said = append(said, l.Verdict())
				}
			})
			if fmt.Sprint(said) != c.want {
				t.Errorf("voice %d, %s: %v, want %s", seed, name, said, c.want)
			}
		}
	}
}
