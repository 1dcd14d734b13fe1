package switchboard

import (
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/media"
)

// wires is who hears whom as ordered, so that the switchboard can tell which legs
// hear exactly each other.
type wires struct {
	hears   map[*end]bool // whom this leg hears; true once a round has ended since
	heardBy map[*end]bool
	playing bool      // something of ours is played to it
	saying  time.Time // until when digits of ours go to its far end

	relay   *end // whose packets it gets past the engine, nil when it is mixed
	resting bool // out of the engine's ticks
}

// cross joins or parts two legs both ways.
func (s *Switchboard) cross(a, b id.Leg, join bool) {
	x, y := s.legs[a], s.legs[b]
	if x == nil || y == nil {
		return
	}
	s.wire(x, y, join)
	if x != y {
		s.wire(y, x, join)
	}
}

// listen joins two legs one way.
func (s *Switchboard) listen(l, to id.Leg) {
	if ear, mouth := s.legs[l], s.legs[to]; ear != nil && mouth != nil {
		s.wire(mouth, ear, true)
	}
}

// wire lets to hear from, or no longer.
func (s *Switchboard) wire(from, to *end, join bool) {
	s.moved[from], s.moved[to] = struct{}{}, struct{}{}
	if !join {
		delete(to.hears, from)
		delete(from.heardBy, to)
		s.engine(s.opt.Engine.Disconnect(from.at, to.at))
		return
	}
	if _, known := to.hears[from]; !known {
		to.hears[from], from.heardBy[to] = false, false
	}
	s.engine(s.connect(from.at, to.at))
}

// unwire forgets a leg that has gone.
func (s *Switchboard) unwire(e *end) {
	s.mix(e)
	for o := range e.hears {
		delete(o.heardBy, e)
		s.moved[o] = struct{}{}
	}
	for o := range e.heardBy {
		delete(o.hears, e)
		s.moved[o] = struct{}{}
	}
	delete(s.moved, e)
	delete(s.saying, e)
}

// partner is the one leg that a leg hears, is heard by and is recorded with, and
// nobody else: its packets need no engine. The recording is nil when there is none.
func (s *Switchboard) partner(e *end, now time.Time) (*end, *tape) {
	if len(e.hears) != 1 || len(e.heardBy) != 1 || !e.bare(now) {
		return nil, nil
	}
	for o := range e.hears {
		_, back := e.heardBy[o]
		if o == e || !back || len(o.hears) != 1 || len(o.heardBy) != 1 || !o.bare(now) {
			return nil, nil
		}
		var found *tape
		for _, t := range s.tapes {
			switch {
			case !t.of(e) && !t.of(o):
			case !t.tap.Spooled():
				return nil, nil
			case found == nil && t.exactly(e, o):
				found = t
			default:
				return nil, nil
			}
		}
		return o, found
	}
	return nil, nil
}

// bare reports whether a leg can pass packets and needs nothing of the engine.
func (e *end) bare(now time.Time) bool {
	_, can := e.leg.(leg.Relayer)
	return can && !e.playing && now.After(e.saying)
}

// aim relays and mixes the legs whose wires were moved, and has the engine record
// what it mixes. It runs when all orders of a step are carried out, so that what
// they do in between is never heard.
func (s *Switchboard) aim() {
	now := time.Now()
	for e := range s.saying {
		if now.After(e.saying) {
			delete(s.saying, e)
			s.moved[e] = struct{}{}
		}
	}
	for len(s.moved) > 0 { // mixing one leg moves its partner
		for e := range s.moved {
			delete(s.moved, e)
			s.judge(e, now)
		}
	}
	for t := range s.turned {
		delete(s.turned, t)
		s.capture(t)
	}
}

// judge relays or mixes one leg.
func (s *Switchboard) judge(e *end, now time.Time) {
	o, t := s.partner(e, now)
	if e.relay != nil && e.relay != o {
		s.mix(e)
	}
	if o != nil {
		s.relay(e, o, t)
	}
	for o := range e.hears {
		e.hears[o] = true
	}
}

// relay has two legs pass their packets by themselves, where they can.
func (s *Switchboard) relay(e, o *end, t *tape) {
	if o.relay != nil && o.relay != e {
		s.mix(o)
	}
	r := leg.Relay{Joined: e.hears[o] && o.hears[e] && e.relay == nil, Ended: func() { s.inbox <- item{moved: e} }}
	if t != nil {
		r.Tap = t.tap
		if t.right == e.id {
			r.Side = media.Right
		}
	}
	if !e.leg.(leg.Relayer).Relay(o.leg, r) {
		s.mix(e)
		return
	}
	e.relay, o.relay = o, e
	s.rest(e)
	s.rest(o)
	if t != nil {
		t.relayed = true
		s.turned[t] = struct{}{}
	}
}

// mix gives a leg and its partner back to the engine.
func (s *Switchboard) mix(e *end) {
	o := e.relay
	if o == nil {
		return
	}
	e.leg.(leg.Relayer).Mix()
	e.relay, o.relay = nil, nil
	s.resume(e)
	s.resume(o)
	s.moved[o] = struct{}{}
	for _, t := range s.tapes {
		if t.relayed && t.exactly(e, o) {
			t.relayed = false
			s.turned[t] = struct{}{}
		}
	}
}

func (s *Switchboard) rest(e *end) {
	if !e.resting {
		e.resting = true
		s.engine(s.opt.Engine.Rest(e.at))
	}
}

func (s *Switchboard) resume(e *end) {
	if e.resting {
		e.resting = false
		s.engine(s.opt.Engine.Resume(e.at))
	}
}

// say sends digits to a leg's far end, for which the engine is needed as long as
// they last.
func (s *Switchboard) say(e *end, digits string) {
	const each, more = 200 * time.Millisecond, time.Second // 100 ms and a rest each, and for orders that wait
	e.saying = time.Now().Add(more + time.Duration(len(digits))*each)
	s.saying[e], s.moved[e] = struct{}{}, struct{}{}
	if e.relay != nil {
		s.mix(e)
	}
	e.leg.Send(digits)
	now := s.Now()
	s.alarms.ask(now, now.At+time.Until(e.saying).Milliseconds()+1)
}

// keyed says a digit that came beside the sound to whoever hears its leg: in the sound
// there is nothing of it. A relay passes those that came in its packets by itself.
func (s *Switchboard) keyed(e *end, r leg.Report) {
	if r.Digit == '!' { // a flash is for us
		return
	}
	for o := range e.heardBy {
		if o != e && !(r.Event && e.relay == o) {
			s.say(o, string(rune(r.Digit)))
		}
	}
}
