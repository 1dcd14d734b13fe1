package desk

import (
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// pickUp takes a call that stands at "pickup/EXTENSION", or at "pickup/" for anybody's
// of the own group: who dialled it wants the call that rings there. It is answered
// first where it must be, and then finds out whether the call still rings.
func (d *Desk) pickUp(now core.Time, begun *call.Call, out *core.Out) {
	switch {
	case begun.Port.Outside(), d.book.HeldCall(begun.Caller) != nil:
		d.book.End(now, out, begun.ID, leg.Forbidden, 0)
	case d.ringingFor(begun) == nil:
		d.book.End(now, out, begun.ID, leg.UnknownNumber, 0)
	case d.book.Accept(out, begun):
		d.pickedUp(now, begun, out)
	}
}

// pickedUp connects the call to who picks it up; the telephone that rang is let go.
func (d *Desk) pickedUp(now core.Time, begun *call.Call, out *core.Out) {
	c := d.ringingFor(begun)
	if c == nil {
		d.book.End(now, out, begun.ID, leg.UnknownNumber, 0) // somebody else was quicker
		return
	}
	old := c.Latest()
	d.book.Connect(now, out, c, begun.Caller, "", false)
	d.book.End(now, out, begun.ID, leg.Normal, 0)
	d.book.Drop(out, old, leg.Elsewhere)
}

// ringingFor finds the oldest call that the one who dialled may pick up, nil if none.
// Calls that a queue presents to an agent are the queue's.
func (d *Desk) ringingFor(begun *call.Call) *call.Call {
	by, _ := d.book.Station(d.book.StationAt(begun.Port))
	wanted := begun.Where.Name()
	for _, c := range d.book.Calls() {
		kind := c.Where.Kind()
		l := d.book.Leg(c.Latest())
		if c.With != 0 || kind != "station" && kind != "recall" || l == nil || !l.Live() || l.Dropped || c.Caller == begun.Caller || l.Port.Outside() || l.Port == begun.Port {
			continue
		}
		st, known := d.book.Station(d.book.StationAt(l.Port))
		if known && st.PickupGroup == by.PickupGroup && (wanted == "" || wanted == st.Extension) {
			return c
		}
	}
	return nil
}

// standing finds the call of a person inside that stands at a kind of destination.
func (d *Desk) standing(l id.Leg, kind string) *call.Call {
	if c := d.book.Standing(l, kind); c != nil && c.With == 0 {
		return c
	}
	return nil
}

// servedAfterAnswer goes on with who had to be answered first.
func (d *Desk) servedAfterAnswer(now core.Time, e *event.LegAnswered, out *core.Out) {
	if c := d.standing(e.Leg, "pickup"); c != nil {
		d.pickedUp(now, c, out)
	}
	if c := d.standing(e.Leg, "parked"); c != nil {
		d.fetched(now, c, out)
	}
}
