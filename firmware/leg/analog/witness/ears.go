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
	ms := 600
	switch {
	case s == tone.SIT:
		ms = 1000
	case cycle == 0 || bursts == 0:
	case bursts == 1 && plan.Signals[s].Steps[0].Ms <= 250:
		ms = 3 * cycle
	default:
		ms = cycle * (bursts + 1) / bursts
	}
	return time.Duration(ms) * time.Millisecond
}
