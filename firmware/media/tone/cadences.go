package tone

// template is the cadence of a signal as a Listener matches it: a cycle of
// bursts, each with its tone, its length and the pause after it, in units.
type template struct {
	signal Signal
	cycle  []beat
	need   int   // whole beats that must match
	long   int32 // its longest pause
}

type beat struct {
	class   int
	on, off int32
}

// maxPairs bounds a cycle, so that one and a beat more fit into the history.
const maxPairs = history - 2

// sitClass is the class of the first tone of SIT; the plan's tones are below.
const sitClass = 100

// sitHz cover the special information tones of ITU (950, 1400, 1800 Hz, each
// within 50 Hz) and the pairs that North American ones are made of.
var sitHz = [][]float32{{915, 950, 985}, {1365, 1400, 1435}, {1765, 1800, 1835}}

// What a fit must explain of a window: three quarters, and less between two of
// the steps of SIT, whose order tells them from all else.
const (
	purePlan = 0.75
	pureSIT  = 0.62
)

// learn makes fits and templates of a plan.
func (l *Listener) learn(c *Country) {
	var sets [][4]float32
	class := func(hz [4]float32) int {
		for i, s := range sets {
			if s == hz {
				return i
			}
		}
		n := 1
		if hz[1] != 0 {
			n = 2
		}
		l.fits = append(l.fits, newFit(len(sets), purePlan, hz[:n]...))
		sets = append(sets, hz)
		return len(sets) - 1
	}
	longest := map[int]int32{}
	var dials []int
	for _, s := range []Signal{Busy, Congestion, Ringback, Dial} {
		cycle := beats(c.Signals[s], class)
		switch {
		case cycle == nil && s == Dial:
			dials = append(dials, class(c.Signals[s].Steps[0].Hz))
			continue
		case cycle == nil || len(cycle) > maxPairs:
			continue
		}
		t := template{signal: s, cycle: cycle, need: len(cycle) + 1}
		if len(cycle) == 1 && cycle[0].on <= millis(250) {
			t.need = 3
		}
		for _, b := range cycle {
			t.long = max(t.long, b.off)
			longest[b.class] = max(longest[b.class], b.on)
		}
		l.templates = append(l.templates, t)
	}
	for i, hz := range sitHz {
		for _, f := range hz {
			l.fits = append(l.fits, newFit(sitClass+i, pureSIT, f))
		}
	}
	l.steady = make([]int32, len(sets))
	for _, d := range dials {
		l.steady[d] = max(millis(600), longest[d]*6/5)
	}
}

// beats are the bursts of a cadence, nil when it does not alternate between tone
// and silence for ever.
func beats(c Cadence, class func([4]float32) int) []beat {
	if c.Loop != 0 || len(c.Steps)%2 != 0 {
		return nil
	}
	var cycle []beat
	for i := 0; i < len(c.Steps); i += 2 {
		on, off := c.Steps[i], c.Steps[i+1]
		if on.Hz[0] == 0 || off.Hz[0] != 0 || on.Ms == 0 || off.Ms == 0 {
			return nil
		}
		cycle = append(cycle, beat{class(on.Hz), millis(int(on.Ms)), millis(int(off.Ms))})
	}
	return cycle
}

// near reports whether a time is the one of the plan, within 15 % and 20 ms.
func near(got, want int32) bool {
	d := got - want
	if d < 0 {
		d = -d
	}
	return d <= want*3/20+millis(20)
}

// lasting looks at a burst under way: a dial tone, or the end of a cadence.
func (l *Listener) lasting() {
	b := &l.burst
	on := l.now - b.start
	if b.class < len(l.steady) && l.steady[b.class] > 0 && on > l.steady[b.class] {
		l.current = Dial
		return
	}
	if l.current == None || l.current == Dial {
		return
	}
	for i := range l.templates {
		t := &l.templates[i]
		if t.signal != l.current {
			continue
		}
		for _, beat := range t.cycle {
			if beat.class == b.class && on < beat.on*5/4+millis(40) {
				return
			}
		}
		l.current = None
	}
}

// closed looks at the beats when a pause has come to its end.
func (l *Listener) closed() {
	if l.current == Dial {
		l.current = None
	}
	for i := range l.templates {
		t := &l.templates[i]
		if t.signal != Ringback && l.matches(t, t.need) {
			l.current = t.signal
			return
		}
	}
}

// matches reports whether the last beats, the one just closed included, are
// those of a template from any of its beats on, at one level.
func (l *Listener) matches(t *template, need int) bool {
	if l.n < need {
		return false
	}
	for shift := range t.cycle {
		ok := true
		for k := 0; k < need && ok; k++ {
			b := &l.bursts[history-1-k]
			next := l.burst.start
			if k > 0 {
				next = l.bursts[history-k].start
			}
			want := t.cycle[(shift+len(t.cycle)*need-k)%len(t.cycle)]
			ok = b.class == want.class && near(b.on, want.on) &&
				near(next-b.start-b.on, want.off) && l.even(b)
		}
		if ok {
			return true
		}
	}
	return false
}

// even reports whether a burst has the level of the last one, within 2 dB.
func (l *Listener) even(b *burst) bool {
	p := l.bursts[history-1].power
	return b.power < 1.585*p && p < 1.585*b.power
}

// ended looks at a burst that has just ended.
func (l *Listener) ended() {
	b := &l.bursts[history-1]
	if l.current == Dial {
		l.current = None
	}
	stage := b.class - sitClass
	switch {
	case stage < 0 || b.on < millis(230) || b.on > millis(420):
		l.sit = 0
	case stage == 0:
		l.sit = 1
	case stage == l.sit:
		l.sit++
	default:
		l.sit = 0
	}
	if l.sit == len(sitHz) {
		l.current = SIT
	}
}

// ringPause is how long the pause after a burst lasts until it is ringing and no
// busy tone.
const ringPause = 300

// quiet looks at a pause under way.
func (l *Listener) quiet(off int32) {
	if off > millis(60) {
		l.sit = 0
	}
	if l.n == 0 {
		return
	}
	for i := range l.templates {
		t := &l.templates[i]
		if t.signal == Ringback && off > millis(ringPause) && off < t.long*5/4 && l.rang(t) {
			l.current = Ringback
			return
		}
		if t.signal == l.current && off > t.long*5/4+millis(40) {
			l.forget()
			return
		}
	}
	if l.current == SIT && off > millis(1500) {
		l.forget()
	}
}

// rang reports whether the last bursts are those before the long pause of
// ringing.
func (l *Listener) rang(t *template) bool {
	n := len(t.cycle)
	if l.n < n || l.current != None && l.current != Ringback {
		return false
	}
	for k := range n {
		b, want := &l.bursts[history-1-k], t.cycle[n-1-k]
		if b.class != want.class || !near(b.on, want.on) || !l.even(b) {
			return false
		}
		if k > 0 && !near(l.bursts[history-k].start-b.start-b.on, want.off) {
			return false
		}
	}
	return true
}
