package release

import (
	"time"

	"centralita/firmware/line"
)

// Episode is what one call has taught.
type Episode struct {
	Talk     time.Duration
	Released bool          // the far end had gone when the call ended
	Held     time.Duration // from the first sign to the end, of a released one
	Signs    []Sign        // that stood at the end
	Lies     []Sign        // that speech proved false
}

// hangupAgrees is how long a sign must have stood, and the far end been quiet,
// when our side hangs up, for both to mean the same.
const hangupAgrees = 2 * time.Second

// End closes the judge at the end of a call; judged says that Look ended it.
func (j *Judge) End(at time.Duration, judged bool) Episode {
	e := Episode{Talk: at, Lies: j.lies}
	j.fade(at)
	first, ok := j.first(at)
	if judged && !ok {
		first, ok = at, true
	}
	if ok && (judged || at-first >= hangupAgrees) {
		e.Released = true
		e.Held = at - first
		for _, s := range j.standing(at) {
			if j.against(&j.marks[s.Witness], at) == 0 {
				e.Signs = append(e.Signs, s)
			}
		}
	}
	return e
}

// Each gives the readings of an episode, items of firmware/line: what Habits and
// Rates are folded from.
func (e Episode) Each(read func(item string, value float64, text string)) {
	read(line.ReleaseTalk, e.Talk.Seconds(), "")
	for _, s := range e.Lies {
		read(line.ReleaseFalse+s.Witness.String(), ms(s.Lasted), s.Witness.Words()+" while the far end talked on")
	}
	if !e.Released {
		return
	}
	read(line.ReleaseHeld, e.Held.Seconds(), "")
	var seen [Witnesses]bool
	for _, s := range e.Signs {
		seen[s.Witness] = true
		read(seenItem+s.Witness.String(), e.value(s), "")
		switch {
		case s.DBm0 == 0:
		case s.Witness == Busy:
			read(line.ToneBusyLevel, float64(s.DBm0), "")
		case s.Witness == Dial:
			read(line.ToneDialLevel, float64(s.DBm0), "")
		}
	}
	for w := range Witnesses {
		if !seen[w] && e.Held >= patience(w) {
			read(line.ReleaseMissed+w.String(), ms(e.Held), "")
		}
	}
}

// seenItem begins the names of the readings of signs that were seen.
const seenItem = "release."

// value is how long the loop was open or it was silent; of other signs how long
// after the first they came.
func (e Episode) value(s Sign) float64 {
	if s.Witness == LoopBreak || s.Witness == Silence {
		return ms(s.Lasted)
	}
	first := s.Began
	for _, o := range e.Signs {
		first = min(first, o.Began)
	}
	return ms(s.Began - first)
}

// Revoke gives the readings that take back what a release has taught which was
// none.
func (e Episode) Revoke(read func(item string, value float64, text string)) {
	for _, s := range e.Signs {
		read(line.ReleaseRevoked+s.Witness.String(), ms(s.Lasted), s.Witness.Words()+" cut a call")
	}
}

// patience is how long after the first sign a witness must have come, if it comes.
func patience(w Witness) time.Duration {
	switch w {
	case LoopBreak, Polarity, CurrentDrop:
		return time.Second
	case Busy, Congestion:
		return 4 * time.Second
	}
	return time.Hour // dial tone, announcements and silence may always be to come
}

func ms(d time.Duration) float64 { return float64(d.Milliseconds()) }
