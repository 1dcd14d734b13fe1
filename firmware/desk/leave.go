package desk

import (
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

// left decides what becomes of the calls of a telephone that was put down while it
// had more than one, or kept one on hold. The book ends single calls.
func (d *Desk) left(now core.Time, e *event.LegEnded, out *core.Out) {
	calls := d.book.PartyTo(e.Leg)
	if len(calls) == 0 || len(calls) == 1 && !calls[0].HeldBy(e.Leg) {
		return
	}
	held := d.book.HeldCall(e.Leg)
	var second *call.Call
	for _, c := range calls {
		if c != held {
			second = c
		}
	}
	switch {
	case held == nil: // a conference
		d.leaveConference(now, calls[0], calls[1], e, out)
	case second == nil && d.deaf[e.Leg] != "":
		d.book.End(now, out, held.ID, leg.Cause(e.Cause), e.Leg) // it was hung up on purpose, not put down
	case second == nil:
		d.comeBack(now, held, e.Leg, "held", out)
	case !d.hand(now, held, second, e.Leg, out):
		d.book.End(now, out, second.ID, leg.Cause(e.Cause), e.Leg)
		d.comeBack(now, held, e.Leg, "held", out)
	}
}

func (d *Desk) leaveConference(now core.Time, a, b *call.Call, e *event.LegEnded, out *core.Out) {
	out.Say(&event.ConferenceEnded{Call: a.ID, Other: b.ID, By: e.Leg, Why: "left"})
	if d.mayJoin(e.Leg, a, b) {
		d.join(now, a, b, e.Leg, out)
		return
	}
	d.book.End(now, out, a.ID, leg.Cause(e.Cause), e.Leg)
	d.book.End(now, out, b.ID, leg.Cause(e.Cause), e.Leg)
}

// hand transfers the held call to the second one, whatever that has come to; false
// when it has come to nothing, or may not be.
func (d *Desk) hand(now core.Time, held, second *call.Call, by id.Leg, out *core.Out) bool {
	dialled := max(held.ID, second.ID)
	if second.Emergency || held.Emergency || d.book.Call(dialled).Caller != by || !d.mayJoin(by, held, second) {
		return false
	}
	if talks(second) {
		d.join(now, held, second, by, out)
		return true
	}
	if held.HeldBy(held.Far(by)) {
		return false // the other end speaks elsewhere and can wait for nobody
	}
	switch second.Where.Kind() {
	case "station", "outside":
		return d.sendRinging(now, held, second, by, out)
	case "queue", "menu", "service":
		d.send(now, held, second, by, out)
		return true
	}
	return false
}

// mayJoin reports whether two calls of one telephone may go on without it.
func (d *Desk) mayJoin(by id.Leg, a, b *call.Call) bool { return d.mayJoinLegs(a, by, b, by) }

// mayJoinLegs is mayJoin for a phone that is in each call by a leg of its own.
func (d *Desk) mayJoinLegs(a *call.Call, byA id.Leg, b *call.Call, byB id.Leg) bool {
	if a.Emergency || b.Emergency || a.Joined != 0 || b.Joined != 0 {
		return false
	}
	p, q := d.farPort(a, byA), d.farPort(b, byB)
	if !p.Outside() || !q.Outside() {
		return true
	}
	st, _ := d.book.Station(d.stationOf(byA))
	return st.TransferOutside && (d.book.TellsHangup(p) || d.book.TellsHangup(q))
}

// farPort is where the other end of a call is, or will be.
func (d *Desk) farPort(c *call.Call, by id.Leg) id.Port {
	far := c.Far(by)
	if far == 0 {
		far = c.Latest()
	}
	if l := d.book.Leg(far); l != nil {
		return l.Port
	}
	return ""
}

// join makes one call of two that talk: that with the outside goes on, since it is
// the customer's, else the older.
func (d *Desk) join(now core.Time, a, b *call.Call, by id.Leg, out *core.Out) {
	d.joinLegs(now, a, by, b, by, out)
}

// joinLegs is join for a phone that is in each call by a leg of its own.
func (d *Desk) joinLegs(now core.Time, a *call.Call, byA id.Leg, b *call.Call, byB id.Leg, out *core.Out) {
	if b.ID < a.ID {
		a, byA, b, byB = b, byB, a, byA
	}
	if !d.farPort(a, byA).Outside() && d.farPort(b, byB).Outside() {
		a, byA, b, byB = b, byB, a, byA
	}
	was := d.heard(a, b)
	d.hushLeft(was, a, byA, out)
	d.hushLeft(was, b, byB, out)
	with := b.Far(byB)
	e := &event.CallTransferred{Call: a.ID, Via: b.ID, By: byA, Station: d.stationOf(byA), How: "attended", Leg: with, Port: d.farPort(b, byB)}
	e.Taken = d.book.StationAt(e.Port)
	if e.Taken != "" && b.Station == e.Taken {
		e.Agent = b.Agent
	}
	out.Say(e)
	d.book.End(now, out, b.ID, leg.Normal, byB)
	d.change(was, out)
	d.book.Keep(now, out, a)
}

// hushLeft silences the end of a call that spoke with who has gone in this moment,
// or waited for the key.
func (d *Desk) hushLeft(was sound, c *call.Call, by id.Leg, out *core.Out) {
	if l := d.book.Leg(by); !c.HeldBy(by) && (l == nil || !l.Live()) && d.speaks(c.Far(by), c) {
		was.hush(c.Far(by), out)
	}
}

// sendRinging gives the held call what the second one rings.
func (d *Desk) sendRinging(now core.Time, held, second *call.Call, by id.Leg, out *core.Out) bool {
	l := d.book.Leg(second.Latest())
	if l == nil || !l.Live() || l.Dropped {
		return false
	}
	was := d.heard(held)
	out.Say(&event.CallTransferred{Call: held.ID, Via: second.ID, By: by, Station: d.stationOf(by), How: "ringing", To: second.Where, Leg: l.ID, Port: l.Port})
	d.book.End(now, out, second.ID, leg.Normal, by)
	d.change(was, out)
	switch l.State {
	case call.Ringing:
		d.book.Ringback(out, held)
	case call.Early:
		out.Do(order.Stop{Leg: held.Caller})
		out.Do(order.Connect{A: held.Caller, B: l.ID})
	}
	d.book.Aim(out, held)
	return true
}

// send routes the held call to where the second one stands.
func (d *Desk) send(now core.Time, held, second *call.Call, by id.Leg, out *core.Out) {
	to := second.Where
	was := d.heard(held)
	out.Say(&event.CallTransferred{Call: held.ID, Via: second.ID, By: by, Station: d.stationOf(by), How: "blind", To: to})
	d.book.End(now, out, second.ID, leg.Normal, by)
	d.change(was, out)
	d.book.Aim(out, held)
	d.book.Route(out, held.ID, to, "transferred")
}

// found lets a telephone go that asked to leave once its second call rings.
func (d *Desk) found(now core.Time, n id.Call, out *core.Out) {
	for _, c := range d.book.Calls() {
		for _, h := range c.Holders {
			if d.leaving[h] != n || n == 0 {
				continue
			}
			if second := d.book.Call(n); second != nil && d.hand(now, c, second, h, out) {
				return
			}
		}
	}
}

func (d *Desk) stationOf(l id.Leg) id.Station {
	if known := d.book.Leg(l); known != nil {
		return d.book.StationAt(known.Port)
	}
	return ""
}
