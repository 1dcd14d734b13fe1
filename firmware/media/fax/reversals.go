package fax

// reversals finds the turns of the phase in an answering tone: by more than 110
// degrees, 450 ms apart.
type reversals struct {
	past   [6]complex64 // the last parts, oldest first
	now    int          // parts since the tone began
	turned int          // parts in a row that are turned from those 20 ms before
	last   int          // when the phase turned last, 0 never
	told   bool
}

// The distance between two reversals in parts: 450 +-25 ms and a part.
const (
	apartMin = 84
	apartMax = 96
)

// frame looks at the newest two parts of a tone that lasts and reports whether
// they make a second reversal, once.
func (r *reversals) frame(s *steady) bool {
	copy(r.past[:], r.past[2:])
	r.past[4], r.past[5] = s.z[2], s.z[3]
	if r.now += 2; r.now < 2*settled {
		return false
	}
	u := unit(s.turn)
	u *= u
	back := conj(u * u) // how a tone of this frequency turns in 20 ms, undone
	found := false
	for k := 4; k < 6; k++ {
		found = r.part(r.past[k], r.past[k-4]*conj(back), s.level, r.now+k-5) || found
	}
	return found
}

// part compares a part with what the one of 20 ms before has become.
func (r *reversals) part(z, was complex64, level float32, at int) bool {
	// Of a part in which the phase turns little is left: it says nothing.
	least := level * part * part / 2 / 4
	if square(z) < least || square(was) < least {
		return false
	}
	d := z * conj(was)
	const cos110 = -0.342
	if real(unit(d)) > cos110 {
		r.turned = 0
		return false
	}
	if r.turned++; r.turned != 2 { // a click is one part
		return false
	}
	apart := at - r.last
	again := r.last > 0 && apart >= apartMin && apart <= apartMax
	r.last = at
	if !again || r.told {
		return false
	}
	r.told = true
	return true
}
