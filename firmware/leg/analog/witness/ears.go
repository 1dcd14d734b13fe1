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

// sounded is how long a tone has sounded when it is certain: a cadence two to three
// cycles, a steady tone longer than any burst of the plan.
func sounded(plan *tone.Country, s tone.Signal) time.Duration {
	cycle, bursts := 0, 0
	for _, step := range plan.Signals[s].Steps {
		cycle += int(step.Ms)
		if step.Hz[0] != 0 {
			bursts++
		}
	}
	switch {
	case s == tone.SIT:
		return time.Second
	case cycle == 0:
		return 600 * time.Millisecond
	case bursts == 1 && cycle <= 600:
		return time.Duration(3*cycle) * time.Millisecond
	}
	return min(3*time.Second, time.Duration(2*cycle)*time.Millisecond)
}
