package desk

import (
	"slices"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
)

const (
	// menuMS is the time for a key after the flash; the digit time-out of recall
	// services is 2 to 4 s with the exchanges that have them.
	menuMS = 3_000
	// wrongMS is how long a wrong key is heard: three bursts of the fastest
	// congestion tone.
	wrongMS = 1_500
	// returnMS is how long the tone of a failed second call is heard: two bursts of
	// every country's busy tone and time for a flash.
	returnMS = 4_000
)

// hub is one telephone with its calls.
type hub struct {
	leg     id.Leg
	focus   *call.Call // where it speaks, or rings
	held    *call.Call
	waiting *call.Call
}

// hubAt finds the calls of a telephone inside; false for other legs, and for those
// in an emergency call, which nothing may disturb.
func (d *Desk) hubAt(n id.Leg) (hub, bool) {
	l := d.book.Leg(n)
	if l == nil || l.Port.Outside() || l.Dropped || l.State != call.Answered && l.State != call.Parked {
		return hub{}, false
	}
	h := hub{leg: n, focus: d.book.Call(l.Call), waiting: d.book.WaitingAt(n)}
	if held := d.book.HeldCall(n); held != h.focus {
		h.held = held
	}
	return h, h.focus == nil || !h.focus.Emergency
}

// talks reports a call of two ends, not a service that answers itself.
func talks(c *call.Call) bool { return c != nil && c.With != 0 && c.With != c.Caller }

// flash takes a hook flash.
func (d *Desk) flash(now core.Time, n id.Leg, out *core.Out) {
	h, ok := d.hubAt(n)
	switch {
	case !ok:
	case d.asks[n].what == menu:
		d.choose(now, n, "", out)
	case d.asks[n].what == wrong:
		d.back(n, out)
	case h.focus == nil && h.waiting != nil:
		d.take(now, h, out)
	case h.focus == nil && h.held != nil:
		d.retrieve(now, h.held, n, out)
	case h.focus == nil:
	case h.focus.HeldBy(n):
		d.retrieve(now, h.focus, n, out)
	case d.leads(h):
		d.split(h, out)
	case h.held != nil && !talks(h.focus):
		d.drop(now, h, h.focus, leg.Cancelled, out)
		d.retrieve(now, h.held, n, out)
	case !talks(h.focus):
	case h.held != nil || h.waiting != nil:
		d.ask(now, h, menu, menuMS, "stutter", out)
	default:
		d.consult(h, "", false, out)
	}
}

// leads reports whether the telephone is the one whose two calls are joined.
func (d *Desk) leads(h hub) bool {
	return h.focus != nil && h.focus.Joined != 0 && slices.Contains(d.book.PartyTo(h.leg), d.book.Call(h.focus.Joined))
}

// ask lets the telephone hear a tone in place of its call.
func (d *Desk) ask(now core.Time, h hub, what string, ms int64, tone string, out *core.Out) {
	was := d.heard(h.focus, h.held)
	out.Say(&event.KeyAwaited{Leg: h.leg, For: what, Until: now.At + ms})
	d.change(was, out)
	d.tell(h.leg, tone, out)
}

// back returns a telephone to the call it speaks in.
func (d *Desk) back(n id.Leg, out *core.Out) {
	h, _ := d.hubAt(n)
	was := d.heard(h.focus, h.held)
	out.Say(&event.KeyAwaited{Leg: n})
	if h.focus != nil {
		was.hush(n, out)
	}
	d.change(was, out)
}

// choose takes the key after a flash, "" for none.
func (d *Desk) choose(now core.Time, n id.Leg, key string, out *core.Out) {
	h, ok := d.hubAt(n)
	if !ok || !talks(h.focus) || h.held == nil && h.waiting == nil {
		d.back(n, out) // the other one has gone meanwhile
		return
	}
	switch key {
	case "0":
		if h.held != nil {
			d.drop(now, h, h.held, leg.Normal, out)
		} else {
			d.refuse(now, h, out)
		}
		d.back(n, out)
	case "1":
		d.drop(now, h, h.focus, leg.Normal, out)
		h.focus = nil
		d.other(now, h, out)
	case "2", "":
		d.other(now, h, out)
	case "3":
		if !d.mayConfer(h) {
			d.ask(now, h, wrong, wrongMS, "congestion", out)
			return
		}
		if h.held == nil {
			d.take(now, h, out)
			h, _ = d.hubAt(n)
		}
		d.conference(h, out)
	case "4":
		if h.held == nil || !d.mayJoin(n, h.held, h.focus) {
			d.ask(now, h, wrong, wrongMS, "congestion", out)
			return
		}
		d.join(now, h.held, h.focus, n, out)
	default:
		d.ask(now, h, wrong, wrongMS, "congestion", out)
	}
}

// other turns to the held call, or takes the waiting one.
func (d *Desk) other(now core.Time, h hub, out *core.Out) {
	if h.held != nil {
		d.swap(now, h, out)
	} else {
		d.take(now, h, out)
	}
}

func (d *Desk) swap(now core.Time, h hub, out *core.Out) {
	was := d.heard(h.focus, h.held)
	if h.focus != nil {
		out.Say(&event.CallHeld{Call: h.focus.ID, By: h.leg})
	}
	d.resume(was, h.held, h.leg, out)
}

// retrieve takes a call back from hold.
func (d *Desk) retrieve(now core.Time, c *call.Call, n id.Leg, out *core.Out) {
	d.resume(d.heard(c), c, n, out)
}

func (d *Desk) resume(was sound, c *call.Call, n id.Leg, out *core.Out) {
	out.Say(&event.CallResumed{Call: c.ID, By: n})
	was.hush(n, out)
	d.change(was, out)
}

// hold puts the call on hold that the telephone speaks in.
func (d *Desk) hold(h hub, out *core.Out) {
	was := d.heard(h.focus)
	out.Say(&event.CallHeld{Call: h.focus.ID, By: h.leg})
	d.change(was, out)
}

// consult begins a second call of the same telephone: with dial tone, or to a
// number that a command names, which it leaves the held one to if so asked.
func (d *Desk) consult(h hub, to string, leave bool, out *core.Out) id.Call {
	if !h.focus.HeldBy(h.leg) {
		d.hold(h, out)
	}
	port := d.book.Leg(h.leg).Port
	began := &event.CallBegan{Call: id.Call(out.Number()), Leg: h.leg, Port: port, Direction: "inside", To: to}
	if s, ok := d.book.Station(d.book.StationAt(port)); ok {
		began.From, began.Name = s.Extension, s.Name
	}
	out.Say(began)
	if leave {
		out.Say(&event.TransferAsked{Call: began.Call, Leg: h.leg})
	}
	return began.Call
}

// take answers the waiting call; one that the telephone speaks in is held.
func (d *Desk) take(now core.Time, h hub, out *core.Out) {
	was := d.heard(h.focus)
	if h.focus != nil {
		out.Say(&event.CallHeld{Call: h.focus.ID, By: h.leg})
	}
	was.hush(h.leg, out)
	d.book.Connect(now, out, h.waiting, h.leg, "", false)
	d.change(was, out)
}

// refuse tells the waiting caller that the station is busy.
func (d *Desk) refuse(now core.Time, h hub, out *core.Out) {
	d.book.Fail(now, out, h.waiting, leg.Busy)
}

// drop ends a call of the telephone, and what was heard of it.
func (d *Desk) drop(now core.Time, h hub, c *call.Call, why leg.Cause, out *core.Out) {
	was := d.heard(c)
	d.book.End(now, out, c.ID, why, h.leg)
	d.change(was, out)
}

// mayConfer: three people, and not two conferences in a chain.
func (d *Desk) mayConfer(h hub) bool {
	for _, c := range []*call.Call{h.focus, h.held, h.waiting} {
		if c != nil && (c.Joined != 0 || c.Emergency) {
			return false
		}
	}
	return true
}

// conference joins the two calls.
func (d *Desk) conference(h hub, out *core.Out) {
	was := d.heard(h.focus, h.held)
	out.Say(&event.ConferenceBegan{Call: h.held.ID, Other: h.focus.ID, By: h.leg})
	was.hush(h.leg, out)
	d.change(was, out)
}

// split ends a conference: the first call is held again.
func (d *Desk) split(h hub, out *core.Out) {
	other := d.book.Call(h.focus.Joined)
	was := d.heard(h.focus, other)
	out.Say(&event.ConferenceEnded{Call: other.ID, Other: h.focus.ID, By: h.leg, Why: "flash"})
	out.Say(&event.CallHeld{Call: other.ID, By: h.leg})
	d.change(was, out)
}
