package desk

import (
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

// replace answers a phone that asks for the place of another leg (RFC 3891): of its
// own station's in a talk, which moves to another of its phones, or of one that
// rings, which is taken from it.
func (d *Desk) replace(now core.Time, e *event.CallBegan, out *core.Out) {
	l := d.book.Leg(e.Leg)
	if l == nil || l.Replaces == 0 {
		return
	}
	old, c := d.book.Leg(l.Replaces), d.book.CallOfLeg(l.Replaces)
	switch {
	case old == nil || c == nil || !old.Live() || old.Dropped || l.Port.Outside() || old.Port.Outside():
		d.book.End(now, out, e.Call, leg.UnknownNumber, 0)
	case !d.mayReplace(l, old, c):
		d.book.End(now, out, e.Call, leg.Forbidden, 0)
	default:
		d.book.Route(out, e.Call, "replace/", "replaces")
		out.Do(order.Answer{Leg: e.Leg})
	}
}

func (d *Desk) mayReplace(l, old *call.Leg, c *call.Call) bool {
	if c.Emergency || c.Joined != 0 || len(d.book.PartyTo(old.ID)) > 1 {
		return false
	}
	if talks(c) {
		return old.Port == l.Port && c.Far(old.ID) != 0
	}
	kind := c.Where.Kind()
	return c.With == 0 && c.Latest() == old.ID && (kind == "station" || kind == "recall")
}

// replaced puts an answered leg in the place it asked for.
func (d *Desk) replaced(now core.Time, n id.Leg, out *core.Out) {
	l := d.book.Leg(n)
	if l == nil || l.Replaces == 0 {
		return
	}
	begun, old, c := d.book.CallOfLeg(n), d.book.Leg(l.Replaces), d.book.CallOfLeg(l.Replaces)
	switch {
	case begun == nil || begun.Caller != n || begun.With != 0 || begun.Where.Kind() != "replace":
	case old == nil || c == nil || !old.Live() || !d.mayReplace(l, old, c):
		d.book.End(now, out, begun.ID, leg.UnknownNumber, 0) // it ended meanwhile, or somebody else took it
	case talks(c):
		was := d.hears(append(ends(c), n))
		out.Say(&event.CallTransferred{
			Call: c.ID, Via: begun.ID, By: old.ID, Station: d.stationOf(old.ID), How: "attended",
			Leg: n, Port: l.Port, Taken: d.book.StationAt(l.Port), Agent: c.Agent,
		})
		d.book.End(now, out, begun.ID, leg.Normal, old.ID)
		d.change(was, out)
	default:
		d.book.Connect(now, out, c, n, "", false)
		d.book.End(now, out, begun.ID, leg.Normal, 0)
		d.book.Drop(out, old.ID, leg.Elsewhere)
	}
}
