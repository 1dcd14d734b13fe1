package echo

import (
	"flag"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"centralita/firmware/media/g711"
)

// `make echo-day` gives a whole day.
var day = flag.Duration("day", 3*time.Minute, "how long the sound of TestDay is")

const (
	sceneSeconds = 10
	scene        = sceneSeconds * 8000
	scenes       = 24 // of each kind, ready made; they meet in another order and level each time
)

// TestDay: one call that lasts a day, of everything that comes: talk on one side
// and on both, music, tones, digits, noise, silence, clipping, companding, and
// another line in the middle of it all. The filters never leave what a line can be,
// the canceller never makes a line louder for long, and it ends as good as it began.
func TestDay(t *testing.T) {
	r := dice(24)
	d := newADay(r)
	c := New(256, Options{})
	const hour = time.Hour
	var first, worst float64
	for at := time.Duration(0); at < *day; {
		var h hourOf
		for end := at + min(hour, *day-at); at < end; at += sceneSeconds * time.Second {
			d.scene(r, c, &h)
		}
		loss := median(h.erle)
		t.Logf("%5v: ERLE %.1f dB in %d scenes, least %.1f; largest coefficient %.2f, of the shadow %.2f; louder by 6 dB in %d of %d tenths of a second, at most %+.1f dB",
			at, loss, len(h.erle), slices.Min(h.erle), h.largest, h.shadow, h.louder, h.tenths, h.most)
		// No line gives back more than it gets. The shadow follows tones of the near end
		// for a moment, and is not heard.
		if !(h.largest < 1) || !(h.shadow < 10) {
			t.Fatalf("a coefficient of %v, of the shadow %v", h.largest, h.shadow)
		}
		if h.louder*500 > h.tenths {
			t.Errorf("made louder in %d of %d", h.louder, h.tenths)
		}
		if first == 0 {
			first = loss
		}
		worst = max(worst, first-loss)
	}
	if first < 28 || worst > 3 {
		t.Errorf("%.1f dB in the first hour, and %.1f less in the worst", first, worst)
	}
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

// hourOf is what is told of an hour.
type hourOf struct {
	erle                  []float64 // of the last 3 s of a scene in which only the far end spoke
	largest, shadow, most float64
	louder, tenths        int
}

// aDay has the sounds, at 0 dBm0, and the line of now.
type aDay struct {
	far, near [][]float64
	response  []float64 // without its delay
	delay     int
	past      []float64 // of what was played, for the echo over the scene's edge
	dc        [2]float64
	codes     []byte
}

func newADay(r *rand.Rand) *aDay {
	d := &aDay{past: make([]float64, 400), codes: make([]byte, scene)}
	for i := range scenes {
		var x []float64
		switch i % 8 {
		case 0:
			x = css(r, sceneSeconds, 0)
		case 1:
			x = white(r, scene, 0)
		case 2:
			x = tones(r)
		case 3:
			x = music(r)
		default:
			x = speech(r, sceneSeconds, 0)
		}
		d.far = append(d.far, x)
		switch i % 4 {
		case 0:
			x = during(speech(r, sceneSeconds, 0), 3, 6)
		case 1:
			x = tones(r)
		default:
			x = speech(r, sceneSeconds, 0)
		}
		d.near = append(d.near, x)
	}
	d.line(r)
	return d
}

// line switches another line in.
func (d *aDay) line(r *rand.Rand) { d.response, d.delay = hybrid(r, 4+20*r.Float64(), 0), r.IntN(150) }

// tones are one or two at a time, as digits and busy tones.
func tones(r *rand.Rand) []float64 {
	x := make([]float64, scene)
	for at := 0; at < len(x); {
		n := min(len(x)-at, 400+r.IntN(8000))
		a, b := 300+1200*r.Float64(), 300+2500*r.Float64()
		for i := range n {
			x[at+i] = math.Sin(2*math.Pi*a*float64(i)/8000) + math.Sin(2*math.Pi*b*float64(i)/8000)
		}
		at += n + r.IntN(4000)
	}
	return level(x, 0)
}

// music is chords of plucked strings.
func music(r *rand.Rand) []float64 {
	x := make([]float64, scene)
	for at := 0; at < len(x); at += 1000 + 1000*r.IntN(4) {
		for range 3 {
			hz, decay := 110*math.Pow(2, float64(r.IntN(30))/12), 1000+3000*r.Float64()
			for i := range min(len(x)-at, 16000) {
				w := 2 * math.Pi * hz * float64(i) / 8000
				x[at+i] += math.Exp(-float64(i)/decay) * (math.Sin(w) + 0.5*math.Sin(2*w) + 0.3*math.Sin(3*w))
			}
		}
	}
	return level(x, 0)
}

// scene plays 10 s and judges them.
func (d *aDay) scene(r *rand.Rand, c *Canceller, h *hourOf) {
	far := scaled(d.far[r.IntN(scenes)], -30+33*r.Float64())
	near := silent(scene)
	single := true
	switch r.IntN(6) {
	case 0, 1:
		near, single = scaled(d.near[r.IntN(scenes)], -30+30*r.Float64()), false
	case 2:
		far, single = scaled(far, -60), false
	}
	change := scene
	if r.IntN(12) == 0 {
		change = r.IntN(scene)
	}
	line := d.hear(r, pcmOf(far), near, change)
	law := r.IntN(3)
	played := pcmOf(far)
	for i, l := range []g711.Law{g711.ALaw, g711.MuLaw} {
		if i == law {
			d.compand(l, played)
			d.compand(l, line)
		}
	}
	out := slices.Clone(line)
	for i := 0; i < scene; i += FrameSamples {
		c.Process((*[FrameSamples]int16)(played[i:]), (*[FrameSamples]int16)(out[i:]))
	}
	d.judge(c, h, line, out, single && change == scene)
}

// hear is the line's sound: echo, near end and noise.
func (d *aDay) hear(r *rand.Rand, played []int16, near []float64, change int) []int16 {
	x := d.past
	for _, v := range played {
		x = append(x, float64(v))
	}
	hiss := amplitude(-75 + 25*r.Float64())
	line := make([]float64, scene)
	for i := range line {
		if i == change {
			d.line(r)
		}
		at := len(d.past) + i - d.delay
		sum := 0.0
		for k, g := range d.response {
			sum += g * x[at-k]
		}
		line[i] = sum + near[i] + hiss*r.NormFloat64()
	}
	d.past = slices.Clone(x[len(x)-len(d.past):])
	return pcmOf(line)
}

func (d *aDay) compand(l g711.Law, x []int16) {
	l.Encode(d.codes, x)
	l.Decode(x, d.codes)
}

func scaled(x []float64, dBm0 float64) []float64 {
	g := math.Pow(10, dBm0/20)
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = v * g
	}
	return y
}

// pcmOf clips.
func pcmOf(x []float64) []int16 {
	y := make([]int16, len(x))
	for i, v := range x {
		y[i] = int16(min(max(math.Round(v), -32768), 32767))
	}
	return y
}

// judge compares the line, without its offset as the canceller does, with what came
// out.
func (d *aDay) judge(c *Canceller, h *hourOf, line, out []int16, single bool) {
	h.largest, h.shadow = max(h.largest, largest(c, c.front)), max(h.shadow, largest(c, c.shadow))
	before, after := 0.0, 0.0
	for i := 0; i < scene; i += 800 {
		a, b := 0.0, 0.0
		for k := i; k < i+800; k++ {
			v := float64(line[k])
			d.dc[1] = v - d.dc[0] + 0.98*d.dc[1]
			d.dc[0] = v
			a += d.dc[1] * d.dc[1]
			b += float64(out[k]) * float64(out[k])
		}
		const quiet = 800 * 50 * 50
		louder := 10 * math.Log10((b+quiet)/(a+quiet))
		h.tenths++
		h.most = max(h.most, louder)
		if louder > 6 {
			h.louder++
		}
		if i >= scene-24000 {
			before, after = before+a, after+b
		}
	}
	// A soft echo hides in the noise and tells nothing.
	if single && before > 24000*math.Pow(amplitude(-35), 2) {
		h.erle = append(h.erle, 10*math.Log10(before/(after+1)))
	}
}

// largest is that of a filter's response; not a number is the largest of all.
func largest(c *Canceller, filter []bin) (most float64) {
	var time signal
	var w spectrum
	for p := range c.n {
		c.partition(filter, p, &w)
		inverse(&w, &time)
		for i := range blockSamples {
			v := math.Abs(float64(time.at(i)))
			if v > most || math.IsNaN(v) {
				most = v
			}
			if math.IsNaN(v) {
				return math.Inf(1)
			}
		}
	}
	return most
}
