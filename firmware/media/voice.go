package media

import "math"

// Voice is an ear for somebody speaking, by energy over a noise floor that it
// follows: VoiceStarted after 60 ms of voice, VoiceStopped after a silence.
type Voice struct {
	hang  int     // frames of silence that end a voice
	floor float32 // mean square of the background
	run   int     // frames of the state opposite to on
	on    bool
	long  int
}

// voiceOnset and the thresholds: 12 dB over the floor begins, 6 dB holds; never
// below -45 dBm0, which is line noise.
const (
	voiceOnset         = 6
	voiceMinMS float32 = zeroMS * 3.16e-5
	// zeroMS is the mean square of 0 dBm0.
	zeroMS float32 = 16141 * 16141
)

// NewVoice makes the ear; a pause of up to hangMS does not end a voice (300 ms
// is customary between words).
func NewVoice(hangMS int) *Voice { return &Voice{hang: max(1, hangMS/10), floor: voiceMinMS / 16} }

// Hear implements Ear.
func (v *Voice) Hear(pcm *[Narrow]int16, m Mouth) {
	ms := meanSquare(pcm)
	v.follow(ms)
	factor := float32(16)
	if v.on {
		factor = 4
		v.long++
	}
	speaking := ms > v.floor*factor && ms > voiceMinMS
	if speaking == v.on {
		v.run = 0
		return
	}
	v.run++
	switch {
	case !v.on && v.run >= voiceOnset:
		v.on, v.run, v.long = true, 0, voiceOnset
		m.Tell(VoiceStarted, tenths(ms))
	case v.on && v.run >= v.hang:
		m.Tell(VoiceStopped, int32(v.long-v.run)*10)
		v.on, v.run = false, 0
	}
}

// follow lets the floor fall quickly and rise by 3 dB a second, a tenth of that
// while somebody speaks.
func (v *Voice) follow(ms float32) {
	switch {
	case ms < v.floor:
		v.floor += (ms - v.floor) / 8
	case v.on:
		v.floor *= 1.0007
	default:
		v.floor *= 1.007
	}
	v.floor = min(max(v.floor, voiceMinMS/64), zeroMS)
}

// Meter is an ear that tells the Level once a second.
type Meter struct {
	sum float32
	n   int
}

// Hear implements Ear.
func (l *Meter) Hear(pcm *[Narrow]int16, m Mouth) {
	l.sum += meanSquare(pcm)
	if l.n++; l.n < 100 {
		return
	}
	m.Tell(Level, tenths(l.sum/100))
	l.sum, l.n = 0, 0
}

func meanSquare(pcm *[Narrow]int16) float32 {
	var sum float32
	for _, s := range pcm {
		f := float32(s)
		sum += f * f
	}
	return sum / float32(Narrow)
}

// tenths is a mean square in tenths of dBm0, not below -900.
func tenths(ms float32) int32 {
	if ms <= 0 {
		return -900
	}
	return max(-900, int32(math.Round(100*math.Log10(float64(ms/zeroMS)))))
}
