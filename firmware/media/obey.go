package media

// obey carries out the orders that came since the last tick. Orders about
// handles that are gone do nothing: the control plane's knowledge of a port may
// be one order old.
func (e *Engine) obey() {
	for range orderBound {
		o, ok := e.orders.Take()
		if !ok {
			break
		}
		e.carry(&o)
	}
	e.poll()
	if e.rates {
		e.settle()
	}
}

func (e *Engine) carry(o *order) {
	switch o.verb {
	case plug:
		e.plug(o)
	case unplug:
		e.unplug(o.a)
	case lay:
		if s := e.at(o.a); s != nil && !s.resting {
			s.resting = true
			e.leave(uint16(o.a.slot()))
			s.silence()
		}
	case resume:
		if s := e.at(o.a); s != nil && s.resting {
			s.resting = false
			e.enter(uint16(o.a.slot()))
		}
	case connect:
		e.connect(o.a, o.b, o.gain)
	case disconnect:
		e.disconnect(o.a, o.b)
	case attach:
		if s := e.at(o.a); s != nil && s.near < MaxEars {
			s.ears[s.near] = o.ear
			s.near++
		} else {
			e.count.refused.Add(1)
		}
	case detach:
		e.detach(o.a, o.ear)
	case record:
		e.startTap(o.tap, o.a, o.b)
	case unrecord:
		e.stopTap(o.tap)
		o.tap.done.Store(true)
	case pause:
		e.stopTap(o.tap)
	}
}

// at is the slot of a plugged handle, nil when the handle is of the past.
func (e *Engine) at(h Handle) *slot {
	i := h.slot()
	if h == 0 || i == 0 || i > MaxPorts {
		return nil
	}
	if s := e.slots[i]; s != nil && s.handle == h {
		return s
	}
	return nil
}

func (e *Engine) plug(o *order) {
	i := o.a.slot()
	if i == 0 || i > MaxPorts || e.slots[i] != nil {
		e.count.refused.Add(1)
		return
	}
	s := o.slot
	s.handle, s.port, s.best, s.rate, s.clean = o.a, o.port, o.port.Rate(), Narrow, true
	if s.best != Wide {
		s.best = Narrow
	}
	e.slots[i] = s
	e.enter(uint16(i))
	if t, ok := o.port.(Teller); ok {
		t.Plugged(Mouth{e, o.a})
	}
}

// enter takes a slot into the ticks.
func (e *Engine) enter(i uint16) {
	e.active[e.nact] = i
	e.nact++
	e.rates = true
}

// leave takes it out.
func (e *Engine) leave(i uint16) {
	for n, a := range e.active[:e.nact] {
		if a == i {
			copy(e.active[n:e.nact], e.active[n+1:e.nact])
			e.nact--
			break
		}
	}
	e.rates = true
}

// unplug forgets a port. Who rests may hear it as well, so all slots are looked at.
func (e *Engine) unplug(h Handle) {
	s := e.at(h)
	if s == nil {
		return
	}
	i := uint16(h.slot())
	if !s.resting {
		e.leave(i)
	}
	e.slots[i] = nil
	e.rates = true
	for _, o := range e.slots[1:] {
		if o == nil {
			continue
		}
		if n := o.find(i); n >= 0 {
			o.cut(n)
		}
	}
}

func (e *Engine) connect(from, to Handle, g Gain) {
	f, t := e.at(from), e.at(to)
	if f == nil || t == nil {
		return
	}
	i := uint16(from.slot())
	n := t.find(i)
	if n < 0 {
		if n = t.nfrom; n == MaxSources {
			e.count.refused.Add(1)
			return
		}
		t.from[n] = crosspoint{from: i}
		t.nfrom++
		e.rates = true
	}
	t.from[n].want, t.from[n].leaving = g, false
}

func (e *Engine) disconnect(from, to Handle) {
	f, t := e.at(from), e.at(to)
	if f == nil || t == nil {
		return
	}
	if n := t.find(uint16(from.slot())); n >= 0 {
		t.from[n].want, t.from[n].leaving = Mute, true
	}
}

// find is the place of a source among those a port hears, -1 when it hears it not.
func (s *slot) find(from uint16) int {
	for i := range s.from[:s.nfrom] {
		if s.from[i].from == from {
			return i
		}
	}
	return -1
}

// cut removes a crosspoint; their order does not matter to a sum.
func (s *slot) cut(i int) {
	s.nfrom--
	s.from[i] = s.from[s.nfrom]
}

func (e *Engine) detach(h Handle, ear Ear) {
	s := e.at(h)
	if s == nil {
		return
	}
	for i, x := range s.ears[:s.near] {
		if x == ear {
			copy(s.ears[i:s.near], s.ears[i+1:s.near])
			s.near--
			s.ears[s.near] = nil
			return
		}
	}
}
