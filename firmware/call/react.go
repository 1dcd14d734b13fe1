package call

import (
	"cmp"
	"slices"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

// React opens a call for who wants one, ends calls whose ends have gone, and
// hangs up what an ended call leaves behind.
func (b *Book) React(now core.Time, e event.Event, out *core.Out) {
	switch e := e.(type) {
	case *event.BoxStarted:
		for _, c := range slices.Clone(b.order) {
			b.End(now, out, c, leg.PowerCut, 0)
		}
	case *event.LegOffered:
		b.begin(now, e, out)
	case *event.LegEnded:
		b.reactLegEnded(now, e, out)
	case *event.CallRouted:
		b.reactRouted(now, e, out)
	case *event.CallEnded:
		b.hangup(e, out)
	case *event.Woke:
		b.overdue(now, out)
	}
}

func (b *Book) begin(now core.Time, e *event.LegOffered, out *core.Out) {
	l := b.legs[e.Leg]
	if l == nil || l.Call != 0 || l.State == Ended {
		return
	}
	began := &event.CallBegan{Call: id.Call(out.Number()), Leg: e.Leg, Port: e.Port, Direction: "in", From: e.From, Name: e.Name, To: e.To, Diverted: e.Diverted}
	if !e.Port.Outside() {
		began.Direction = "inside"
		if ext := b.StationAt(e.Port); ext != "" {
			s, _ := b.Station(ext)
			began.From, began.Name = s.Extension, s.Name
		}
	}
	out.Say(began)
	if l.Refused != "" {
		b.End(now, out, began.Call, leg.Cause(l.Refused), e.Leg)
	}
}

func (b *Book) reactLegEnded(now core.Time, e *event.LegEnded, out *core.Out) {
	// Who had more than one call, or kept one on hold, leaves that to the desk.
	if calls := b.PartyTo(e.Leg); len(calls) == 1 && !calls[0].HeldBy(e.Leg) {
		b.End(now, out, calls[0].ID, leg.Cause(e.Cause), e.Leg)
	}
}

func (b *Book) reactRouted(now core.Time, e *event.CallRouted, out *core.Out) {
	c := b.calls[e.Call]
	if c == nil || c.Where != e.To {
		return
	}
	if !b.kinds[e.To.Kind()] {
		b.End(now, out, c.ID, leg.UnknownNumber, 0)
	} else if c.Hops > hopsMax {
		b.End(now, out, c.ID, leg.Congestion, 0)
	}
}

// hangup ends what the call left behind: parked telephones hear why, others go
// at once.
func (b *Book) hangup(e *event.CallEnded, out *core.Out) {
	for _, l := range b.leftBy(e.Call) {
		switch {
		case l.State == Parked:
			out.Do(order.Play{Leg: l.ID, Play: id.Play(out.Number()), Clips: []string{toneOf(leg.Cause(e.Cause))}, Loop: true})
		case !l.Dropped:
			out.Do(order.Hangup{Leg: l.ID, Cause: e.Cause})
		}
	}
}

// leftBy lists the legs of an ended call that are still there, oldest first.
func (b *Book) leftBy(c id.Call) []*Leg {
	var list []*Leg
	for _, l := range b.legs {
		if l.Call == c {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(x, y *Leg) int { return cmp.Compare(x.ID, y.ID) })
	return list
}

// overdue drops legs whose time is over: telephones that nobody answered, and
// parked ones that heard long enough. The holder of the call reacts to LegDropped.
func (b *Book) overdue(now core.Time, out *core.Out) {
	var over []*Leg
	for _, l := range b.legs {
		if l.Live() && l.Until != 0 && l.Until <= now.At {
			over = append(over, l)
		}
	}
	slices.SortFunc(over, func(x, y *Leg) int { return cmp.Compare(x.ID, y.ID) })
	for _, l := range over {
		c := b.calls[l.Call]
		switch {
		case c == nil && l.Port.Kind() == "fxs":
			b.Drop(out, l.ID, leg.Timeout) // the person had time enough to put it back
		case c == nil:
			b.Drop(out, l.ID, leg.Normal)
		case c.Caller == l.ID:
			b.End(now, out, c.ID, leg.NoAnswer, 0)
		default:
			b.Drop(out, l.ID, leg.NoAnswer)
		}
	}
}

// explains reports causes that an answered SIP phone is told by a tone: it called
// and could not be connected. After a talk it is simply hung up.
func explains(cause string) bool {
	switch leg.Cause(cause) {
	case leg.Busy, leg.NoAnswer, leg.Rejected, leg.UnknownNumber, leg.OutOfOrder, leg.NoLine, leg.NotRegistered, leg.Congestion, leg.Forbidden, leg.NoCodec, leg.BadSound, leg.Unsealed, leg.Timeout, leg.Failure, leg.Redirected:
		return true
	}
	return false
}

// toneOf is what a parked telephone hears (ITU-T E.180: busy for a called party,
// congestion for the way to it, the special information tone for a wrong number).
func toneOf(c leg.Cause) string {
	switch c {
	case leg.UnknownNumber:
		return "tone/sit"
	case leg.NoLine, leg.Congestion, leg.OutOfOrder, leg.Failure, leg.Preempted, leg.NoCodec, leg.BadSound, leg.Unsealed, leg.Timeout, leg.Forbidden:
		return "tone/congestion"
	}
	return "tone/busy"
}
