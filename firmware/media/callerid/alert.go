package callerid

import (
	"math"

	"centralita/firmware/media"
)

// The alerting signal: 2130 and 2750 Hz at once, for 80 ms in a call (CAS,
// GR-30 and EN 300 659-2) and for 100 ms on an idle line (DT-AS, EN 300 659-1).
const (
	alertLow  = 2130
	alertHigh = 2750
)

// What counts as one: each tone above -40 dBm0, one at most 7 dB above the other,
// this part of the power in both, each within 1.5 % of its frequency, and 60 to
// 130 ms of it with an end.
const (
	alertMin   = 16141 * 16141 * 1e-4
	alertTwist = 5
	alertPart  = 0.70
	alertOff   = 0.015
	alertLeast = 6
	alertMost  = 13
)

// alertTone is what finds one of the tones in 10 ms.
type alertTone struct {
	hz     float32
	cosine [media.Narrow]float32
	sine   [media.Narrow]float32
	last   complex64
}

// alertWindow rises and falls over the 10 ms, so that the tones and what is near
// them do not mix; alertScale makes powers of its sums.
var alertWindow, alertScale = func() (w [media.Narrow]float64, scale float32) {
	var sum float64
	for i := range w {
		w[i] = 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(len(w)))
		sum += w[i]
	}
	return w, float32(2 / (sum * sum))
}()

func newAlertTone(hz float64) alertTone {
	t := alertTone{hz: float32(hz)}
	for i, w := range alertWindow {
		a := 2 * math.Pi * hz / 8000 * float64(i)
		t.cosine[i], t.sine[i] = float32(w*math.Cos(a)), float32(-w*math.Sin(a))
	}
	return t
}

// hear returns the power of the tone and how far off its frequency is, by the
// phase gained since the 10 ms before.
func (t *alertTone) hear(x *[media.Narrow]float32) (power, off float32) {
	var re, im float32
	for i, v := range x {
		re += v * t.cosine[i]
		im += v * t.sine[i]
	}
	now := complex(re, im)
	turned := now * complex(real(t.last), -imag(t.last))
	t.last = now
	// In 10 ms a tone of exactly this frequency, a multiple of 10 Hz, turns by
	// tenths of a turn that are known.
	whole := float64(t.hz) / 100
	d := math.Atan2(float64(imag(turned)), float64(real(turned)))/(2*math.Pi) - (whole - math.Floor(whole))
	d -= math.Round(d)
	return alertScale * (re*re + im*im), float32(math.Abs(d) * 100 / float64(t.hz))
}

// Alert hears the alerting signal on a line.
type Alert struct {
	low, high alertTone
	frames    int // of the signal so far; above alertMost it is another
}

// NewAlert makes one.
func NewAlert() *Alert { return &Alert{low: newAlertTone(alertLow), high: newAlertTone(alertHigh)} }

// Hear takes 10 ms and reports whether the signal ended in them.
func (a *Alert) Hear(pcm *[media.Narrow]int16) bool {
	var x [media.Narrow]float32
	var all float32
	for i, s := range pcm {
		x[i] = float32(s)
		all += x[i] * x[i] * float32(alertWindow[i])
	}
	all *= 2 / float32(media.Narrow)
	if all < alertMin {
		a.low.last, a.high.last = 0, 0
		return a.over()
	}
	low, offLow := a.low.hear(&x)
	high, offHigh := a.high.hear(&x)
	switch {
	case low < alertMin || high < alertMin || low > alertTwist*high || high > alertTwist*low || low+high < alertPart*all:
		return a.over()
	case a.frames > 0 && max(offLow, offHigh) > alertOff:
		return a.over() // it must be a tone from one frame to the next
	}
	a.frames++
	return false
}

// Frames is how many of the last frames, without a break, were of the signal: it
// may still go on.
func (a *Alert) Frames() int { return a.frames }

// over judges what was heard until now.
func (a *Alert) over() bool {
	n := a.frames
	a.frames = 0
	return n >= alertLeast && n <= alertMost
}
