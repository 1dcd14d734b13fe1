package town

// What an exchange with call waiting and conference does at a timed break of the
// loop (ETSI ES 200 778; North America's three-way calling): the far end is held
// and another number can be dialled; the next break joins all three, and one more
// lets the third go. With a call waiting, breaks change between the two callers.

// recall is who else is on the line beside the far end that is talked with.
type recall struct {
	active bool  // a party is held
	held   actor // who
	joined bool  // all talk
	swaps  bool  // the held and the other change, instead of joining
}

// recalled takes a timed break; false where the exchange has no such service.
func (l *Line) recalled() bool {
	ms := l.loop.recalled()
	if ms == 0 || !l.setup.cfg.Recall || l.peer != nil || !l.country.recalls(ms) {
		return false
	}
	r := &l.recall
	switch {
	case l.phase == phaseTalking && l.waiting.here():
		*r = recall{active: true, held: l.actor, swaps: true}
		l.actor.begin(l.waiting.role)
		l.waiting = waiting{}
	case l.phase == phaseTalking && !r.active:
		*r = recall{active: true, held: l.actor}
		l.dialledN, l.accessed = 0, false
		l.enter(phaseDialTone, &l.country.dial)
	case l.phase == phaseTalking && r.swaps:
		r.held, l.actor = l.actor, r.held
	case l.phase == phaseTalking && !r.joined:
		r.joined = true
	case r.active: // back to the first: the third is let go, or was never reached
		l.actor = r.held
		*r = recall{}
		l.enter(phaseTalking, nil)
	default:
		return false
	}
	return true
}

// join adds the voice of the held party where all talk. When it goes the others
// stay.
func (l *Line) join() {
	r := &l.recall
	if !r.joined {
		return
	}
	said := l.in
	clear(said[:])
	if r.held.step(l.ear.tones.name, &l.in, &said) {
		*r = recall{}
		return
	}
	for i, x := range said {
		l.out[i] = clip(float64(l.out[i]) + float64(x))
	}
}

// succeed lets the held party take the place of one that has hung up.
func (l *Line) succeed() bool {
	if !l.recall.active {
		return false
	}
	l.actor = l.recall.held
	l.recall = recall{}
	return true
}

// recallWindows are the breaks that networks take as a recall, in ms; where none is
// known, all that are no dial pulse and no hang-up.
var recallWindows = map[string][2]int{
	"UK": {50, 130}, "US": {300, 1000}, "FR": {200, 320}, "DE": {170, 310}, "ES": {80, 150}, "IT": {70, 150}, "MX": {90, 500},
}

func (c *country) recalls(ms int) bool {
	w, known := recallWindows[c.code]
	return !known || ms >= w[0] && ms <= w[1]
}
