package alarm

import (
	"fmt"
	"slices"
	"strconv"

	"centralita/firmware/core"
	"centralita/firmware/event"
)

// When calls over a trunk run poor: so many of its last ones, of those that lasted
// long enough to tell, were poor.
const (
	poorOf      = 5
	poorMany    = 3
	poorLeastMS = 20_000
)

// sounds are the scores of the last calls over each trunk, oldest first.
type sounds map[string][]float32

// take remembers a call, where it tells anything.
func (s sounds) take(e *event.LegMeasured) {
	mos, name := e.Sound.Worst(), e.Port.Name()
	if e.Port.Kind() != "trunk" || mos == 0 || e.Sound.MS < poorLeastMS || s[name] == nil && len(s) >= alarmsMax {
		return
	}
	list := append(s[name], mos)
	s[name] = list[max(0, len(list)-poorOf):]
}

// poor is how many of a trunk's last calls were.
func (s sounds) poor(trunk string) (n int) {
	for _, mos := range s[trunk] {
		if mos < event.FairMOS {
			n++
		}
	}
	return n
}

// reactSound raises and clears after a call over a trunk: once, with how many of its
// last calls were poor and the score of the worst.
func (a *Alarms) reactSound(e *event.LegMeasured, out *core.Out) {
	trunk := e.Port.Name()
	list, n := a.sounds[trunk], a.sounds.poor(trunk)
	switch up := a.find(soundKey(trunk)) >= 0; {
	case e.Port.Kind() != "trunk" || len(list) == 0:
	case n < poorMany:
		a.forgetSound(trunk, out)
	case !up:
		a.set(out, soundKey(trunk), "alarm.trunk-sound", "minor", trunk, strconv.Itoa(n), strconv.Itoa(len(list)), fmt.Sprintf("%.1f", slices.Min(list)))
	}
}

// forgetSound clears it, where it lasts.
func (a *Alarms) forgetSound(trunk string, out *core.Out) {
	a.set(out, soundKey(trunk), "", "minor")
}

func soundKey(trunk string) string { return "sound/" + trunk }
