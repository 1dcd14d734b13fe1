package town

import (
	"math"

	"centralita/hal/sim/wire"
)

// toneLevel is the level of a whole call progress tone at the subscriber, dBm0.
const toneLevel = -10

// player sounds a signal, beat after beat.
type player struct {
	signal *signal
	beat   int
	left   int // samples of the beat; negative lasts for ever
	phase  [2]float64
	wear   *weather // nil plays as the standards have it
	gain   float64
	pace   float64
}

// start begins a signal at its first beat; nil is silence.
func (p *player) start(s *signal) {
	*p = player{signal: s, wear: p.wear, gain: 1, pace: 1}
	if p.wear != nil {
		p.gain = peakOf(p.wear.level()) / peakAlone
		p.pace = 1 + p.wear.ToneOffPct/100
	}
	if s != nil {
		p.left = p.lasts(s.beats[0])
	}
}

// lasts is how long a beat sounds on this line.
func (p *player) lasts(b beat) int {
	n := beatSamples(b)
	if p.wear != nil && p.wear.JitterPct > 0 && n > 0 {
		n += int(float64(n) * p.wear.JitterPct / 100 * (2*p.wear.r.Float64() - 1))
	}
	return n
}

func beatSamples(b beat) int {
	if b.ms == 0 {
		return -1
	}
	return b.ms * rate / 1000
}

// next fills s with the next 10 ms of the signal.
func (p *player) next(s *wire.Sound) {
	if p.signal == nil {
		*s = wire.Sound{}
		return
	}
	for i := range s {
		if p.left == 0 {
			p.beat = (p.beat + 1) % len(p.signal.beats)
			p.left = p.lasts(p.signal.beats[p.beat])
			p.phase = [2]float64{}
		}
		s[i] = p.sample(&p.signal.beats[p.beat])
		if p.left > 0 {
			p.left--
		}
	}
}

// Peaks of one tone alone and of each of two that sum to the same level.
var (
	peakAlone  = peakOf(toneLevel)
	peakShared = peakOf(toneLevel - 3.01)
)

// take is so many samples of the signal at once.
func (p *player) take(n int) []int16 {
	out := make([]int16, 0, n+wire.FrameSamples)
	var s wire.Sound
	for len(out) < n {
		p.next(&s)
		out = append(out, s[:]...)
	}
	return out[:n]
}

func (p *player) sample(b *beat) int16 {
	if b.hz[0] == 0 {
		return 0
	}
	if p.gain == 0 {
		p.gain, p.pace = 1, 1
	}
	peak := peakAlone
	if b.hz[1] != 0 {
		peak = peakShared
	}
	var x float64
	for k, hz := range b.hz {
		if hz == 0 {
			continue
		}
		x += peak * math.Sin(p.phase[k])
		p.phase[k] = math.Mod(p.phase[k]+2*math.Pi*hz*p.pace/rate, 2*math.Pi)
	}
	return clip(x * p.gain)
}

// render makes ms of one or two frequencies, each at the given level.
func render(ms int, pairs ...[2]float64) []int16 {
	out := make([]int16, ms*rate/1000)
	for i := range out {
		var x float64
		for _, p := range pairs {
			x += peakOf(p[1]) * math.Sin(2*math.Pi*p[0]*float64(i)/rate)
		}
		out[i] = clip(x)
	}
	return out
}
