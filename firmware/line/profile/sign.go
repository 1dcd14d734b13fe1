package profile

import (
	"math"

	"centralita/firmware/line"
)

// asksMax is how many calls a sign's habit is judged by.
const asksMax = 20

// expectedShare of calls must have shown a sign before its absence means anything.
const expectedShare = 0.75

// sign is something a call of its kind shows, or not: a disconnect pulse when the
// far end hangs up, caller ID when the line rings.
type sign struct {
	asked  int     // calls that could show it, at most asksMax while it lasts
	seen   float64 // of them
	usual  bool    // it was expected once, and its absence is judged
	missed int     // in a row
	since  int64   // wall ms of the first of them
	back   int     // seen in a row while lost
	lost   bool
}

// ask takes whether a call that could show the sign did. Misses count for the
// habit once the sign is back: until then they may be the beginning of its loss.
func (s *sign) ask(wall int64, shown bool) {
	if !shown {
		s.miss(wall)
		return
	}
	if s.lost {
		if s.back++; s.back < backAfter {
			return
		}
		s.lost, s.missed = false, 0
	}
	for range s.missed {
		s.count(0)
	}
	s.missed = 0
	s.count(1)
}

func (s *sign) miss(wall int64) {
	if !s.usual {
		s.count(0)
		return
	}
	if s.back = 0; s.missed == 0 {
		s.since = wall
	}
	s.missed = min(s.missed+1, asksMax)
	s.lost = s.lost || s.missed >= s.patience()
}

func (s *sign) count(seen float64) {
	if s.asked == asksMax {
		s.seen -= s.seen / asksMax
		s.asked--
	}
	s.asked++
	s.seen += seen
	s.usual = s.asked >= steadyAfter && s.share() >= expectedShare
}

// patience is how many misses in a row happen less than twice in ten thousand times
// by chance.
func (s *sign) patience() int {
	p := min(max(s.share(), expectedShare), 0.95)
	return max(driftAfter, int(math.Ceil(math.Log(0.0002)/math.Log(1-p))))
}

// share of calls that show it, less what few calls cannot know.
func (s *sign) share() float64 { return (s.seen + 0.5) / (float64(s.asked) + 1) }

// asked lists the signs that this call could have shown: of a release those that
// came and those whose absence was noted, of a call its own.
func asked(has map[string]bool, way string) (could []string) {
	for _, name := range line.Signs {
		if has["release."+name] || has[line.ReleaseMissed+name] {
			could = append(could, "release."+name)
		}
	}
	switch way {
	case "in":
		could = append(could, line.CallerIDStyle)
	case "out":
		could = append(could, line.DialToneDelay)
	}
	return could
}
