package release

import (
	"strings"

	"centralita/firmware/line"
)

// Take folds one reading into the habits; those of other parts are passed over.
func (h *Habits) Take(item string, value float64) {
	switch item {
	case line.ReleaseTalk:
		h.TalkS += value
		return
	case line.ToneBusyLevel:
		h.Signs[Busy].Level.Add(value)
		return
	case line.ToneDialLevel:
		h.Signs[Dial].Level.Add(value)
		return
	}
	for _, of := range []struct {
		prefix string
		count  func(r *Record, value float64)
	}{
		{line.ReleaseMissed, func(r *Record, _ float64) { r.Missed++ }},
		{line.ReleaseFalse, func(r *Record, _ float64) { r.False++ }},
		{line.ReleaseRevoked, func(r *Record, _ float64) { r.Seen, r.False = max(0, r.Seen-1), r.False+1 }},
		{seenItem, func(r *Record, v float64) { r.Seen++; r.Lasted.Add(v) }},
	} {
		if name, ok := strings.CutPrefix(item, of.prefix); ok {
			if w, ok := named(name); ok {
				of.count(&h.Signs[w], value)
			}
			return
		}
	}
}

// LateAfter is when a release was late: the line was held so long, in seconds,
// after the first sign.
const LateAfter = 5

// Rates are how well a line's releases were judged.
type Rates struct {
	Calls    int `json:"calls"`    // that were listened to
	Releases int `json:"releases"` // by the far end, with a sign
	Late     int `json:"late"`     // of them: held longer than LateAfter
	Cuts     int `json:"cuts"`     // calls that were cut, or seem to have been
}

// Take folds one reading into the rates.
func (r *Rates) Take(item string, value float64) {
	switch item {
	case line.ReleaseTalk:
		r.Calls++
	case line.ReleaseHeld:
		r.Releases++
		if value > LateAfter {
			r.Late++
		}
	case line.ReleaseCut, line.ReleaseCutSaid:
		r.Cuts++
	}
}
