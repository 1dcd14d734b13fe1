// Package desk is what a person at a telephone or at the page does with a running
// call, whatever destination holds it: hold and resume by hook flash, hanging up
// from the page, and the picture of all calls that are live.
//
// Its feature is called "call", after the book it shows; the book itself stands
// below the features and cannot be one.
package desk

import (
	"centralita/firmware/access"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

// Feature is the plug.
var Feature = feature.Feature{
	Name: "call",
	New:  func(b *call.Book) core.Reactor { return New(b) },
	Commands: []feature.Command{
		{Name: "hangup", New: func() core.Command { return new(Hangup) }, Role: access.Supervisor, Help: "help.call.hangup"},
	},
	Views: []feature.View{{
		Name: "live", Role: access.Agent, Help: "help.call.live",
		Kinds: []string{"CallBegan", "CallRouted", "CallQueued", "CallPresented", "CallReturned", "CallConnected", "CallHeld", "CallResumed", "CallEnded",
			"LegUpdated", "LegBegan", "LegRinging", "LegAnswered", "LegEnded", "RecordingBegan"},
		Look: func(r core.Reactor, now core.Time) any { return r.(*Desk).look() },
	}},
}

// Hangup ends a call from the page.
type Hangup struct {
	Call id.Call `json:"call"`
}

// Desk decides about running calls; all it knows is in the book.
type Desk struct{ book *call.Book }

// New makes it.
func New(b *call.Book) *Desk { return &Desk{b} }

// Apply has nothing to remember.
func (d *Desk) Apply(core.Time, event.Event) {}

// React takes hook flashes of connected telephones.
func (d *Desk) React(now core.Time, e event.Event, out *core.Out) {
	press, ok := e.(*event.DigitPressed)
	if !ok || press.Digit != "!" {
		return
	}
	c := d.book.CallOfLeg(press.Leg)
	if c == nil || c.With == 0 || c.With == c.Caller {
		return
	}
	far := c.With
	if press.Leg == c.With {
		far = c.Caller
	}
	switch c.HeldBy {
	case 0:
		out.Say(&event.CallHeld{Call: c.ID, By: press.Leg})
		out.Do(order.Disconnect{A: c.Caller, B: c.With})
		out.Do(order.Play{Leg: far, Play: id.Play(out.Number()), Clips: []string{"music/default"}, Loop: true})
	case press.Leg:
		out.Say(&event.CallResumed{Call: c.ID, By: press.Leg})
		out.Do(order.Stop{Leg: far})
		out.Do(order.Connect{A: c.Caller, B: c.With})
	}
}

// Decide takes the commands.
func (d *Desk) Decide(now core.Time, who id.Person, c core.Command, out *core.Out) error {
	h, ok := c.(*Hangup)
	if !ok {
		return core.Refuse("unknown-command")
	}
	if d.book.Call(h.Call) == nil {
		return core.Refuse("no-such-call")
	}
	d.book.End(now, out, h.Call, leg.Normal, 0)
	return nil
}
