package desk

import (
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/number"
	"centralita/firmware/order"
)

// referred takes a transfer that a far end asks for by its own signalling. To a
// number it is a second call of the same leg, which the held one is given to as
// soon as somebody answers; who hangs up before leaves it ringing, as at a handset.
func (d *Desk) referred(now core.Time, e *event.LegReferred, out *core.Out) {
	l := d.book.Leg(e.Leg)
	if l == nil {
		return
	}
	if l.Port.Outside() {
		d.referredOutside(now, l, e, out)
		return
	}
	h, ok := d.hubAt(e.Leg)
	to := number.Clean(e.To)
	switch {
	case !ok || !talks(h.focus) || h.held != nil || h.focus.Joined != 0 || d.refers[e.Leg] != 0:
		d.transferFailed(e.Leg, leg.Rejected, out)
	case e.With != 0:
		d.transferFailed(e.Leg, d.merge(now, h, e.With, out), out)
	case to == "":
		d.transferFailed(e.Leg, leg.UnknownNumber, out)
	default:
		second := d.consult(h, to, false, out)
		out.Say(&event.TransferAsked{Call: second, Leg: h.leg, When: "answered"})
	}
}

// asked remembers which second call a leg leaves for.
func (d *Desk) asked(e *event.TransferAsked) {
	switch {
	case e.Call == 0:
		delete(d.leaving, e.Leg)
		delete(d.refers, e.Leg)
	case e.When == "answered":
		d.refers[e.Leg] = e.Call
	default:
		d.leaving[e.Leg] = e.Call
	}
}

// transferFailed tells a leg why nothing came of its transfer; without a cause,
// that it is done.
func (d *Desk) transferFailed(l id.Leg, why leg.Cause, out *core.Out) {
	state := leg.TransferFailed
	if why == "" {
		state = leg.TransferDone
	}
	out.Do(order.Transferred{Leg: l, State: string(state), Cause: string(why)})
}

// merge gives the call of one leg of a phone to the far end of another of its legs,
// "" when it did.
func (d *Desk) merge(now core.Time, h hub, other id.Leg, out *core.Out) leg.Cause {
	o, second := d.book.Leg(other), d.book.CallOfLeg(other)
	switch {
	case o == nil || second == nil || second == h.focus || other == h.leg || d.refers[other] != 0:
		return leg.UnknownNumber
	case o.Port != d.book.Leg(h.leg).Port || !d.mayJoinLegs(h.focus, h.leg, second, other):
		return leg.Forbidden
	case talks(second):
		d.joinLegs(now, h.focus, h.leg, second, other, out)
		return ""
	case second.Caller != other || h.focus.HeldBy(h.focus.Far(h.leg)):
		return leg.Rejected
	}
	if !h.focus.HeldBy(h.leg) {
		d.hold(h, out)
	}
	switch second.Where.Kind() {
	case "station", "outside":
		if d.sendRinging(now, h.focus, second, h.leg, out) {
			return ""
		}
	case "queue", "menu", "service":
		d.send(now, h.focus, second, h.leg, out)
		return ""
	}
	return leg.Rejected
}

// referring finds the leg that transfers by this second call, 0 if none.
func (d *Desk) referring(n id.Call) id.Leg {
	for l, second := range d.refers {
		if second == n && n != 0 {
			return l
		}
	}
	return 0
}

// tellRinging tells who transfers that the other telephone rings.
func (d *Desk) tellRinging(l id.Leg, out *core.Out) {
	if c := d.book.CallOfLeg(l); c != nil {
		if by := d.referring(c.ID); by != 0 && by != l {
			out.Do(order.Transferred{Leg: by, State: string(leg.TransferRings)})
		}
	}
}

// barred ends a second call towards the outside that the held one could not be
// given to, before anybody there is rung.
func (d *Desk) barred(now core.Time, e *event.LegBegan, out *core.Out) {
	by := d.referring(e.Call)
	second, held := d.book.Call(e.Call), d.book.HeldCall(by)
	if by == 0 || second == nil || held == nil || second.Emergency || d.mayJoin(by, held, second) {
		return
	}
	d.book.End(now, out, second.ID, leg.Forbidden, 0)
}

// reached gives the held call to whom the second one has reached.
func (d *Desk) reached(now core.Time, n id.Call, out *core.Out) {
	by := d.referring(n)
	second, held := d.book.Call(n), d.book.HeldCall(by)
	switch {
	case by == 0 || second == nil || held == nil:
	case second.Emergency: // whoever dialled it stays in it
		out.Say(&event.TransferAsked{Leg: by})
		d.transferFailed(by, leg.Forbidden, out)
	case d.hand(now, held, second, by, out):
		d.transferFailed(by, "", out)
	default:
		d.book.End(now, out, n, leg.Forbidden, 0)
	}
}

// unreached leaves a telephone with the call that it could not give away: in it, or
// with it on hold where the telephone itself holds.
func (d *Desk) unreached(now core.Time, by id.Leg, why leg.Cause, out *core.Out) {
	out.Say(&event.TransferAsked{Leg: by})
	d.transferFailed(by, why, out)
	if held := d.book.HeldCall(by); held != nil {
		d.retrieve(now, held, by, out)
		d.legHeld(by, out)
	}
}

// referredOutside sends the office's end of a call on to a station, where the
// settings let a provider ask for that. What it costs to reach anybody else is for
// people of the office to decide.
func (d *Desk) referredOutside(now core.Time, l *call.Leg, e *event.LegReferred, out *core.Out) {
	c := d.book.CallOfLeg(e.Leg)
	_, known := d.book.Station(id.Station(e.To))
	switch {
	case !talks(c) || e.With != 0 || c.Emergency || c.Joined != 0 || c.Far(e.Leg) == 0 || c.HeldBy(c.Far(e.Leg)):
		d.transferFailed(e.Leg, leg.Rejected, out)
		return
	case !known:
		d.transferFailed(e.Leg, leg.UnknownNumber, out)
		return
	}
	to := id.To("station", e.To)
	was := d.heard(c)
	out.Say(&event.CallTransferred{Call: c.ID, By: e.Leg, How: "blind", To: to})
	d.transferFailed(e.Leg, "", out)
	d.book.Drop(out, l.ID, leg.Normal)
	d.change(was, out)
	d.book.Aim(out, c)
	d.book.Route(out, c.ID, to, "transferred")
}
