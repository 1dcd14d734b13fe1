package fork

import (
	"sync"

	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// Forks knows the legs that are parts of others.
type Forks struct {
	told leg.Told

	mu   sync.Mutex
	part map[leg.Leg]*Leg
}

// New makes a Forks that reports to told.
func New(told leg.Told) *Forks { return &Forks{told: told, part: map[leg.Leg]*Leg{}} }

// Told takes the reports of all makers.
func (f *Forks) Told(l leg.Leg, r leg.Report) {
	f.mu.Lock()
	whole := f.part[l]
	if whole != nil && r.Kind == leg.Ended {
		delete(f.part, l)
	}
	if other := f.part[r.Other]; other != nil { // a far end knows the part, the switchboard the whole
		r.Other = other
	}
	f.mu.Unlock()
	if whole == nil {
		f.told(l, r)
		return
	}
	whole.hear(l, r)
}

// Maker makes legs of main with those of beside at the same port. It is a
// leg.Minder where main is one.
func (f *Forks) Maker(main, beside leg.Maker) leg.Maker { return &maker{f, main, beside} }

type maker struct {
	f            *Forks
	main, beside leg.Maker
}

// Make asks both. Who is not there is left out; a main telephone that is busy makes
// its station busy.
func (m *maker) Make(port id.Port) (leg.Leg, *leg.Refused) {
	b, none := m.beside.Make(port)
	if none != nil {
		return m.main.Make(port)
	}
	a, refused := m.main.Make(port)
	switch {
	case refused == nil:
	case refused.Cause == leg.NotRegistered, refused.Cause == leg.OutOfOrder, refused.Cause == leg.UnknownNumber:
		return b, nil
	default:
		m.f.alone(b) // nobody asked for it: its end is nobody's news
		b.Hangup(leg.Cancelled)
		return nil, refused
	}
	return m.f.join(port, a, b), nil
}

// MessageWaiting implements leg.Minder.
func (m *maker) MessageWaiting(port id.Port, count int) {
	if minder, ok := m.main.(leg.Minder); ok {
		minder.MessageWaiting(port, count)
	}
}

// Message implements leg.Messenger.
func (m *maker) Message(port id.Port, name, who, text string) {
	if w, ok := m.main.(leg.Messenger); ok {
		w.Message(port, name, who, text)
	}
}

func (f *Forks) join(port id.Port, parts ...leg.Leg) *Leg {
	l := &Leg{told: f.told, port: port, parts: parts, alive: len(parts)}
	f.mu.Lock()
	for _, p := range parts {
		f.part[p] = l
	}
	f.mu.Unlock()
	return l
}

// alone swallows what a leg says.
func (f *Forks) alone(l leg.Leg) {
	whole := f.join("", l)
	whole.over = true
}
