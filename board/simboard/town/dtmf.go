package town

import (
	"math/rand/v2"
	"strings"
)

// DTMF frequencies (ITU-T Q.23) and the keys in their order, row by row.
var (
	rowHz    = [4]float64{697, 770, 852, 941}
	columnHz = [4]float64{1209, 1336, 1477, 1633}
)

const keys = "123A456B789C*0#D"

// dialMax bounds what one may dial in one go; E.164 has 15 digits, menus want a
// few more.
const dialMax = 40

// checkDigits refuses what a telephone has no key for; a comma is a second of
// pause.
func checkDigits(digits string) error {
	if len(digits) > dialMax {
		return wrong("too_many_digits", "digits: at most 40 in one go")
	}
	for _, d := range digits {
		if d != ',' && !strings.ContainsRune(keys, d) {
			return wrong("bad_digit", "digits: %q is not on the keypad; use 0-9 * # A-D and , for a pause", string(d))
		}
	}
	return nil
}

// fingers is how somebody presses keys: times in ms with a seeded spread.
type fingers struct {
	on, off, spread int
}

// A person's fingers are slow and uneven; a network's sender is exact.
var (
	person = fingers{on: 90, off: 110, spread: 70}
	sender = fingers{on: 70, off: 70}
)

func (f fingers) times(r *rand.Rand) (on, off int) {
	if f.spread == 0 {
		return f.on, f.off
	}
	return f.on + r.IntN(f.spread), f.off + r.IntN(f.spread)
}

// pressed makes the sound of digits pressed one after the other.
func pressed(digits string, f fingers, l levels, r *rand.Rand) []int16 {
	var out []int16
	for _, d := range digits {
		if d == ',' {
			out = append(out, make([]int16, rate)...)
			continue
		}
		k := strings.IndexRune(keys, d)
		if k < 0 {
			continue
		}
		on, off := f.times(r)
		out = append(out, render(on, [2]float64{rowHz[k/4], l.low}, [2]float64{columnHz[k%4], l.high})...)
		out = append(out, make([]int16, off*rate/1000)...)
	}
	return out
}
