package witness

import (
	"math/rand/v2"
	"testing"
	"time"

	"centralita/firmware/line/release"
	"centralita/firmware/media"
	"centralita/firmware/media/soundtest"
	"centralita/firmware/media/tone"
)

// said is a port that says a sound once.
type said struct {
	pcm []int16
	at  int
}

func (s *said) Rate() media.Rate { return media.Narrow }
func (s *said) Read(_ uint64, f *media.Frame) bool {
	if s.at+80 > len(s.pcm) {
		return false
	}
	s.at += copy(f.PCM(), s.pcm[s.at:])
	return true
}
func (s *said) Write(uint64, *media.Frame) {}

// listen runs a sound through the ears of a country and gives the facts with their
// times.
func listen(t *testing.T, plan *tone.Country, pcm []int16, do func(media.Heard, time.Duration)) {
	t.Helper()
	e := media.New()
	h, err := e.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	_ = e.Plug(h, &said{pcm: pcm})
	for _, ear := range Ears(plan) {
		_ = e.Attach(h, ear)
	}
	for i := range len(pcm) / 80 {
		e.Tick()
		for f, ok := e.Next(); ok; f, ok = e.Next() {
			do(f, time.Duration(i+1)*10*time.Millisecond)
		}
	}
}

// What is told of how long a tone has sounded when it is certain is true, for the
// tones of every country.
func TestSounded(t *testing.T) {
	for _, code := range tone.Countries() {
		plan, _ := tone.Plan(code)
		for _, s := range []tone.Signal{tone.Busy, tone.Congestion, tone.Dial} {
			x := soundtest.Line(soundtest.Room(rand.New(rand.NewPCG(1, 2)), -65, 7))
			gen := make([]int16, len(x)-800)
			tone.New(plan.Signals[s], -20).Fill(gen)
			for i, v := range gen {
				x[800+i] += v
			}
			certain := time.Duration(0)
			listen(t, plan, x, func(h media.Heard, at time.Duration) {
				if w, ok := sign(tone.Signal(h.Value)); h.Kind == media.ToneBegan && ok && certain == 0 {
					if want, _ := sign(s); w != want && s != tone.Congestion {
						t.Errorf("%s: %v was heard as %v", code, s, w)
					}
					certain = at - 100*time.Millisecond
				}
			})
			if off := certain - sounded(plan, s); certain == 0 || off < -250*time.Millisecond || off > 450*time.Millisecond {
				t.Errorf("%s %v: certain after %v, told as %v", code, s, certain, sounded(plan, s))
			}
		}
	}
}

// A voice is told from its beginning to its end, and takes the judge's mind off a
// tone; the tone alone releases the line.
func TestWatch(t *testing.T) {
	plan, _ := tone.Plan("ES")
	busy := make([]int16, 6*8000)
	tone.New(plan.Signals[tone.Busy], -20).Fill(busy)
	voice := soundtest.Line(soundtest.NewVoice(3).Phrase(4, -18))
	for name, c := range map[string]struct {
		pcm  []int16
		gone bool
	}{
		"voice, then tone":    {append(append([]int16{}, voice...), busy...), true},
		"tone, then voice":    {append(append([]int16{}, busy[:8000*9/4]...), voice...), false},
		"voice over the tone": {over(voice, busy), false},
	} {
		var h release.Habits
		var w Watch
		gone, at := false, time.Duration(0)
		w.Begin(Line{Plan: plan, Habits: &h})
		listen(t, plan, c.pcm, func(f media.Heard, now time.Duration) {
			for ; at < now && !gone; at += 10 * time.Millisecond {
				_, gone, _ = w.Look(at)
			}
			w.Heard(f, now)
		})
		for ; at < time.Duration(len(c.pcm)/80)*10*time.Millisecond && !gone; at += 10 * time.Millisecond {
			_, gone, _ = w.Look(at)
		}
		if gone != c.gone {
			t.Errorf("%s: released %v", name, gone)
		}
		if e, ok := w.End(at, gone); !ok || e.Released != c.gone {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func over(a, b []int16) []int16 {
	out := append([]int16{}, a...)
	for i := range out[:min(len(a), len(b))] {
		out[i] += b[i] / 4
	}
	return out
}
