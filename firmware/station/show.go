package station

import (
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/order"
)

// showChanges tells what the stations do that a fact may have changed; orders that
// say nothing new are harmless, and where nobody watches nothing comes of them.
func (s *Stations) showChanges(e event.Event, out *core.Out) {
	switch e := e.(type) {
	case *event.LegOffered:
		s.showLeg(e.Leg, out)
	case *event.LegBegan:
		s.showLeg(e.Leg, out)
	case *event.LegAnswered:
		s.showLeg(e.Leg, out)
		s.showCall(s.book.CallOfLeg(e.Leg), out)
	case *event.LegEnded:
		s.showLeg(e.Leg, out)
	case *event.CallConnected:
		s.showCall(s.book.Call(e.Call), out)
	case *event.CallTransferred:
		s.showCall(s.book.Call(e.Call), out)
	case *event.PhoneChanged:
		s.show(id.Station(e.Station), out)
	case *event.BoxStarted, *event.SettingsCommitted:
		for _, st := range s.book.Stations() {
			s.show(id.Station(st.Extension), out)
		}
	}
}

func (s *Stations) showCall(c *call.Call, out *core.Out) {
	if c == nil {
		return
	}
	s.showLeg(c.Caller, out)
	s.showLeg(c.With, out)
}

func (s *Stations) showLeg(number id.Leg, out *core.Out) {
	if l := s.book.Leg(number); l != nil {
		s.showBy(s.book.StationAt(l.Port), l, out)
	}
}

func (s *Stations) show(ext id.Station, out *core.Out) { s.showBy(ext, nil, out) }

// showBy tells what a station does, known to be changed by a leg of its.
func (s *Stations) showBy(ext id.Station, by *call.Leg, out *core.Out) {
	st, known := s.book.Station(ext)
	if !known {
		return
	}
	port := call.PortOf(st)
	o := order.ShowStation{Station: ext, State: "idle"}
	if !s.book.Healthy(port) {
		o.State = "unreachable"
	}
	if s.book.Port(port).State == "off-hook" {
		o.State = "dialling"
	}
	if l := s.legAt(port, by); l != nil {
		var c id.Call
		o.State, c = s.stateOf(l)
		s.other(&o, l, s.book.Call(c))
	}
	out.Do(o)
}

// legAt is the oldest live leg of a port. Looking through all legs is left to the
// moments when a telephone has two calls.
func (s *Stations) legAt(p id.Port, by *call.Leg) *call.Leg {
	switch n := s.book.PortLegs(p); {
	case n == 0:
		return nil
	case n == 1 && by != nil && by.Live():
		return by
	}
	return s.book.LegsByPort()[p]
}

// other says who is at the other end, where that is known and not withheld.
func (s *Stations) other(o *order.ShowStation, l *call.Leg, c *call.Call) {
	if c == nil {
		return
	}
	if o.Incoming = c.Caller != l.ID; o.Incoming {
		o.Number, o.Name = c.From, c.Name
		return
	}
	o.Number = c.To
}
