package campaign

import (
	"math/rand/v2"

	"centralita/board/simboard/town"
)

// kind is a way in which exchanges show that the far end has hung up.
type kind struct {
	name  string
	signs func(r *rand.Rand) town.Supervision
	low   bool // it feeds less current
}

// kinds are those of national networks and of what stands between. An exchange is
// one of them for all its calls; signs and times vary from line to line.
var kinds = []kind{
	{name: "none", signs: func(*rand.Rand) town.Supervision { return town.Supervision{} }},
	{name: "loop-break", signs: func(r *rand.Rand) town.Supervision {
		return town.Supervision{LoopBreakMS: 250 + 10*r.IntN(66)}
	}},
	{name: "polarity", signs: func(*rand.Rand) town.Supervision { return town.Supervision{Polarity: true} }},
	{name: "busy", signs: func(*rand.Rand) town.Supervision { return town.Supervision{BusyTone: true} }},
	{name: "congestion", signs: func(*rand.Rand) town.Supervision { return town.Supervision{CongestionTone: true} }},
	{name: "dial-tone", signs: func(r *rand.Rand) town.Supervision {
		return town.Supervision{DialToneAfterS: 5 + float64(r.IntN(26))}
	}},
	{name: "break+busy", signs: func(r *rand.Rand) town.Supervision {
		return town.Supervision{LoopBreakMS: 90 + 10*r.IntN(82), BusyTone: true}
	}},
	{name: "polarity+dial", signs: func(r *rand.Rand) town.Supervision {
		return town.Supervision{Polarity: true, DialToneAfterS: 5 + float64(r.IntN(26))}
	}},
	{name: "current", signs: func(*rand.Rand) town.Supervision { return town.Supervision{BusyTone: true} }, low: true},
}

// Kinds are the names, in the order of the table.
func Kinds() (names []string) {
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

// first is how long after the hang-up the first sign begins, in frames; negative
// where there is none.
func first(s town.Supervision) int {
	switch {
	case s.LoopBreakMS > 0 || s.Polarity || s.BusyTone || s.CongestionTone:
		return 0
	case s.DialToneAfterS > 0:
		return int(100 * s.DialToneAfterS)
	}
	return -1
}
