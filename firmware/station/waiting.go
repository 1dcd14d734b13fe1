package station

import (
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
	"centralita/firmware/settings"
)

// alert tells a station that is in a talk of one more caller, who hears ringback
// meanwhile; false where the station is simply busy: without call waiting, with a
// second call or a waiting one already, in an emergency call, while it dials, and a SIP
// phone that has as many calls as it may: it tells of the others by itself. Calls
// of a queue never come here: they wait for an agent whose telephone is free.
func (s *Stations) alert(now core.Time, c *call.Call, st settings.Station, out *core.Out) bool {
	l := s.book.LegsByPort()[call.PortOf(st)]
	if !st.CallWaiting || st.SIP != nil || l == nil || l.State != call.Answered || l.Dropped {
		return false
	}
	talk := s.book.CallOfLeg(l.ID)
	calls := s.book.PartyTo(l.ID)
	far := id.Leg(0)
	if len(calls) == 1 && calls[0] == talk {
		far = talk.Far(l.ID)
	}
	if far == 0 || far == l.ID || far == c.Caller || talk.Emergency || talk.HeldBy(l.ID) || s.book.WaitingAt(l.ID) != nil {
		return false
	}
	from, name := c.Shown()
	out.Say(&event.CallWaits{Call: c.ID, Leg: l.ID, Until: now.At + s.rings(st)})
	out.Do(order.Alert{Leg: l.ID, From: from, Name: name, Absent: c.Absent, Pattern: string(c.Pattern())})
	s.book.Ringback(out, c)
	return true
}

// freed rings a telephone that was put down for the caller who waits for it.
func (s *Stations) freed(now core.Time, l id.Leg, out *core.Out) {
	c := s.book.WaitingAt(l)
	if c == nil {
		return
	}
	st, ok := s.book.Station(id.Station(c.Where.Name()))
	if !ok || !s.book.PortFree(call.PortOf(st)) {
		s.missed(now, c, leg.Busy, "", out)
		return
	}
	s.book.Ring(out, c, call.PortOf(st), "", now.At+s.rings(st))
}

// unheeded gives up callers whom nobody took from their talk.
func (s *Stations) unheeded(now core.Time, out *core.Out) {
	for _, c := range s.book.Calls() {
		if c.Waiting != 0 && c.Patience <= now.At {
			s.missed(now, c, leg.NoAnswer, "", out)
		}
	}
}
