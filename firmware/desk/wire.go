package desk

import (
	"maps"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// legHeld puts a call on hold whose end said by its own signalling that it does not
// listen: the other end hears music. A far end outside that goes on sending is left
// alone, for what it sends is its own music.
func (d *Desk) legHeld(n id.Leg, out *core.Out) {
	l, c := d.book.Leg(n), d.book.CallOfLeg(n)
	how := d.deaf[n]
	if how == "" || l == nil || !talks(c) || c.Far(n) == 0 || c.Emergency || c.Joined != 0 || c.HeldBy(n) || !d.speaks(n, c) {
		return
	}
	if l.Port.Outside() && how == "sendonly" {
		return
	}
	was := d.heard(c)
	out.Say(&event.CallHeld{Call: c.ID, By: n})
	d.change(was, out)
}

// connectedDeaf holds a call that reaches an end which does not listen.
func (d *Desk) connectedDeaf(e *event.CallConnected, out *core.Out) {
	if c := d.book.Call(e.Call); c != nil {
		d.legHeld(c.Caller, out)
		d.legHeld(c.With, out)
	}
}

// legResumed takes a call back whose end listens again. A transfer that is under way
// is given up for it.
func (d *Desk) legResumed(now core.Time, n id.Leg, out *core.Out) {
	held := d.book.HeldCall(n)
	if held == nil || held.Emergency {
		return
	}
	if second := d.refers[n]; second != 0 {
		d.book.End(now, out, second, leg.Cancelled, n) // unreached takes the held one back
		return
	}
	d.retrieve(now, held, n, out)
}

// forgetDeaf drops the legs that the book has forgotten.
func (d *Desk) forgetDeaf() {
	maps.DeleteFunc(d.deaf, func(l id.Leg, _ string) bool { return d.book.Leg(l) == nil })
}
