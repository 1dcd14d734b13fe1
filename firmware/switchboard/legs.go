package switchboard

import (
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/media"
	"centralita/firmware/media/clip"
	"centralita/firmware/media/dtmf"
)

// end is one leg with its places in the engine.
type end struct {
	id   id.Leg
	leg  leg.Leg
	port id.Port
	at   media.Handle

	player   *clip.Player // made with the first thing played
	playerAt media.Handle
	tag      int32 // of what is playing
	play     id.Play

	wires
	sampled sampled
}

// modem tells whether what is heard of the leg is a machine's.
func (e *end) modem() bool {
	m, ok := e.leg.(leg.Modem)
	return ok && m.Modem()
}

// adopt gives a leg its number and its place in the engine. Without a place the
// box is full: the leg is hung up and false returned.
func (s *Switchboard) adopt(l leg.Leg, number id.Leg, port id.Port) (*end, bool) {
	at, err := s.opt.Engine.Reserve()
	if err != nil {
		s.opt.Log.Warn("the engine is full", "port", port)
		l.Hangup(leg.Congestion)
		return nil, false
	}
	e := &end{id: number, leg: l, port: port, at: at, wires: wires{hears: map[*end]bool{}, heardBy: map[*end]bool{}}}
	s.legs[number], s.byLeg[l], s.byPort[at] = e, e, e
	s.engine(s.opt.Engine.Plug(at, l))
	s.engine(s.opt.Engine.Attach(at, dtmf.NewDetector(dtmf.Line())))
	if listener, ok := l.(leg.Listener); ok {
		for _, ear := range listener.Ears() {
			s.engine(s.opt.Engine.Attach(at, ear))
		}
	}
	return e, true
}

// engine notes an order that the sound thread did not take. The call goes on
// without that sound; a stalled engine ends the process by itself.
func (s *Switchboard) engine(err error) {
	if err != nil {
		s.opt.Log.Error("sound order refused", "err", err)
	}
}

func (s *Switchboard) forget(e *end) {
	s.unwire(e)
	s.engine(s.opt.Engine.Unplug(e.at))
	delete(s.byPort, e.at)
	if e.player != nil {
		s.engine(s.opt.Engine.Unplug(e.playerAt))
		delete(s.byPort, e.playerAt)
	}
	delete(s.legs, e.id)
	delete(s.byLeg, e.leg)
	s.ripe()
}

// report turns a leg's word into a fact.
func (s *Switchboard) report(l leg.Leg, r leg.Report) {
	e := s.byLeg[l]
	if r.Kind == leg.Offered {
		s.offered(l, r)
		return
	}
	if e == nil {
		return // late word of a leg already gone
	}
	s.moved[e] = struct{}{} // what it could not do before it may be able to do now
	switch r.Kind {
	case leg.Updated:
		s.step(&event.LegUpdated{Leg: e.id, From: r.From, Name: r.Name, Absent: string(r.Absent)})
	case leg.Ringing:
		s.step(&event.LegRinging{Leg: e.id})
	case leg.EarlySound:
		s.step(&event.LegEarly{Leg: e.id})
	case leg.Answered:
		s.step(&event.LegAnswered{Leg: e.id, By: string(r.By), Sure: r.Sure})
	case leg.Digit:
		s.keyed(e, r)
		s.step(&event.DigitPressed{Leg: e.id, Digit: string(rune(r.Digit))})
	case leg.Trouble:
		s.step(&event.LegTrouble{Leg: e.id, Text: r.Text})
	case leg.Held:
		s.step(&event.LegHeld{Leg: e.id, How: r.Text})
	case leg.Resumed:
		s.step(&event.LegResumed{Leg: e.id})
	case leg.Agreed:
		s.settle()
	case leg.Referred:
		s.step(&event.LegReferred{Leg: e.id, To: r.To, With: s.number(r.Other), By: r.Text})
	case leg.Measured:
		s.step(&event.LineMeasured{Port: e.port, Leg: e.id, Readings: r.Readings})
	case leg.Ended:
		s.tellMeasured(e)
		s.forget(e)
		s.step(&event.LegEnded{Leg: e.id, Cause: string(r.Cause), Text: r.Text, SIP: int64(r.SIP), Q850: int64(r.Q850), To: r.To})
	}
}

func (s *Switchboard) offered(l leg.Leg, r leg.Report) {
	number := id.Leg(s.opt.Core.Number())
	if _, ok := s.adopt(l, number, r.Port); !ok {
		return
	}
	var way []event.Diverted
	for _, d := range r.Diverted {
		way = append(way, event.Diverted{Number: d.Number, When: d.When})
	}
	s.step(&event.LegOffered{Leg: number, Port: r.Port, From: r.From, Name: r.Name, To: r.To, Peer: r.Peer, Absent: string(r.Absent), Replaces: s.number(r.Other), Refused: string(r.Cause), Diverted: way})
}

// number is a leg's, 0 where it is none or gone.
func (s *Switchboard) number(l leg.Leg) id.Leg {
	if e := s.byLeg[l]; e != nil {
		return e.id
	}
	return 0
}

// hear takes the sound thread's facts.
func (s *Switchboard) hear() {
	for {
		h, ok := s.opt.Engine.Next()
		if !ok {
			return
		}
		e := s.byPort[h.Handle]
		if e == nil {
			continue
		}
		switch {
		case h.Kind == media.DigitBegan && h.Handle == e.at && e.modem():
		case h.Kind == media.DigitBegan && h.Handle == e.at:
			s.step(&event.DigitPressed{Leg: e.id, Digit: string(rune(h.Value))})
		case h.Kind == media.ClipEnded && h.Handle == e.playerAt && h.Value == e.tag:
			e.playing = false
			s.moved[e] = struct{}{}
			s.step(&event.PlayEnded{Leg: e.id, Play: e.play})
		default:
			if listener, ok := e.leg.(leg.Listener); ok && h.Handle == e.at {
				listener.Heard(h)
			}
		}
	}
}
