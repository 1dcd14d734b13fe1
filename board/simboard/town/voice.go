package town

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
)

// Generated voices are so long before they repeat.
const babbleSeconds = 20

// babbleLevel is the active speech level of a generated voice, dBm0.
const babbleLevel = -16

// formants of five vowels in Hz (a common table of male averages).
var formants = [5][3]float64{
	{730, 1090, 2440}, {530, 1840, 2480}, {270, 2290, 3010}, {570, 840, 2410}, {300, 870, 2240},
}

// resonator is a two-pole filter, one formant.
type resonator struct{ a, b, y1, y2 float64 }

func (r *resonator) tune(hz, width float64) {
	radius := math.Exp(-math.Pi * width / rate)
	r.a, r.b = 2*radius*math.Cos(2*math.Pi*hz/rate), radius*radius
}

func (r *resonator) filter(x float64) float64 {
	y := x + r.a*r.y1 - r.b*r.y2
	r.y2, r.y1 = r.y1, y
	return y
}

// Babble is a speech-like voice without words, the same for the same seed:
// syllables of glottal pulses through three formants, fricatives, and pauses
// between phrases, at -16 dBm0 while it speaks.
func Babble(seed uint64) []int16 {
	r := rand.New(rand.NewPCG(seed, 0xbabb1e))
	mouth := mouth{r: r, pitch: 95 + 110*r.Float64()}
	out := make([]float64, 0, babbleSeconds*rate)
	for len(out) < babbleSeconds*rate {
		for range 3 + r.IntN(6) {
			out = mouth.syllable(out)
		}
		out = append(out, make([]float64, rate*(200+r.IntN(500))/1000)...)
	}
	return leveled(out[:babbleSeconds*rate])
}

type mouth struct {
	r       *rand.Rand
	pitch   float64
	phase   float64
	cavity  [3]resonator
	hiss    float64
	current float64 // slow wander of the pitch
}

// syllable appends 140 to 320 ms of sound: now and then a fricative, then a vowel.
func (m *mouth) syllable(out []float64) []float64 {
	if m.r.IntN(3) == 0 {
		for range rate * (40 + m.r.IntN(50)) / 1000 {
			x := m.r.Float64() - 0.5
			out = append(out, 0.35*(x-m.hiss))
			m.hiss = x
		}
	}
	vowel := formants[m.r.IntN(len(formants))]
	for i := range m.cavity {
		m.cavity[i].tune(vowel[i], 60+40*float64(i))
	}
	n := rate * (140 + m.r.IntN(120)) / 1000
	m.current = 0.85*m.current + 0.3*(m.r.Float64()-0.5)
	pitch := m.pitch * (1 + m.current)
	for i := range n {
		m.phase += pitch / rate
		x := 0.02 * (m.r.Float64() - 0.5)
		if m.phase >= 1 {
			m.phase--
			x++
		}
		for k := range m.cavity {
			x = m.cavity[k].filter(x) * 0.5
		}
		out = append(out, x*math.Sin(math.Pi*float64(i)/float64(n)))
	}
	return out
}

// leveled brings the active part of a voice (frames within 30 dB of the loudest)
// to babbleLevel.
func leveled(x []float64) []int16 { return leveledTo(x, babbleLevel) }

// leveledTo brings it to another level; silence stays silent.
func leveledTo(x []float64, dBm0 float64) []int16 {
	var means []float64
	for i := 0; i+80 <= len(x); i += 80 {
		var sum float64
		for _, v := range x[i : i+80] {
			sum += v * v
		}
		means = append(means, sum/80)
	}
	var loudest, sum float64
	for _, m := range means {
		loudest = max(loudest, m)
	}
	active := 0
	for _, m := range means {
		if m > loudest/1000 {
			sum += m
			active++
		}
	}
	if active == 0 {
		return make([]int16, len(x))
	}
	gain := math.Sqrt(meanSquareOf(dBm0) / (sum / float64(active)))
	out := make([]int16, len(x))
	for i, v := range x {
		out[i] = clip(v * gain)
	}
	return out
}

// Names of voices that are no files.
const (
	voiceSilent = "silent"
	voiceEcho   = "echo"
)

// voiceCacheMax bounds the generated voices kept ready, 320 kB each.
const voiceCacheMax = 64

// voice finds the sound of a voice by name: "babble", "babble:SEED", "tone:HZ",
// "silent", "echo" (nothing of its own), or a WAV file of the town's folder.
func (t *Town) voice(name string) ([]int16, error) {
	kind, arg, _ := strings.Cut(name, ":")
	switch kind {
	case "", voiceSilent, voiceEcho:
		return nil, nil
	case "tone":
		hz, err := strconv.ParseFloat(arg, 64)
		if err != nil || !(hz >= 50 && hz <= 3900) {
			return nil, wrong("bad_voice", "voice %q: a tone has 50 to 3900 Hz, as in tone:1004", name)
		}
		return render(1000, [2]float64{math.Round(hz), toneLevel}), nil
	case "babble":
		seed := t.cfg.Seed
		if arg != "" {
			n, err := strconv.ParseUint(arg, 10, 32)
			if err != nil {
				return nil, wrong("bad_voice", "voice %q: the seed is a whole number, as in babble:7", name)
			}
			seed = n
		}
		return t.babble(seed), nil
	}
	if !strings.HasSuffix(strings.ToLower(name), ".wav") {
		return nil, wrong("bad_voice", "voice %q is not known; use babble, babble:SEED, tone:HZ, echo, silent, or a .wav file of the town's folder", name)
	}
	return t.readFile(name)
}

func (t *Town) babble(seed uint64) []int16 {
	return t.kept(fmt.Sprintf("babble:%d", seed), func() []int16 { return Babble(seed) })
}

// Shelf keeps generated voices ready, so that towns of one program make each once.
// It may be used by several goroutines.
type Shelf struct {
	mu     sync.Mutex
	voices map[string][]int16
}

// kept makes a sound once and keeps it ready for the next who ask.
func (t *Town) kept(name string, make func() []int16) []int16 {
	s := t.cfg.Shelf
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.voices[name]; ok {
		return v
	}
	if len(s.voices) >= voiceCacheMax || s.voices == nil {
		s.voices = map[string][]int16{}
	}
	v := make()
	s.voices[name] = v
	return v
}
