package profile

import (
	"math"
	"slices"

	"centralita/firmware/line"
)

const (
	// keep is how many readings of an item are remembered: enough for a median that
	// a third of mistakes does not move, few enough to follow the seasons.
	keep = 15
	// steadyAfter calls that agree make an item's normal.
	steadyAfter = 5
	// driftAfter strange calls in a row are no accident.
	driftAfter = 3
	// backAfter normal calls in a row end a drift.
	backAfter = 2
)

// sample is one call's reading.
type sample struct {
	value float64
	text  string
}

// item is one thing being learned.
type item struct {
	def    line.Item
	normal []sample // the newest, at most keep; without strange ones once steady
	odd    []sample // strange ones in a row, at most keep
	count  int      // of all calls that showed it
	first  int64    // wall ms
	last   int64
	since  int64 // wall ms of the first of odd
	back   int   // normal ones in a row while drifted
	moved  bool  // drifted
}

// learn takes what one call shows.
func (i *item) learn(wall int64, s sample) {
	if i.count == 0 {
		i.first = wall
	}
	i.count++
	i.last = wall
	switch {
	case !i.steady() || !watched(i.def.Name):
		i.normal = push(i.normal, s)
	case i.fits(s):
		i.fitting(s)
	default:
		i.strange(wall, s)
	}
}

func (i *item) fitting(s sample) {
	i.normal = push(i.normal, s)
	if !i.moved {
		i.odd = nil
		return
	}
	if i.back++; i.back >= backAfter {
		i.odd, i.moved, i.back = nil, false, 0
	}
}

func (i *item) strange(wall int64, s sample) {
	i.back = 0
	if len(i.odd) == 0 {
		i.since = wall
	}
	i.odd = push(i.odd, s)
	if len(i.odd) >= driftAfter && i.agree(i.odd) >= 0.6 {
		i.moved = true
	}
}

// accept makes what the line does now its normal.
func (i *item) accept() {
	if i.moved {
		i.normal, i.odd, i.moved, i.back = i.odd, nil, false, 0
	}
}

// steady reports whether the item has a normal.
func (i *item) steady() bool {
	return len(i.normal) >= steadyAfter && i.agree(i.normal) >= 0.7
}

// fits reports whether a reading is normal. What only gets better is.
func (i *item) fits(s sample) bool {
	is, was := s.value, i.middle(i.normal)
	switch {
	case i.def.Word():
		return s.text == usual(i.normal)
	case better[i.def.Name] > 0 && is > was, better[i.def.Name] < 0 && is < was:
		return true
	}
	return math.Abs(is-was) <= i.width()
}

// width is how far from the middle a reading is normal: what the table says, and
// more on a line that varies by itself.
func (i *item) width() float64 { return max(i.def.Step, 4*i.spread()) }

// agree is the share of readings that say about the same.
func (i *item) agree(list []sample) float64 {
	if len(list) == 0 {
		return 0
	}
	n, middle, word := 0, i.middle(list), usual(list)
	for _, s := range list {
		if i.def.Word() && s.text == word || !i.def.Word() && math.Abs(s.value-middle) <= i.def.Step {
			n++
		}
	}
	return float64(n) / float64(len(list))
}

func (i *item) middle(list []sample) float64 {
	if i.def.Word() {
		return 0
	}
	values := make([]float64, len(list))
	for k, s := range list {
		values[k] = s.value
	}
	return median(values)
}

// spread is the standard deviation as the median of deviations tells it, which
// single mistakes do not move (1.4826 times it for normal noise).
func (i *item) spread() float64 {
	if i.def.Word() {
		return 0
	}
	middle := i.middle(i.normal)
	off := make([]float64, len(i.normal))
	for k, s := range i.normal {
		off[k] = math.Abs(s.value - middle)
	}
	return 1.4826 * median(off)
}

// sure is the confidence in percent: the share of calls that agree, less what a
// few calls cannot know (Laplace's rule of succession).
func (i *item) sure() uint8 {
	n := float64(min(i.count, 40))
	return uint8(math.Round(100 * i.agree(i.normal) * n / (n + 1)))
}

// median sorts its argument.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

// usual is the word most of them say, the newest of equals.
func usual(list []sample) string {
	best, most := "", 0
	count := map[string]int{}
	for _, s := range list {
		if count[s.text]++; count[s.text] >= most {
			best, most = s.text, count[s.text]
		}
	}
	return best
}

func push(list []sample, s sample) []sample {
	if len(list) >= keep {
		list = slices.Clone(list[1:])
	}
	return append(list, s)
}

// better says in which direction an item may move without harm.
var better = map[string]int{
	line.Noise: -1, line.Hum: -1, line.DialToneDelay: -1, line.EchoLoss: 1, line.EchoLeft: 1, line.Loss: -1,
}

// watched items have a normal whose change is worth a person's time; the others
// differ from call to call by their nature.
func watched(name string) bool {
	switch name {
	case line.ReleaseBy, line.AnswerBy, line.CallWay, line.ReleasePolarity, line.ReleaseBusy, line.ReleaseCongestion, line.ReleaseDial,
		line.ReleaseDrop, line.ReleaseSilence, line.EchoLeft, line.HumHz, line.Loss, line.Impedance, line.CallerIDDelay:
		return false
	}
	return true
}
