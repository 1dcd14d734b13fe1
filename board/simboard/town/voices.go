package town

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// Sounds that people and their rooms make beside plain talk, and that an ear for
// tones must not fall for. Each is named KIND:SEED and repeats after its length.
var sounds = map[string]func(r *rand.Rand, seed uint64) []int16{
	"vowels":     vowels,
	"whistle":    whistling,
	"music":      melody,
	"conference": conference,
	"quiet":      quietTalk,
	"bell":       roomBell,
}

// partsMax bounds how many voices one voice is mixed of.
const partsMax = 6

// mixed is a voice made of others: "babble:3+signal:busy@-30" is a voice with a busy
// tone in its room. @ gives a part another level than its own; the others are
// repeated as long as the longest.
func (t *Town) mixed(name string, c *country) ([]int16, error) {
	parts := strings.Split(name, "+")
	if len(parts) == 1 && !strings.Contains(name, "@") {
		return t.part(name, c)
	}
	if len(parts) > partsMax {
		return nil, wrong("bad_voice", "voice %q: at most %d parts", name, partsMax)
	}
	var all [][]int16
	longest := 0
	for _, p := range parts {
		kind, at, levelled := strings.Cut(p, "@")
		v, err := t.part(kind, c)
		if err != nil {
			return nil, err
		}
		if levelled {
			dBm0, err := strconv.ParseFloat(at, 64)
			if err != nil || !(dBm0 >= -80 && dBm0 <= 3) {
				return nil, wrong("bad_voice", "voice %q: a level is -80 to 3 dBm0, as in babble:7@-30", p)
			}
			if strings.HasSuffix(strings.ToLower(kind), ".wav") {
				v = brought(v, dBm0)
			} else {
				v = louder(v, dBm0-ownLevel(kind))
			}
		}
		all = append(all, v)
		longest = max(longest, len(v))
	}
	sum := make([]int16, longest)
	for _, v := range all {
		for i := range sum[:min(longest, longest*len(v))] { // a silent part has no samples
			sum[i] = clip(float64(sum[i]) + float64(v[i%len(v)]))
		}
	}
	return sum, nil
}

// part is one voice of a mix: those of voice, the sounds above, and "signal:NAME",
// a tone of the line's country as somebody else's telephone plays it in the room.
func (t *Town) part(name string, c *country) ([]int16, error) {
	kind, arg, _ := strings.Cut(name, ":")
	if kind == "signal" {
		i := slices.IndexFunc(c.signals(), func(s signal) bool { return s.name == arg })
		if i < 0 {
			return nil, wrong("bad_voice", "voice %q: signal:dial, ringback, busy, congestion or special-information", name)
		}
		return roomSignal(&c.signals()[i]), nil
	}
	make, ok := sounds[kind]
	if !ok {
		return t.voice(name)
	}
	seed := t.cfg.Seed
	if arg != "" {
		n, err := strconv.ParseUint(arg, 10, 32)
		if err != nil {
			return nil, wrong("bad_voice", "voice %q: the seed is a whole number, as in %s:7", name, kind)
		}
		seed = n
	}
	return t.kept(name, func() []int16 { return make(rand.New(rand.NewPCG(seed, uint64(len(kind)))), seed) }), nil
}

// ownLevel is that of a generated voice's active part.
func ownLevel(kind string) float64 {
	if strings.HasPrefix(kind, "signal") || strings.HasPrefix(kind, "tone") {
		return toneLevel
	}
	return babbleLevel
}

func louder(v []int16, dB float64) []int16 {
	gain := float32(math.Pow(10, dB/20))
	x := make([]int16, len(v))
	for i, s := range v {
		x[i] = int16(max(-32768, min(32767, gain*float32(s))))
	}
	return x
}

// brought gives a sound another level, by its active part.
func brought(v []int16, dBm0 float64) []int16 {
	x := make([]float64, len(v))
	for i, s := range v {
		x[i] = float64(s)
	}
	return leveledTo(x, dBm0)
}

// roomSignal is ten seconds of a signal.
func roomSignal(s *signal) []int16 {
	var p player
	p.start(s)
	return p.take(10 * rate)
}

// note appends a sung or whistled note: harmonics with given weights, a vibrato,
// soft edges.
func note(r *rand.Rand, x []float64, hz, seconds float64, harmonics ...float64) []float64 {
	n := int(seconds * rate)
	vibrato, speed := .002+.012*r.Float64(), 4+3*r.Float64()
	phase := 0.0
	for i := range n {
		phase += 2 * math.Pi * hz * (1 + vibrato*math.Sin(2*math.Pi*speed*float64(i)/rate)) / rate
		edge := min(1, float64(i)/(.02*rate), float64(n-i)/(.03*rate))
		y := 0.0
		for k, h := range harmonics {
			y += h * math.Sin(phase*float64(k+1))
		}
		x = append(x, y*edge)
	}
	return x
}

func pause(x []float64, seconds float64) []float64 {
	return append(x, make([]float64, int(seconds*rate))...)
}

// vowels are held ones ("eeeh", "mmm") at pitches whose harmonics fall on tones,
// between syllables.
func vowels(r *rand.Rand, _ uint64) []int16 {
	m := mouth{r: r, pitch: 95 + 110*r.Float64()}
	var x []float64
	for len(x) < babbleSeconds*rate {
		for range 2 + r.IntN(4) {
			x = m.syllable(x)
		}
		hz := []float64{106, 141.7, 212.5, 220, 425, 440}[r.IntN(6)] * (.97 + .06*r.Float64())
		first := 1 / (1 + 425/hz)
		x = note(r, pause(x, .05+.3*r.Float64()), hz, .3+1.8*r.Float64(), first, .7*r.Float64(), .5*r.Float64(), .8*r.Float64(), .1)
		x = pause(x, .1+.6*r.Float64())
	}
	return leveled(x[:babbleSeconds*rate])
}

// whistling is a tune on pure notes around the tones of exchanges.
func whistling(r *rand.Rand, _ uint64) []int16 {
	var x []float64
	for len(x) < babbleSeconds*rate {
		hz := []float64{400, 425, 440, 480, 620, 850, 950}[r.IntN(7)] * (.985 + .03*r.Float64())
		x = note(r, x, hz, .12+1.5*r.Float64()*r.Float64(), 1, .02)
		if r.IntN(3) == 0 {
			x = pause(x, .05+.8*r.Float64())
		}
	}
	return leveled(x[:babbleSeconds*rate])
}

// melody is music on hold: three instruments in a scale of A, 440 Hz.
func melody(r *rand.Rand, _ uint64) []int16 {
	out := make([]float64, babbleSeconds*rate)
	for range 3 {
		var x []float64
		beat := []float64{.2, .25, .4, .5, .8}[r.IntN(5)]
		for len(x) < len(out) {
			hz := 220 * math.Pow(2, float64([]int{0, 2, 3, 5, 7, 8, 10, 12, 15, 17}[r.IntN(10)])/12)
			x = note(r, x, hz, beat*float64(1+r.IntN(3)), 1, .5*r.Float64(), .3*r.Float64(), .2*r.Float64())
			if r.IntN(5) == 0 {
				x = pause(x, beat)
			}
		}
		for i := range out {
			out[i] += x[i]
		}
	}
	return leveled(out)
}

// conference is three people, who sometimes speak at once.
func conference(r *rand.Rand, seed uint64) []int16 {
	out := make([]float64, babbleSeconds*rate)
	for k := range uint64(3) {
		v, at, gain := Babble(seed*7+k), r.IntN(babbleSeconds*rate), .4+.6*r.Float64()
		for i := range out {
			out[i] += gain * float64(v[(i+at)%len(v)])
		}
	}
	return leveled(out)
}

// quietTalk is one who listens: a word now and then, silence of 4 to 30 s between.
func quietTalk(r *rand.Rand, _ uint64) []int16 {
	m := mouth{r: r, pitch: 95 + 110*r.Float64()}
	var x []float64
	for range 3 {
		for range 1 + r.IntN(4) {
			x = m.syllable(x)
		}
		x = pause(x, 4+26*r.Float64())
	}
	return leveled(x)
}

// roomBell is a telephone that rings beside the one who speaks: two notes in turn,
// one second on, two to four off.
func roomBell(r *rand.Rand, _ uint64) []int16 {
	a, b := 400+600*r.Float64(), 700+900*r.Float64()
	every := 2 + 2*r.Float64()
	var x []float64
	for len(x) < babbleSeconds*rate {
		for range 10 {
			x = note(r, note(r, x, a, .05, 1, .3), b, .05, 1, .3)
		}
		x = pause(x, every)
	}
	return leveled(x)
}

// voiceNames are the voices a wish may name, files apart.
func voiceNames() []string {
	names := []string{"babble", voiceEcho, voiceSilent}
	for name := range sounds {
		names = append(names, name)
	}
	slices.Sort(names[3:])
	return names
}
