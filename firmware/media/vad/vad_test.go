package vad

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"centralita/firmware/media"
	st "centralita/firmware/media/soundtest"
)

// truth says of every 10 ms of clean sound whether they are voice: not more than
// 35 dB under the loud ones, of which one in twenty is louder.
func truth(x []float64) []bool {
	e := make([]float64, len(x)/80)
	for i := range e {
		for _, v := range x[i*80 : i*80+80] {
			e[i] += v * v
		}
	}
	loud := slices.Sorted(slices.Values(e))[len(e)*95/100]
	is := make([]bool, len(e))
	for i, v := range e {
		is[i] = v > loud*math.Pow(10, -3.5)
	}
	return is
}

// count is what became of the frames.
type count struct{ voice, missed, rest, false int }

// compare counts voice that was missed, the first 30 ms after a pause apart, and
// rest, from 200 ms after voice on, that was taken for voice.
func (c *count) compare(is, said []bool) {
	last, began := -100, -100
	for i, v := range is {
		if !v {
			if i-last > 20 && !slices.Contains(is[i:min(i+3, len(is))], true) {
				c.rest++
				if said[i] {
					c.false++
				}
			}
			continue
		}
		if i-last > 20 {
			began = i
		}
		last = i
		if i < began+3 {
			continue
		}
		c.voice++
		if !said[i] {
			c.missed++
		}
	}
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }

func say(pcm []int16) (said []bool) {
	d := NewDetector()
	st.Frames(pcm, func(f *[80]int16, _ float64) { said = append(said, d.Frame(f)) })
	return said
}

// Voices over a room's noise: misses at most 0.5 %, and of the rest at most 1, 4
// and 8 % are called voice 40, 20 and 12 dB over the noise.
func TestVoiceOverNoise(t *testing.T) {
	voices := uint64(24)
	if testing.Short() {
		voices = 8
	}
	for snr, most := range map[float64]float64{40: 1, 20: 4, 12: 8} {
		var c count
		for seed := range voices {
			x := st.NewVoice(seed).Talk(14, -20, 0.5, 1.4)
			is := truth(x)
			noise := st.Room(rand.New(rand.NewPCG(seed, uint64(snr))), -20-snr, 14)
			c.compare(is, say(st.Line(st.Over(x, noise))))
		}
		missed, wrong := percent(c.missed, c.voice), percent(c.false, c.rest)

		if missed > 0.5 || wrong > most {
			t.Errorf("%g dB: missed %.2f %%, false %.2f %%", snr, missed, wrong)
		}
	}
}

// A noise that begins becomes background within a second, at any level, and one
// that stops is forgotten.
func TestBackgroundChanges(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for _, level := range []float64{-55, -45, -35} {
		x := st.Join(st.Room(r, -62, 2), st.Room(r, level, 4), st.Room(r, -62, 2))
		n := 0
		for i, v := range say(st.Line(x)) {
			if v && (i < 200 || i > 320) {
				n++
			}
		}
		if n > 20 {
			t.Errorf("noise of %g dBm0: %d frames of voice", level, n)
		}
		x = st.Join(x, st.NewVoice(4).Phrase(6, -28))
		said := say(st.Line(st.Over(x, st.Room(r, -62, 9))))
		if n = len(said); !slices.Contains(said[n-100:], true) {
			t.Errorf("after noise of %g dBm0 a voice is not heard", level)
		}
	}
}

// A breath that raises the noise by no more than its own flutter is heard while it
// begins; noise that stays as loud is background again, and noise alone is silent.
func TestMurmur(t *testing.T) {
	const murmurs = 20
	r := rand.New(rand.NewPCG(8, 3))
	x := st.Room(r, -36, 2)
	for range murmurs {
		x = st.Join(x, st.Room(r, -34.2, 0.3), st.Room(r, -36, 1.7))
	}
	said := say(st.Line(x))
	heard, voice := 0, 0
	for at := 200; at < len(said); at += 200 {
		if slices.Contains(said[at:at+12], true) {
			heard++
		}
		for _, v := range said[at+60 : at+200] {
			if v {
				voice++
			}
		}
	}
	if heard < murmurs*3/4 {
		t.Errorf("%d of %d murmurs heard in 120 ms", heard, murmurs)
	}
	if rest := 140 * murmurs; voice > rest/50 {
		t.Errorf("%d of %d frames of noise are voice", voice, rest)
	}
	voice = 0
	for _, v := range say(st.Line(st.Join(st.Room(r, -36, 3), st.Room(r, -34, 8))))[500:] {
		if v {
			voice++
		}
	}
	if voice > 12 {
		t.Errorf("louder noise is voice for %d frames", voice)
	}
}

// Hum, hiss of an idle line and silence are no voice from the first frame on.
func TestIdleLine(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, x := range map[string][]float64{
		"silence": st.Silence(3),
		"hiss":    st.Room(r, -50, 3),
		"hum":     st.Over(st.Tone(50, -40, 3), st.Over(st.Tone(150, -45, 3), st.Room(r, -65, 3))),
	} {
		n := 0
		for _, v := range say(st.Line(x)) {
			if v {
				n++
			}
		}
		if n > 6 {
			t.Errorf("%s: %d frames of voice", name, n)
		}
	}
}

// The ear tells one start and one stop of a phrase, with its level and length.
func TestListener(t *testing.T) {
	e := media.New()
	h, err := e.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	phrase := st.NewVoice(7).Phrase(8, -20)
	x := st.Join(st.Silence(1), phrase, st.Silence(2))
	e.Plug(h, &player{st.Line(st.Over(x, st.Room(rand.New(rand.NewPCG(3, 3)), -55, 9)))})
	e.Attach(h, NewListener(400))
	for range len(x) / 80 {
		e.Tick()
	}
	began, _ := e.Next()
	ended, _ := e.Next()
	_, more := e.Next()
	if began.Kind != media.VoiceStarted || ended.Kind != media.VoiceStopped || more {
		t.Fatalf("heard %+v, %+v, more %v", began, ended, more)
	}
	if began.Tick < 100 || began.Tick > 115 || began.Value > -100 || began.Value < -500 {
		t.Errorf("began %+v", began)
	}
	if long := int32(len(phrase) / 8); ended.Value < long-150 || ended.Value > long+300 {
		t.Errorf("lasted %d ms, was %d", ended.Value, long)
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
	l := NewListener(300)
	pcm := st.Line(st.NewVoice(1).Talk(5, -20, 0.2, 0.6))
	i := 0
	if n := testing.AllocsPerRun(400, func() {
		l.Hear((*[80]int16)(pcm[i:]), media.Mouth{})
		i += 80
	}); n != 0 {
		t.Fatalf("%g allocations", n)
	}
}

func BenchmarkDetector(b *testing.B) {
	d := NewDetector()
	pcm := st.Line(st.NewVoice(1).Talk(10, -20, 0.2, 0.6))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		d.Frame((*[80]int16)(pcm[i:]))
		i = (i + 80) % len(pcm)
	}
}

// TestDecibel: the quick logarithm and its inverse are those of math.
func TestDecibel(t *testing.T) {
	for dB := -80.0; dB < 10; dB += 0.0137 {
		ms := math.Pow(10, (dB+84.158)/10)
		if got := float64(decibel(float32(ms))); math.Abs(got-dB) > 0.002 {
			t.Fatalf("%.3f dBm0 is taken for %.4f", dB, got)
		}
		if got := float64(meanSquare(float32(dB))); math.Abs(got/ms-1) > 1e-4 {
			t.Fatalf("%.3f dBm0: %g, not %g", dB, got, ms)
		}
	}
}
