package app

import (
	"time"

	"centralita/firmware/leg/analog"
	"centralita/firmware/settings"
)

// parallelWait is how long a call out waits for another telephone on its line: as
// long as people wait before they look what is the matter.
const parallelWait = 60 * time.Second

// lineSet is what the settings of a line mean to its leg.
func lineSet(l settings.Line) analog.Line {
	set := analog.Line{
		Polarity: l.Supervision == "polarity", Silence: l.Silence.Or(silentLine), Pulse: l.Dialling == "pulse", SecondTone: l.SecondDialTone,
		ToneWait: time.Duration(l.DialToneWait), Flash: time.Duration(l.Flash), CallWaiting: l.CallWaiting,
	}
	switch l.NoDialTone {
	case "dial":
		set.NoDialTone = analog.Always
	case "refuse":
		set.NoDialTone = analog.Never
	}
	if l.Parallel == "wait" {
		set.WaitFree = parallelWait
	}
	return set
}
