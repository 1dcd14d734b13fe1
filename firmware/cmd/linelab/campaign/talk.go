package campaign

import (
	"fmt"
	"math/rand/v2"

	"centralita/board/simboard/town"
)

// talker invents what the far end of a call says and does.
type talker struct {
	r     *rand.Rand
	files []string // prompts of the country's language, in the town's folder
	music []string
}

// seeds bounds how many voices of a kind there are, so that they are made once.
const seeds = 6

func (t *talker) some(kind string) string { return fmt.Sprintf("%s:%d", kind, t.r.IntN(seeds)) }

// level is that of a person on a telephone line, as the exchange has it.
func (t *talker) level() string { return fmt.Sprintf("@%d", -8-t.r.IntN(14)) }

func (t *talker) seconds(least, most float64) float64 {
	return float64(int(10*(least+(most-least)*t.r.Float64()))) / 10
}

// conversation is what a party does for about so many seconds, and how long it is.
func (t *talker) conversation(long float64) (acts []town.Act, seconds float64) {
	for seconds < long && len(acts) < 28 {
		a, s := t.turn()
		acts = append(acts, a...)
		seconds += s
	}
	return acts, seconds
}

// turn is one thing a far end does in a talk. Shares are far from a usual day's:
// what deceives is common here.
func (t *talker) turn() ([]town.Act, float64) {
	s := t.seconds(1.5, 7)
	say := func(voice string) ([]town.Act, float64) { return []town.Act{{Speak: voice, ForS: s}}, s }
	switch n := t.r.IntN(100); {
	case n < 24:
		return say(t.some("babble") + t.level())
	case n < 40 && len(t.files) > 0:
		return say(t.files[t.r.IntN(len(t.files))])
	case n < 40:
		return say(t.some("babble") + t.level())
	case n < 54: // listening
		s = t.seconds(.5, 6)
		return []town.Act{{WaitS: s}}, s
	case n < 57: // for long
		s = t.seconds(8, 25)
		return say(t.some("quiet") + t.level())
	case n < 65:
		return say(t.some("vowels") + t.level())
	case n < 71:
		return say(t.some("whistle") + t.level())
	case n < 76:
		return say(t.some("music") + t.level())
	case n < 80 && len(t.music) > 0:
		return say(t.music[t.r.IntN(len(t.music))])
	case n < 85:
		return say(t.some("conference") + t.level())
	case n < 89:
		return say(t.some("babble") + t.level() + "+" + t.some("bell") + fmt.Sprintf("@%d", -25-t.r.IntN(15)))
	case n < 95:
		tone := []string{"busy", "congestion", "ringback", "dial"}[t.r.IntN(4)]
		return say(t.some("babble") + t.level() + "+signal:" + tone + fmt.Sprintf("@%d", -24-t.r.IntN(20)))
	case n < 97: // somebody's telephone gives a tone, and nobody says anything for a moment
		s = t.seconds(.5, 2.5)
		then := t.seconds(2, 4)
		tone := []string{"busy", "congestion", "dial"}[t.r.IntN(3)]
		return []town.Act{{Speak: fmt.Sprintf("signal:%s@%d", tone, -20-t.r.IntN(20)), ForS: s},
			{Speak: t.some("babble") + t.level(), ForS: then}}, s + then
	}
	digits := "0123456789*#"
	var press string
	for range 1 + t.r.IntN(6) {
		press += string(digits[t.r.IntN(len(digits))])
	}
	return []town.Act{{Digits: press}, {WaitS: .5}}, .5 + .2*float64(len(press))
}

// wear is the age of one line.
func (t *talker) wear() town.Wear {
	w := town.Wear{
		ToneDBm0:     -3 - 25*t.r.Float64(), // -10 to -35 dBm0 behind the exchange's line circuit
		ToneOffPct:   3*t.r.Float64() - 1.5,
		JitterPct:    5 * t.r.Float64(),
		NoiseDBm0:    -72 + 22*t.r.Float64(),
		ClicksPerMin: 15 * t.r.Float64() * t.r.Float64(),
	}
	if t.r.IntN(2) == 0 {
		w.HumDBm0 = -75 + 28*t.r.Float64()
	}
	if t.r.IntN(3) == 0 {
		w.GlitchesHour, w.FlickersHour = 20*t.r.Float64(), 2*t.r.Float64()
	}
	return w
}
