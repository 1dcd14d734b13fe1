package witness

import (
	"math"
	"time"

	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// speech is an ear for a person on a line that may carry tones: sound whose
// energy is not in the country's tone frequencies. It tells VoiceStarted once for
// each stretch of talk, and so knows an answer from ringback, which a detector of
// energy alone does not. VoiceStopped comes half a second after the last of it.
type speech struct {
	coef  []float32 // 2cos of each frequency of the plan
	score int       // frames of talk less frames of anything else
	on    bool
	long  int // frames since it began
}

// A stretch of talk is speechOnset frames (150 ms) more talk than not within the
// last half second; it ends after half a second without.
const (
	speechOnset = 15
	speechMax   = 50
	speechTail  = 10 * speechMax * time.Millisecond // how late its end is told, at most
	// speechMS is the mean square of -38 dBm0, below which a line is quiet.
	speechMS = 16141 * 16141 * 1.58e-4
	// toneShare is how much of a frame's energy tones have at least: a pure tone
	// in a 10 ms window gives 0.9 and more.
	toneShare = 0.6
)

func newSpeech(plan *tone.Country) *speech {
	s := &speech{}
	seen := map[float32]bool{}
	for _, c := range plan.Signals {
		for _, step := range c.Steps {
			for _, hz := range step.Hz {
				if hz > 0 && !seen[hz] {
					seen[hz] = true
					s.coef = append(s.coef, float32(2*math.Cos(2*math.Pi*float64(hz)/8000)))
				}
			}
		}
	}
	return s
}

// Hear implements media.Ear.
func (s *speech) Hear(pcm *[media.Narrow]int16, m media.Mouth) {
	var energy float32
	for _, x := range pcm {
		energy += float32(x) * float32(x)
	}
	if energy > speechMS*float32(len(pcm)) && s.tonal(pcm) < toneShare*energy {
		s.score = min(s.score+1, speechMax)
	} else {
		s.score = max(s.score-1, 0)
	}
	s.long++
	switch {
	case !s.on && s.score >= speechOnset:
		s.on, s.long = true, speechOnset
		m.Tell(media.VoiceStarted, 0)
	case s.on && s.score == 0:
		s.on = false
		m.Tell(media.VoiceStopped, int32(10*max(0, s.long-speechMax)))
	}
}

// tonal is the energy that the strongest two of the plan's frequencies explain
// (Goertzel's algorithm; a pure tone gives all of the frame's).
func (s *speech) tonal(pcm *[media.Narrow]int16) float32 {
	var first, second float32
	for _, c := range s.coef {
		var s1, s2 float32
		for _, x := range pcm {
			s0 := float32(x) + c*s1 - s2
			s2, s1 = s1, s0
		}
		p := (s1*s1 + s2*s2 - c*s1*s2) * 2 / float32(len(pcm))
		if p > first {
			first, second = p, first
		} else if p > second {
			second = p
		}
	}
	// Neighbouring frequencies of a plan (425 and 440 Hz) see the same tone twice.
	if second > first/2 && first+second > 0 {
		return max(first, (first+second)*0.75)
	}
	return first
}
