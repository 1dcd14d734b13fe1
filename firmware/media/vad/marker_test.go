package vad

import (
	"math/rand/v2"
	"testing"

	st "centralita/firmware/media/soundtest"
)

func mark40(pcm []int16) (said []bool) {
	m := NewMarker()
	st.Frames(pcm, func(f *[80]int16, _ float64) {
		if v, ok := m.Frame(f); ok {
			said = append(said, v)
		}
	})
	return append(said, m.Rest()...)
}

// Voices over a room's noise, decided late: misses at most 0.5 %, and a quarter of
// the false voices that deciding at once may have.
func TestMarkedVoiceOverNoise(t *testing.T) {
	voices := uint64(24)
	if testing.Short() {
		voices = 8
	}
	for snr, most := range map[float64]float64{40: 0.25, 20: 1, 12: 2} {
		var c count
		for seed := range voices {
			x := st.NewVoice(seed).Talk(14, -20, 0.6, 1.5)
			noise := st.Room(rand.New(rand.NewPCG(seed, uint64(snr))), -20-snr, 14)
			c.compare(truth(x), mark40(st.Line(st.Over(x, noise))))
		}
		if missed, wrong := percent(c.missed, c.voice), percent(c.false, c.rest); missed > 0.5 || wrong > most {
			t.Errorf("%g dB: missed %.2f %%, false %.2f %%", snr, missed, wrong)
		}
	}
}

// There is one decision for every frame, in whatever length, and silence is none.
func TestMarkerGivesEveryFrame(t *testing.T) {
	for _, frames := range []int{0, 1, 5, MarkerDelay - 1, MarkerDelay, MarkerDelay + 1, 500} {
		said := mark40(st.Line(st.Silence(float64(frames) / 100)))
		if len(said) != frames {
			t.Errorf("%d decisions on %d frames", len(said), frames)
		}
		for i, v := range said {
			if v {
				t.Fatalf("frame %d of %d of silence is voice", i, frames)
			}
		}
	}
}

// A voice that grows out of the noise begins where it rises over it, and not where
// one frame shows it.
func TestMarkerFindsTheBeginning(t *testing.T) {
	const grows, shown, tries = 300, 310, 40 // frames
	r := rand.New(rand.NewPCG(4, 4))
	late, live := 0, 0
	for range tries {
		x := st.Join(st.Room(r, -34, 3), st.Over(st.Room(r, -34, 0.1), st.Room(r, -39, 0.1)), st.Over(st.Room(r, -34, 0.5), st.Room(r, -20, 0.5)))
		marked, said := mark40(st.Line(x)), say(st.Line(x))
		for i := grows; i < shown; i++ {
			if marked[i] {
				late++
			}
			if said[i] {
				live++
			}
		}
	}
	if all := tries * (shown - grows); late < all*3/5 || late < 2*live {
		t.Errorf("%d of %d frames found, at once %d", late, all, live)
	}
}

// A blip of noise with no voice near is voice at once, but not when decided late.
func TestMarkerDropsBlips(t *testing.T) {
	late, live := 0, 0
	for seed := range uint64(20) {
		x := st.Line(st.Room(rand.New(rand.NewPCG(seed, 7)), -32, 60))
		for _, v := range say(x)[300:] {
			if v {
				live++
			}
		}
		for _, v := range mark40(x)[300:] {
			if v {
				late++
			}
		}
	}
	if live == 0 || late > live/4 {
		t.Errorf("of noise alone %d frames are voice at once, %d late", live, late)
	}
}

func TestMarkerAllocates(t *testing.T) {
	m := NewMarker()
	var f [80]int16
	r := rand.New(rand.NewPCG(1, 1))
	if n := testing.AllocsPerRun(500, func() {
		for i := range f {
			f[i] = int16(r.IntN(1+r.IntN(20000)) - 5000)
		}
		m.Frame(&f)
	}); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

func BenchmarkMarker(b *testing.B) {
	m := NewMarker()
	var frames [][80]int16
	x := st.NewVoice(3).Talk(14, -20, 0.6, 1.5)
	st.Frames(st.Line(st.Over(x, st.Room(rand.New(rand.NewPCG(1, 2)), -32, 14))), func(f *[80]int16, _ float64) { frames = append(frames, *f) })
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m.Frame(&frames[i%len(frames)])
	}
}
