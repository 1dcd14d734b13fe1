package echo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// call is a line: what is played, what comes back, and what is said there.
type call struct{ far, echo, near, noise []float64 }

// cancel runs the call through c and gives the line's sound without the near
// end: what is left of the echo, with noise. The near end passes the dc blocker
// on its way, as far as it is heard at all.
func (l call) cancel(c *Canceller) []float64 {
	far, out := pcm(l.far), pcm(l.echo, l.near, l.noise)
	for i := 0; i < len(out); i += FrameSamples {
		c.Process((*[FrameSamples]int16)(far[i:]), (*[FrameSamples]int16)(out[i:]))
	}
	left := make([]float64, len(out))
	in, y := 0.0, 0.0
	for i, v := range out {
		y = l.near[i] - in + 0.98*y
		in = l.near[i]
		left[i] = float64(v) - y
	}
	return left
}

// erle is by how many dB the echo is lower in a part of the call, over the frames
// in which it was above -58 dBm0.
func (l call) erle(left []float64, from, to float64) float64 {
	before, after := 0.0, 0.0
	for i := int(from*100) * FrameSamples; i < int(to*100)*FrameSamples && i < len(left); i += FrameSamples {
		a, b := 0.0, 0.0
		for k := i; k < i+FrameSamples; k++ {
			a += l.echo[k] * l.echo[k]
			b += left[k] * left[k]
		}
		if a > FrameSamples*math.Pow(amplitude(-58), 2) {
			before, after = before+a, after+b
		}
	}
	return 10 * math.Log10(before/after)
}

// bar is what has to be reached in a part of a call.
type bar struct {
	what     string
	from, to float64 // s
	dB       float64
}

func (l call) hold(t *testing.T, c *Canceller, bars ...bar) {
	t.Helper()
	left := l.cancel(c)
	for _, b := range bars {
		if got := l.erle(left, b.from, b.to); !(got >= b.dB) {
			t.Errorf("%s: %.1f dB, want %.0f", b.what, got, b.dB)
		} else {
			t.Logf("%s: %.1f dB", b.what, got)
		}
	}
}

func dice(seed int) *rand.Rand { return rand.New(rand.NewPCG(uint64(seed), 168)) }

func silent(n int) []float64 { return make([]float64, n) }

// during lets x be heard between two moments only.
func during(x []float64, from, to float64) []float64 {
	clear(x[:int(from*8000)])
	clear(x[min(len(x), int(to*8000)):])
	return x
}

// TestConvergence: a composite source signal on eight hybrids at three levels.
func TestConvergence(t *testing.T) {
	for seed := range 8 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := dice(seed)
			far := css(r, 3, []float64{-10, -3, -18}[seed%3])
			l := call{far, through(hybrid(r, 6+float64(seed), seed*9), far, 0), silent(len(far)), white(r, len(far), -68)}
			l.hold(t, New(256, Options{}),
				bar{"after 0.5 s", 0.25, 0.75, 26}, bar{"after 1 s", 0.75, 1.25, 31}, bar{"after 2 s", 1.75, 2.25, 32})
		})
	}
}

// TestSpeech: a person is harder to learn from, and a quiet one hardest.
func TestSpeech(t *testing.T) {
	for seed := range 4 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := dice(100 + seed)
			far := speech(r, 6, []float64{-15, -20, -12, -18}[seed])
			l := call{far, through(hybrid(r, 6+3*float64(seed), 20*seed), far, 0), silent(len(far)), white(r, len(far), -68)}
			l.hold(t, New(256, Options{}), bar{"after 1 s", 0.75, 1.5, 20}, bar{"steady", 4.5, 6, 30})
		})
	}
}

// TestDoubleTalk: what was learnt outlives both talking at once.
func TestDoubleTalk(t *testing.T) {
	for seed := range 4 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := dice(200 + seed)
			far := speech(r, 7, -15)
			near := during(speech(r, 7, []float64{-15, -24, -18, -30}[seed]), 3, 5.5)
			l := call{far, through(hybrid(r, 8, 12*seed), far, 0), near, white(r, len(far), -68)}
			l.hold(t, New(256, Options{}),
				bar{"before", 2, 3, 28}, bar{"both talk", 3.3, 5.5, 18}, bar{"0.5 s after", 5.55, 6.05, 25})
		})
	}
}

// TestPathChange: another line is switched in.
func TestPathChange(t *testing.T) {
	for seed := range 4 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := dice(300 + seed)
			far, soon, later := css(r, 6, -10), 15.0, 25.0
			if seed%2 == 1 { // a pause may come just then
				far, soon, later = speech(r, 6, -15), 10, 20
			}
			echo := through(hybrid(r, 8, 0), far, 0)
			at := 4 * 8000
			copy(echo[at:], through(hybrid(r, 10, 32), far, at)[at:])
			l := call{far, echo, silent(len(far)), white(r, len(far), -68)}
			l.hold(t, New(256, Options{}),
				bar{"before", 3, 4, 28}, bar{"after 0.5 s", 4.3, 4.7, soon}, bar{"after 1 s", 4.8, 5.3, later})
		})
	}
}

// TestLongTail: 512 taps hold an echo that comes 50 ms late.
func TestLongTail(t *testing.T) {
	r := dice(400)
	far := css(r, 6, -10)
	l := call{far, through(hybrid(r, 10, 400), far, 0), silent(len(far)), white(r, len(far), -68)}
	l.hold(t, New(512, Options{}), bar{"steady", 4.5, 6, 38})
}

// TestLateEcho: between a word and its late echo the line is silent, and what the
// filter leaves there is little. That is no reason to give it up.
func TestLateEcho(t *testing.T) {
	for seed := range 4 {
		r := dice(450 + seed)
		far := speech(r, 8, -15)
		l := call{far, through(hybrid(r, 8, 380), far, 0), silent(len(far)), white(r, len(far), -72)}
		l.hold(t, New(512, Options{}), bar{"steady", 5, 8, 30})
	}
}

// TestHold: a pause, as on hold, costs nothing of what was learnt.
func TestHold(t *testing.T) {
	r := dice(500)
	far := css(r, 9, -10)
	clear(far[3*8000 : 8*8000])
	l := call{far, through(hybrid(r, 8, 10), far, 0), silent(len(far)), white(r, len(far), -68)}
	l.hold(t, New(256, Options{}), bar{"before", 2, 3, 32}, bar{"at once after", 8, 8.2, 32})
}

// TestOpened: a path that goes away is forgotten within 200 ms.
func TestOpened(t *testing.T) {
	r := dice(600)
	far := css(r, 4, -10)
	echo := through(hybrid(r, 6, 0), far, 0)
	clear(echo[2*8000:])
	left := call{far, echo, silent(len(far)), white(r, len(far), -68)}.cancel(New(256, Options{}))
	sum := 0.0
	for _, v := range left[17600:] {
		sum += v * v
	}
	if got := 10*math.Log10(sum/float64(len(left)-17600)) - 20*math.Log10(16141); got > -60 {
		t.Errorf("%.1f dBm0 are made up where no echo is", got)
	}
}

// TestNearOnly: with nothing played the near end passes as it is, whatever the
// size, with dc gone.
func TestNearOnly(t *testing.T) {
	r := dice(700)
	near := speech(r, 4, -12)
	l := call{white(r, len(near), -66), silent(len(near)), near, silent(len(near))}
	for i := range l.noise {
		l.noise[i] = 900 // dc
	}
	left := l.cancel(New(256, Options{}))
	said, wrong := 0.0, 0.0
	for i, v := range left {
		if i > 8000 {
			said, wrong = said+near[i]*near[i], wrong+v*v
		}
	}
	if got := 10 * math.Log10(said/wrong); got < 35 {
		t.Errorf("the near end is %.1f dB over what was done to it, want 35", got)
	}
}

// TestFullScale: overload on both sides neither wraps nor leaves wild filters.
func TestFullScale(t *testing.T) {
	r := dice(800)
	c := New(256, Options{})
	var far, near [FrameSamples]int16
	for range 300 {
		for i := range far {
			far[i], near[i] = int16(r.IntN(2)*65535-32768), int16(r.IntN(2)*65535-32768)
		}
		c.Process(&far, &near)
	}
	sound := css(r, 2, -10)
	l := call{sound, through(hybrid(r, 8, 0), sound, 0), silent(len(sound)), white(r, len(sound), -68)}
	l.hold(t, c, bar{"after overload", 1, 2, 25})
}

// TestToneOfTheLine: an exchange's tone comes back from the other side of the box
// as its faint echo and is played into the line again. It is no echo of that.
func TestToneOfTheLine(t *testing.T) {
	n := 4 * 8000
	tone := make([]float64, n)
	for i := range tone {
		tone[i] = amplitude(-10) * math.Sqrt2 * math.Sin(2*math.Pi*425*float64(i)/8000)
	}
	for _, lossDB := range []float64{12, 18, 40} {
		far := through([]float64{159: math.Pow(10, -lossDB/20)}, tone, 0)
		out, played := pcm(tone), pcm(far)
		c := New(256, Options{})
		for i := 0; i < n; i += FrameSamples {
			c.Process((*[FrameSamples]int16)(played[i:]), (*[FrameSamples]int16)(out[i:]))
		}
		sum := 0.0
		for _, v := range out[n/2:] {
			sum += float64(v) * float64(v)
		}
		if got := 10*math.Log10(sum/float64(n/2)) - 20*math.Log10(16141); math.Abs(got+10) > 0.5 {
			t.Errorf("a tone of -10 dBm0 with a copy %.0f dB down came out at %.1f", lossDB, got)
		}
	}
}

func TestBypassAndReset(t *testing.T) {
	r := dice(900)
	far := css(r, 2, -10)
	l := call{far, through(hybrid(r, 8, 0), far, 0), silent(len(far)), silent(len(far))}
	c := New(256, Options{})
	l.cancel(c)
	if c.ERLE() < 30 {
		t.Errorf("says %.1f dB", c.ERLE())
	}
	f, want := pcm(far), pcm(l.echo)
	near := want
	c.Bypass(true)
	c.Process((*[FrameSamples]int16)(f), (*[FrameSamples]int16)(near))
	for i := range FrameSamples {
		if near[i] != want[i] {
			t.Fatalf("bypassed sample %d is touched", i)
		}
	}
	c.Bypass(false)
	c.Reset()
	if c.ERLE() != 0 {
		t.Errorf("after Reset says %.1f dB", c.ERLE())
	}
	fresh := New(256, Options{}) // learns the same as one that never heard anything
	a, b := l.cancel(c), l.cancel(fresh)
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("sample %d differs from a new canceller's", i)
		}
	}
}

func TestFreeze(t *testing.T) {
	r := dice(1000)
	far := css(r, 2, -10)
	l := call{far, through(hybrid(r, 8, 0), far, 0), silent(len(far)), silent(len(far))}
	c := New(256, Options{})
	c.Freeze(true)
	if got := l.erle(l.cancel(c), 0, 2); math.Abs(got) > 0.5 {
		t.Errorf("frozen, it learnt %.1f dB", got)
	}
}

func TestNothingAllocated(t *testing.T) {
	c := New(256, Options{})
	r := dice(1100)
	far, near := pcm(white(r, FrameSamples, -10)), pcm(white(r, FrameSamples, -20))
	if n := testing.AllocsPerRun(100, func() {
		c.Process((*[FrameSamples]int16)(far), (*[FrameSamples]int16)(near))
	}); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

func BenchmarkProcess(b *testing.B) {
	for _, c := range []struct {
		name    string
		taps    int
		dBm0    float64
		options Options
	}{
		{"256", 256, -15, Options{}}, {"256/suppress", 256, -15, Options{Suppress: true}},
		{"256/silence", 256, -70, Options{}}, {"512", 512, -15, Options{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := dice(1)
			x := white(r, 64*FrameSamples, c.dBm0)
			far, near := pcm(x), pcm(through(hybrid(r, 8, 0), x, 0), white(r, len(x), -60))
			canceller := New(c.taps, c.options)
			b.ReportAllocs()
			for i := 0; b.Loop(); i = (i + FrameSamples) % len(far) {
				n := [FrameSamples]int16(near[i:])
				canceller.Process((*[FrameSamples]int16)(far[i:]), &n)
			}
		})
	}
}
