package town

import (
	"math"
	"math/rand/v2"

	"centralita/hal/sim/wire"
)

// Wear is what age, distance and cheap exchanges do to a line. The zero Wear is a
// line as the standards have it.
type Wear struct {
	ToneDBm0      float64 `json:"tone_dbm0"`           // level of the exchange's tones before its line circuit's loss, -45..-3; 0 is -10
	ToneOffPct    float64 `json:"tone_off_percent"`    // of their frequencies, -3..3
	JitterPct     float64 `json:"jitter_percent"`      // by which each burst and pause may be longer or shorter, 0..15
	HumDBm0       float64 `json:"hum_dbm0"`            // of the mains, with its harmonics, -80..-20; 0 is none
	NoiseDBm0     float64 `json:"noise_dbm0"`          // -80..-20; 0 is none
	ClicksPerMin  float64 `json:"clicks_per_minute"`   // 0..600
	GlitchesHour  float64 `json:"glitches_per_hour"`   // the loop opens for 20 to 150 ms, 0..3600
	FlickersHour  float64 `json:"flickers_per_hour"`   // polarity turns for 50 to 250 ms, 0..3600
	LowCurrentPct float64 `json:"low_current_percent"` // the current is so much less after the far end has hung up, 0..90
}

func (w Wear) check() error {
	for _, f := range []struct {
		name      string
		x, lo, hi float64
		zero      bool
	}{
		{"tone_dbm0", w.ToneDBm0, -45, -3, true}, {"tone_off_percent", w.ToneOffPct, -3, 3, false},
		{"jitter_percent", w.JitterPct, 0, 15, false}, {"hum_dbm0", w.HumDBm0, -80, -20, true},
		{"noise_dbm0", w.NoiseDBm0, -80, -20, true}, {"clicks_per_minute", w.ClicksPerMin, 0, 600, false},
		{"glitches_per_hour", w.GlitchesHour, 0, 3600, false}, {"flickers_per_hour", w.FlickersHour, 0, 3600, false},
		{"low_current_percent", w.LowCurrentPct, 0, 90, false},
	} {
		if f.zero && f.x == 0 {
			continue
		}
		if !(f.x >= f.lo && f.x <= f.hi) {
			return wrong("out_of_range", "wear: %s %v: %v to %v", f.name, f.x, f.lo, f.hi)
		}
	}
	return nil
}

// level is that of the exchange's tones.
func (w Wear) level() float64 {
	if w.ToneDBm0 == 0 {
		return toneLevel
	}
	return w.ToneDBm0
}

// weather is the wear of a line at work: its noise, and the faults that come by
// chance.
type weather struct {
	Wear
	r              *rand.Rand
	hum, hiss      float64 // gains
	dead, reversed int     // frames that a glitch or flicker still lasts
	click          int     // samples until the next one; 0 is none
}

// Tables of unit mean square: a second of hum with its harmonics, and of noise.
var humTable, hissTable = func() (hum, hiss [rate]float32) {
	r := rand.New(rand.NewPCG(50, 60))
	for i := range hum {
		a := 2 * math.Pi * 50 * float64(i) / rate
		hum[i] = float32(1.2*math.Sin(a) + .5*math.Sin(3*a) + .4*math.Sin(2*a))
		hiss[i] = float32(r.NormFloat64())
	}
	return hum, hiss
}()

func gainOf(dBm0 float64) float64 {
	if dBm0 == 0 {
		return 0
	}
	return math.Sqrt(meanSquareOf(dBm0))
}

// set changes the wear.
func (w *weather) set(to Wear) {
	w.Wear = to
	w.hum, w.hiss = gainOf(to.HumDBm0), gainOf(to.NoiseDBm0)
	w.click = w.next(to.ClicksPerMin*60, rate)
	w.dead, w.reversed = 0, 0
}

// next is when something that happens so often an hour happens next, in units of
// which there are perSecond; 0 is never.
func (w *weather) next(anHour float64, perSecond float64) int {
	if anHour == 0 {
		return 0
	}
	return 1 + int(w.r.ExpFloat64()*3600/anHour*perSecond)
}

// strike begins glitches and flickers by chance; one frame.
func (w *weather) strike() {
	w.dead, w.reversed = max(0, w.dead-1), max(0, w.reversed-1)
	if w.dead == 0 && w.GlitchesHour > 0 && w.r.Float64() < w.GlitchesHour/3600/framesPerSecond {
		w.dead = 2 + w.r.IntN(13)
	}
	if w.reversed == 0 && w.FlickersHour > 0 && w.r.Float64() < w.FlickersHour/3600/framesPerSecond {
		w.reversed = 5 + w.r.IntN(20)
	}
}

// add puts the noise of the line into what comes out of it.
func (w *weather) add(s *wire.Sound, frame uint64) {
	if w.hum != 0 {
		at := int(frame*wire.FrameSamples) % rate
		for i := range s {
			s[i] = clip(float64(s[i]) + w.hum*float64(humTable[at+i]))
		}
	}
	if w.hiss != 0 {
		at := w.r.IntN(rate - wire.FrameSamples)
		for i := range s {
			s[i] = clip(float64(s[i]) + w.hiss*float64(hissTable[at+i]))
		}
	}
	if w.click == 0 {
		return
	}
	if w.click > wire.FrameSamples {
		w.click -= wire.FrameSamples
		return
	}
	// A click is a charge that runs off in some milliseconds.
	x := (w.r.Float64() - .5) * 16000
	for i := w.click - 1; i < wire.FrameSamples; i++ {
		s[i] = clip(float64(s[i]) + x)
		x *= -.8
	}
	w.click = w.next(w.ClicksPerMin*60, rate)
}
