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
func (d *Desk) mayJoin(by id.Leg, a, b *call.Call) bool {
	if a.Emergency || b.Emergency || a.Joined != 0 || b.Joined != 0 {
		return false
	}
	p, q := d.farPort(a, by), d.farPort(b, by)
	if !p.Outside() || !q.Outside() {
		return true
	}
	l := d.book.Leg(by)
	if l == nil {
		return false
	}
	st, _ := d.book.Station(d.book.StationAt(l.Port))
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
	if b.ID < a.ID {
		a, b = b, a
	}
	if !d.farPort(a, by).Outside() && d.farPort(b, by).Outside() {
		a, b = b, a
	}
	was := d.heard(a, b)
	for _, c := range []*call.Call{a, b} {
		if l := d.book.Leg(by); !c.HeldBy(by) && (l == nil || !l.Live()) && d.speaks(c.Far(by), c) {
			// Spoke with who has gone in this moment, or waited for the key.
			was.hush(c.Far(by), out)
		}
	}
	with := b.Far(by)
	e := &event.CallTransferred{Call: a.ID, Via: b.ID, By: by, Station: d.stationOf(by), How: "attended", Leg: with, Port: d.farPort(b, by)}
	e.Taken = d.book.StationAt(e.Port)
	if e.Taken != "" && b.Station == e.Taken {
		e.Agent = b.Agent
	}
	out.Say(e)
	d.book.End(now, out, b.ID, leg.Normal, by)
	d.change(was, out)
	d.book.Keep(now, out, a)
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
