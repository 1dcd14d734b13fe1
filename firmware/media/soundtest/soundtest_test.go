package soundtest

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A sound has the level asked for; full scale is not passed.
func TestLevels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for name, x := range map[string][]float64{
		"tone":  Tone(1100, -20, 1),
		"room":  Room(r, -20, 1),
		"voice": NewVoice(1).Phrase(12, -20),
	} {
		sum := 0.0
		for _, s := range Line(x) {
			sum += float64(s) * float64(s)
		}
		got := 20 * math.Log10(math.Sqrt(sum/float64(len(x)))/RMS(0))
		if got < -20.6 || got > -19.4 {
			t.Errorf("%s: %.1f dBm0", name, got)
		}
	}
}

// A seed is a voice: the same again, and another from another seed.
func TestSeeds(t *testing.T) {
	say := func(seed uint64) []int16 { return Line(NewVoice(seed).Talk(2, -18, 0.1, 0.3)) }
	if !slices.Equal(say(3), say(3)) || slices.Equal(say(3), say(4)) {
		t.Fatal("not its own voice")
	}
}
