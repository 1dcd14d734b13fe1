package station

import (
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// intercom rings a telephone that is to take the call by itself and speak aloud, where
// it can do that. Nobody is disturbed by it in a talk, and it goes nowhere else.
func (s *Stations) intercom(now core.Time, c *call.Call, ext id.Station, out *core.Out) {
	st, ok := s.book.Station(ext)
	port := call.PortOf(st)
	switch {
	case !ok:
		s.book.Fail(now, out, c, leg.UnknownNumber)
	case c.Port.Outside():
		s.book.Fail(now, out, c, leg.Forbidden)
	case port == c.Port, s.quiet[ext], s.book.PortBusy(port):
		s.book.Fail(now, out, c, leg.Busy)
	case !s.book.Reachable(ext):
		s.book.Fail(now, out, c, leg.NotRegistered)
	default:
		s.book.Ring(out, c, port, "", now.At+ringMS)
	}
}
