package station

import (
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

// routed takes a call that comes to a station or a service.
func (s *Stations) routed(now core.Time, e *event.CallRouted, out *core.Out) {
	c := s.book.Call(e.Call)
	if c == nil || c.Where != e.To {
		return
	}
	switch e.To.Kind() {
	case "station":
		s.ring(now, c, id.Station(e.To.Name()), out)
	case "intercom":
		s.intercom(now, c, id.Station(e.To.Name()), out)
	case "forward":
		s.serveCode(now, c, out)
	case "service":
		if isCode(e.To) {
			s.serveCode(now, c, out)
		} else if e.To.Name() != "echo" {
			s.book.Fail(now, out, c, leg.UnknownNumber)
		} else if s.book.Accept(out, c) {
			s.serve(now, c, out)
		}
	}
}

func (s *Stations) ring(now core.Time, c *call.Call, ext id.Station, out *core.Out) {
	st, ok := s.book.Station(ext)
	port := call.PortOf(st)
	switch {
	case !ok:
		s.book.Fail(now, out, c, leg.UnknownNumber)
	case s.send(c, ext, always, s.forwardOf(st, always), out):
	case port == c.Port:
		s.missed(now, c, leg.Busy, "", out)
	case s.quiet[ext] && c.Recall == "":
		s.missed(now, c, leg.Busy, "", out)
	case !s.book.Reachable(ext):
		s.missed(now, c, leg.NotRegistered, "", out)
	case !s.book.PortFree(port):
		if !s.alert(now, c, st, out) {
			s.missed(now, c, leg.Busy, "", out)
		}
	default:
		s.book.Ring(out, c, port, "", now.At+s.rings(st))
	}
}

// serve lets the caller hear the caller; the call counts as connected with itself.
func (s *Stations) serve(now core.Time, c *call.Call, out *core.Out) {
	out.Say(&event.CallConnected{Call: c.ID, Leg: c.Caller, Port: c.Port, Station: s.book.StationAt(c.Port), WaitMS: now.At - c.BeganAt})
	out.Do(order.Stop{Leg: c.Caller})
	out.Do(order.Echo{Leg: c.Caller})
}
