package legtest

import (
	"sync"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// Script is what the far end of a port does by itself when it is called. The zero
// value does nothing: the test acts.
type Script struct {
	Busy       leg.Cause     // not "": Make is refused with it
	RingsAfter time.Duration // 0 is never
	Answers    time.Duration // after ringing was asked for; 0 is never
	Refuses    leg.Cause     // not "": in place of answering, after Answers
	HangsUp    time.Duration // after it answered; 0 is never
	Presses    string        // as soon as it answered
	By         leg.By        // how its answer is known; "" is leg.ByHook
	Can        leg.Can
}

// Maker makes legs of memory. It is a leg.Maker for any port that was named.
type Maker struct {
	told    leg.Told
	mu      sync.Mutex
	scripts map[id.Port]Script
	legs    []*Leg
}

var _ leg.Maker = (*Maker)(nil)

// New makes a Maker whose legs report to told.
func New(told leg.Told) *Maker {
	return &Maker{told: told, scripts: make(map[id.Port]Script)}
}

// Port names a port and what its far end does from the next call on.
func (m *Maker) Port(p id.Port, s Script) {
	m.mu.Lock()
	m.scripts[p] = s
	m.mu.Unlock()
}

// Make prepares an outgoing leg.
func (m *Maker) Make(p id.Port) (leg.Leg, *leg.Refused) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.scripts[p]
	if !ok {
		return nil, &leg.Refused{Cause: leg.UnknownNumber, Why: "legtest: no port " + string(p)}
	}
	if s.Busy != "" {
		return nil, &leg.Refused{Cause: s.Busy, Why: "legtest: " + string(p) + " is " + string(s.Busy)}
	}
	return m.add(p, s, made), nil
}

// add makes a leg. Under the mutex.
func (m *Maker) add(p id.Port, s Script, st state) *Leg {
	l := &Leg{told: m.told, port: p, script: s, state: st}
	m.legs = append(m.legs, l)
	return l
}

// Offer makes a call come in on a port; r has what is known of it.
func (m *Maker) Offer(p id.Port, r leg.Report) *Leg {
	m.mu.Lock()
	l := m.add(p, m.scripts[p], offered)
	m.mu.Unlock()
	r.Kind = leg.Offered
	l.act(func() { l.say(r) })
	return l
}

// Alive are the legs that have not ended, in the order they were made.
func (m *Maker) Alive() []*Leg {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []*Leg
	for _, l := range m.legs {
		if !l.Over() {
			out = append(out, l)
		}
	}
	m.legs = append(m.legs[:0], out...) // the ended ones are forgotten: days of them would fill the memory
	return out
}
