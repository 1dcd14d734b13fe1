package call

import (
	"slices"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

// Route hands a call over to a destination.
func (b *Book) Route(out *core.Out, c id.Call, to id.Destination, why string) {
	if open := b.calls[c]; open != nil {
		open.alertOver(out)
		out.Say(&event.CallRouted{Call: c, To: to, Why: why})
	}
}

// End closes a call, once: saying it again does nothing. by is the leg that ended
// it, 0 the box. Its recording stops and its legs are hung up.
func (b *Book) End(now core.Time, out *core.Out, c id.Call, why leg.Cause, by id.Leg) {
	open := b.calls[c]
	if open == nil {
		return
	}
	open.alertOver(out)
	recording := open.Recording != ""
	status, q850 := b.codes(open, why, by)
	out.Say(&event.CallEnded{
		Call: c, Cause: string(why), By: by, TalkMS: open.TalkMS(now), WaitMS: open.WaitMS(now), HeldMS: open.HeldMS(now),
		SIP: status, Q850: q850,
	})
	if recording {
		out.Do(order.StopRecord{Call: c})
	}
}

// codes are those by which a call is known to technicians: of the leg that ended it,
// or of the last one that failed so, else those that stand for its cause.
func (b *Book) codes(c *Call, why leg.Cause, by id.Leg) (status, q850 int64) {
	l := b.legs[by]
	if l == nil {
		l = b.legs[c.Latest()]
	}
	if l != nil && l.State == Ended && l.Cause == string(why) {
		status, q850 = l.SIP, l.Q850
	}
	if status == 0 && c.With == 0 && (packets(c.Port) || l != nil && packets(l.Port)) {
		status = int64(why.SIP())
	}
	if q850 == 0 {
		q850 = int64(why.Q850())
	}
	return status, q850
}

func packets(p id.Port) bool { k := p.Kind(); return k == "sip" || k == "trunk" }

// alertOver ends what a telephone in a talk is told of this call.
func (c *Call) alertOver(out *core.Out) {
	if c.Waiting != 0 {
		out.Do(order.AlertOver{Leg: c.Waiting})
	}
}

// WaitMS is how long the caller waited to be connected, so far if still waiting.
func (c *Call) WaitMS(now core.Time) int64 {
	if c.FirstAt == 0 {
		return now.At - c.BeganAt
	}
	return c.FirstAt - c.BeganAt
}

// Ring makes a leg for a call and rings it. The caller's number and name are
// shown; to is dialled over an outside port. until is the patience of the ringing.
func (b *Book) Ring(out *core.Out, c *Call, port id.Port, to string, until int64) id.Leg {
	l := id.Leg(out.Number())
	out.Say(&event.LegBegan{Leg: l, Call: c.ID, Port: port, To: to, Until: until})
	from, name := c.Shown()
	dial := order.Dial{
		Leg: l, Port: port, To: to, From: from, Name: name, As: string(b.StationAt(c.Port)),
		With: c.Caller, Taped: c.Record || c.Recording != "",
		Absent: c.Absent, Pattern: string(c.Pattern()), Auto: c.Where.Kind() == "intercom" || c.Where.Kind() == "page",
	}
	if caller := b.legs[c.Caller]; caller != nil && !port.Outside() { // a provider is told of our own stations alone
		for _, d := range caller.Diverted {
			dial.Diverted = append(dial.Diverted, order.Diverted{Number: d.Number, When: d.When})
		}
	}
	for _, f := range c.Forwards {
		dial.Diverted = append(dial.Diverted, order.Diverted{Number: string(f.Station), When: f.When})
		dial.As = string(f.Station) // who sent it on answers for it
	}
	out.Do(dial)
	return l
}

// Pattern is how the call makes telephones ring.
func (c *Call) Pattern() leg.Pattern {
	switch {
	case c.Where.Kind() == "recall":
		return leg.RingRecall
	case c.Where.Kind() == "queue":
		return leg.RingQueue
	case c.Port.Outside():
		return leg.RingExternal
	}
	return leg.RingInternal
}

// Drop hangs up one leg of a call that goes on.
func (b *Book) Drop(out *core.Out, l id.Leg, why leg.Cause) {
	if known := b.legs[l]; known == nil || !known.Live() || known.Dropped {
		return
	}
	out.Say(&event.LegDropped{Leg: l, Cause: string(why)})
	out.Do(order.Hangup{Leg: l, Cause: string(why)})
}

// Accept answers the caller if nobody did yet; true if the caller hears us
// already.
func (b *Book) Accept(out *core.Out, c *Call) bool {
	if b.Answered(c.Caller) {
		return true
	}
	out.Do(order.Answer{Leg: c.Caller})
	return false
}

// Connect lets the caller and an answering leg hear each other, and records if
// the dial plan or the destination wants it.
func (b *Book) Connect(now core.Time, out *core.Out, c *Call, with id.Leg, agent id.Agent, record bool) {
	l := b.legs[with]
	if l == nil || c.With != 0 {
		return
	}
	c.alertOver(out)
	station := b.StationAt(l.Port)
	out.Say(&event.CallConnected{Call: c.ID, Leg: with, Port: l.Port, Station: station, Agent: agent, WaitMS: now.At - c.BeganAt})
	if b.Accept(out, c) {
		out.Do(order.Stop{Leg: c.Caller})
	}
	out.Do(order.Connect{A: c.Caller, B: with})
	if c.Recording != "" {
		b.Aim(out, c)
	} else if record || c.Record {
		b.record(now, out, c)
	}
}

func (b *Book) record(now core.Time, out *core.Out, c *Call) {
	left, right := b.sides(c)
	file := b.fileOf(c, now.Wall)
	out.Say(&event.RecordingBegan{Call: c.ID, File: file, Left: left, Right: right})
	out.Do(order.Record{Call: c.ID, File: file, Left: left, Right: right})
}

// Keep begins the recording of a call in talk that somebody wished to be recorded
// and that is not yet: a second call's wish goes over with its far end.
func (b *Book) Keep(now core.Time, out *core.Out, c *Call) {
	if c.Record && c.Recording == "" && c.With != 0 {
		b.record(now, out, c)
	}
}

// sides keep the outside on the left, whoever called.
func (b *Book) sides(c *Call) (left, right id.Leg) {
	if l := b.legs[c.With]; l != nil && l.Port.Outside() && !c.Port.Outside() {
		return c.With, c.Caller
	}
	return c.Caller, c.With
}

// Aim has the recording of a call take who speaks in it now, and silence for who
// does not: what somebody says in a second call is not of this one.
func (b *Book) Aim(out *core.Out, c *Call) {
	if c.Recording == "" || c.Taped {
		return
	}
	left, right := b.sides(c)
	if !b.Speaks(left, c) && c.With != 0 {
		left = 0
	}
	if !b.Speaks(right, c) {
		right = 0
	}
	out.Do(order.Record{Call: c.ID, File: c.Recording, Left: left, Right: right, Third: b.third(c)})
}

// third is who else speaks in a conference of this call, 0 nobody.
func (b *Book) third(c *Call) id.Leg {
	other := b.calls[c.Joined]
	if other == nil {
		return 0
	}
	for _, l := range []id.Leg{other.Caller, other.With} {
		if l != c.Caller && l != c.With && b.Speaks(l, other) {
			return l
		}
	}
	return 0
}

// Play lets the caller of a call hear clips in the caller's language, and gives
// the number by which PlayEnded will tell the end.
func (b *Book) Play(out *core.Out, c *Call, loop bool, clips ...string) id.Play {
	p := id.Play(out.Number())
	out.Do(order.Play{Leg: c.Caller, Play: p, Lang: b.Language(c), Clips: clips, Loop: loop})
	return p
}

// Ringback tells the caller that somebody's telephone rings: a tone where the
// caller hears us, a word where not.
func (b *Book) Ringback(out *core.Out, c *Call) {
	if b.Answered(c.Caller) {
		b.Play(out, c, true, "tone/ringback")
	} else {
		out.Do(order.Progress{Leg: c.Caller})
	}
}

// Fail is for a destination that could not connect a call. A caller from outside
// who came by a menu and was answered goes back to it; anybody else's call ends,
// with the cause's tone for telephones in the office. A call that somebody sent
// there comes back to that person first.
func (b *Book) Fail(now core.Time, out *core.Out, c *Call, why leg.Cause) {
	if c.Recall != "" {
		b.Route(out, c.ID, id.To("recall", string(c.Recall)), string(why))
		return
	}
	if c.Port.Outside() && b.Answered(c.Caller) && c.Before.Kind() == "menu" {
		b.Route(out, c.ID, c.Before, string(why))
		return
	}
	b.End(now, out, c.ID, why, 0)
}

func contains(list []id.Port, p id.Port) bool { return slices.Contains(list, p) }

func sortPorts(list []id.Port) { slices.Sort(list) }
