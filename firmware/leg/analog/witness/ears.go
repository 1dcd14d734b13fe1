package witness

import (
	"time"

	"centralita/firmware/line/release"
	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// Ears are what an outside line of a country is listened to with, for the
// exchange's tones and for people. What they tell is for Watch.Heard.
func Ears(plan *tone.Country) []media.Ear {
	return []media.Ear{tone.NewListener(plan), newSpeech(plan)}
}

// sign is the witness that a tone is.
func sign(s tone.Signal) (release.Witness, bool) {
	switch s {
	case tone.Busy:
		return release.Busy, true
	case tone.Congestion:
		return release.Congestion, true
	case tone.Dial, tone.Stutter:
		return release.Dial, true
	case tone.SIT:
		return release.SIT, true
	}
	return 0, false
}

// sounded is how long a tone has sounded at least when it is certain: a steady one
// longer than any burst of the plan, a cadence one burst more than a cycle, and of
// short equal bursts three.
func sounded(plan *tone.Country, s tone.Signal) time.Duration {
	cycle, bursts := 0, 0
	for _, step := range plan.Signals[s].Steps {
		cycle += int(step.Ms)
		if step.Hz[0] != 0 {
			bursts++
		}
	}
	ms := steady(plan, s)
	switch {
	case s == tone.SIT:
		ms = 1000
	case cycle == 0 || bursts == 0:
	case bursts == 1 && plan.Signals[s].Steps[0].Ms <= 250:
		ms = 3 * cycle
	default:
		ms = cycle + int(plan.Signals[s].Steps[0].Ms+plan.Signals[s].Steps[1].Ms)
	}
	return time.Duration(ms) * time.Millisecond
}

// steady is when a tone without an end is certain: no burst of the plan is as long.
func steady(plan *tone.Country, s tone.Signal) int {
	ms := 600
	for _, other := range []tone.Signal{tone.Busy, tone.Congestion, tone.Ringback} {
		for _, step := range plan.Signals[other].Steps {
			if len(plan.Signals[s].Steps) > 0 && step.Hz == plan.Signals[s].Steps[0].Hz {
				ms = max(ms, int(step.Ms)*6/5)
			}
		}
	}
	return ms
}
