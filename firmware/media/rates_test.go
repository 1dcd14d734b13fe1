package media

import (
	"math"
	"testing"
)

// Ports are asked for 16 kHz where two that can hear each other, narrow ones are not,
// and everybody hears everybody.
func TestRatesOfAConference(t *testing.T) {
	e := New()
	a, b, n := &mouthpiece{rate: Wide, says: 100}, &mouthpiece{rate: Narrow, says: 20}, &mouthpiece{rate: Narrow, says: 3}
	ha, hb, hn := plugged(t, e, a), plugged(t, e, b), plugged(t, e, n)
	for _, x := range []Handle{ha, hb, hn} {
		for _, y := range []Handle{ha, hb, hn} {
			if x != y {
				e.Connect(x, y, Unity)
			}
		}
	}
	expect := func(what string, rates [3]Rate) {
		t.Helper()
		ticks(e, 3)
		for i, p := range []*mouthpiece{a, b, n} {
			if p.asked != rates[i] || p.given != rates[i] {
				t.Errorf("%s: port %d asked for %d, given %d; want %d", what, i, p.asked, p.given, rates[i])
			}
			want := int16(123) - p.says
			if got := p.heard[p.given-1]; got < want-1 || got > want+1 {
				t.Errorf("%s: port %d hears %d, want %d", what, i, got, want)
			}
		}
	}
	expect("one wide", [3]Rate{Narrow, Narrow, Narrow})
	b.rate = Wide // agreed in its call
	expect("two wide", [3]Rate{Wide, Wide, Narrow})
	a.rate = Narrow
	expect("one again", [3]Rate{Narrow, Narrow, Narrow})
	a.rate = Wide
	e.Disconnect(ha, hb)
	e.Disconnect(hb, ha)
	ticks(e, 2)
	if a.asked != Narrow || b.asked != Narrow {
		t.Errorf("wide ports that do not hear each other are asked for %d, %d", a.asked, b.asked)
	}
}

// sine is a port that says a tone and keeps what it hears.
type sine struct {
	rate  Rate
	hz    float64
	n     int
	heard []float64
	given Rate
}

func (p *sine) Rate() Rate { return p.rate }
func (p *sine) Read(_ uint64, f *Frame) bool {
	for i := range f.PCM() {
		f.Buf[i] = int16(math.Round(8000 * math.Sin(2*math.Pi*p.hz*float64(p.n)/float64(f.Rate)/100)))
		p.n++
	}
	return p.hz > 0
}

func (p *sine) Write(_ uint64, f *Frame) {
	p.given = f.Rate
	for _, v := range f.PCM() {
		p.heard = append(p.heard, float64(v))
	}
}

// level is that of a frequency in what it heard, in dB against what was said.
func (p *sine) level(hz float64) float64 {
	var re, im float64
	pcm := p.heard[len(p.heard)/2:]
	for i, v := range pcm {
		w := 2 * math.Pi * hz * float64(i) / float64(p.given) / 100
		re, im = re+v*math.Cos(w), im+v*math.Sin(w)
	}
	return 20 * math.Log10(2*math.Hypot(re, im)/float64(len(pcm))/8000+1e-6)
}

// A wide voice reaches a wide ear whole and a narrow one without what lies over 4 kHz;
// a narrow voice reaches a wide ear without an image of itself.
func TestSoundBetweenRates(t *testing.T) {
	for _, k := range []struct {
		hz          float64
		from, to    Rate
		at          float64 // where it is looked for
		least, most float64
	}{
		{1000, Wide, Wide, 1000, -0.01, 0.01}, {6000, Wide, Wide, 6000, -0.01, 0.01},
		{1000, Wide, Narrow, 1000, -0.1, 0.1}, {3400, Wide, Narrow, 3400, -0.6, 0.1},
		{6000, Wide, Narrow, 2000, -200, -45}, {4800, Wide, Narrow, 3200, -200, -33},
		{1000, Narrow, Wide, 1000, -0.1, 0.1}, {3400, Narrow, Wide, 3400, -0.6, 0.1},
		{1000, Narrow, Wide, 7000, -200, -45}, {3000, Narrow, Wide, 5000, -200, -45},
	} {
		e := New()
		p, q, other := &sine{rate: k.from, hz: k.hz}, &sine{rate: k.to}, &sine{rate: Wide}
		hp, hq, ho := plugged(t, e, p), plugged(t, e, q), plugged(t, e, other)
		e.Connect(hp, hq, Unity)
		e.Connect(ho, hp, Unity) // so that both are asked for what they can do
		e.Connect(ho, hq, Unity)
		ticks(e, 100)
		if q.given != k.to {
			t.Fatalf("given %d, want %d", q.given, k.to)
		}
		if l := q.level(k.at); l < k.least || l > k.most {
			t.Errorf("%g Hz from %d to %d: %.2f dB at %g Hz, want %g to %g", k.hz, k.from, k.to, l, k.at, k.least, k.most)
		}
	}
}

// A conference of both kinds allocates nothing.
func TestMixedRatesAllocateNothing(t *testing.T) {
	e := New()
	var hs []Handle
	for i := range 6 {
		hs = append(hs, plugged(t, e, &mouthpiece{rate: []Rate{Wide, Narrow}[i%2], says: 5}))
	}
	for _, x := range hs {
		for _, y := range hs {
			if x != y {
				e.Connect(x, y, Unity)
			}
		}
	}
	ticks(e, 10)
	if n := testing.AllocsPerRun(100, func() { e.rates = true; e.Tick() }); n != 0 {
		t.Fatalf("%g allocations a tick", n)
	}
}

// BenchmarkConference12Wide4 is a conference of twelve of which four are wide;
// BenchmarkConference12 is the same of narrow ones.
func BenchmarkConference12Wide4(b *testing.B) { benchConference(b, 4) }
func BenchmarkConference12(b *testing.B)      { benchConference(b, 0) }

func benchConference(b *testing.B, wide int) {
	e := New()
	var hs []Handle
	for i := range 12 {
		p := &mouthpiece{rate: Narrow, says: 5}
		if i < wide {
			p.rate = Wide
		}
		hs = append(hs, plugged(b, e, p))
	}
	for _, x := range hs {
		for _, y := range hs {
			if x != y {
				e.Connect(x, y, Unity)
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		e.Tick()
	}
}
