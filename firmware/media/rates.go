package media

// A port that can do 16 kHz is asked for it while it hears, or is heard by, another
// that can: two wide telephones that the engine mixes, or several in a conference.
// Everything else is narrow and costs what it always did. Where wide and narrow ports
// share a conference each keeps its own rate: what a narrow one says is doubled once
// for all wide ones that hear it, what a wide one says is halved once for the others.

// lanes are what a port said at the rate that is not its own, made where it is heard
// so.
type lanes struct {
	halved, doubled bool // it is heard so
	half            halver
	twice           doubler
	narrow          [Narrow]int16
	wide            [Wide]int16
}

// poll looks whether ports can do another rate than before: a telephone's is agreed in
// its call.
func (e *Engine) poll() {
	for _, i := range e.active[:e.nact] {
		s := e.slots[i]
		if best := s.port.Rate(); best != s.best {
			s.best = Narrow
			if best == Wide {
				s.best = Wide
			}
			e.rates = true
		}
	}
}

// settle finds the rate of every port, and who is heard at another.
func (e *Engine) settle() {
	e.rates = false
	for _, i := range e.active[:e.nact] {
		s := e.slots[i]
		s.halved, s.doubled, s.wants = false, false, Narrow
	}
	e.crosspoints(func(from, to *slot) {
		if from.best == Wide && to.best == Wide {
			from.wants, to.wants = Wide, Wide
		}
	})
	for _, i := range e.active[:e.nact] {
		s := e.slots[i]
		if s.rate != s.wants {
			s.rate, s.lanes = s.wants, lanes{}
			s.clean = false
			s.silence() // nothing of the other rate is left
		}
	}
	e.crosspoints(func(from, to *slot) {
		from.halved = from.halved || from.rate > to.rate
		from.doubled = from.doubled || from.rate < to.rate
	})
}

// crosspoints gives every pair of ports in the ticks of which one hears the other.
func (e *Engine) crosspoints(each func(from, to *slot)) {
	for _, i := range e.active[:e.nact] {
		to := e.slots[i]
		for _, x := range to.from[:to.nfrom] {
			if from := e.slots[x.from]; !from.resting {
				each(from, to)
			}
		}
	}
}

// convert makes the other rate of what a port said, where somebody wants it.
func (s *slot) convert() {
	switch {
	case s.rate == Wide && (s.halved || s.near > 0 || s.tapped > 0):
		s.half.halve(&s.narrow, &s.said.Buf)
	case s.rate == Narrow && s.doubled:
		s.twice.double(&s.wide, (*[Narrow]int16)(s.said.Buf[:]))
	}
}

// at is what the port said this tick at a rate.
func (s *slot) at(r Rate) []int16 {
	switch {
	case r == s.rate:
		return s.said.Buf[:r]
	case r == Wide:
		return s.wide[:]
	}
	return s.narrow[:]
}
