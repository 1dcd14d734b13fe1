package call

import (
	"slices"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// applyDesk remembers holding, joining, transferring and waiting.
func (b *Book) applyDesk(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.CallHeld:
		if c := b.calls[e.Call]; c != nil && !c.HeldBy(e.By) {
			c.Holders = append(c.Holders, e.By)
			c.measure(now)
		}
	case *event.CallResumed:
		if c := b.calls[e.Call]; c != nil {
			c.letGo(e.By)
			b.turn(e.By, c)
			c.measure(now)
		}
	case *event.CallWaits:
		if c := b.calls[e.Call]; c != nil {
			c.Waiting, c.Patience = e.Leg, e.Until
		}
	case *event.ConferenceBegan:
		b.join(now, e)
	case *event.ConferenceEnded:
		if c, other := b.calls[e.Call], b.calls[e.Other]; c != nil && other != nil {
			c.Joined, other.Joined = 0, 0
		}
	case *event.CallTransferred:
		b.transferred(now, e)
	}
}

// letGo ends a leg's hold.
func (c *Call) letGo(l id.Leg) {
	c.Holders = slices.DeleteFunc(c.Holders, func(x id.Leg) bool { return x == l })
	if len(c.Holders) == 0 {
		c.Holders = nil
	}
}

func (b *Book) join(now core.Time, e *event.ConferenceBegan) {
	c, other := b.calls[e.Call], b.calls[e.Other]
	if c == nil || other == nil {
		return
	}
	for _, x := range []*Call{c, other} {
		x.letGo(e.By)
		x.measure(now)
	}
	c.Joined, other.Joined = other.ID, c.ID
}

// transferred takes an end out of a call and puts in its place what the fact says.
func (b *Book) transferred(now core.Time, e *event.CallTransferred) {
	c, via := b.calls[e.Call], b.calls[e.Via]
	if c == nil {
		return
	}
	c.letGo(e.By)
	c.Legs = slices.DeleteFunc(c.Legs, func(l id.Leg) bool { return l == e.By })
	if e.How == "attended" && via != nil {
		b.replace(c, via, e)
	} else {
		b.leaveAlone(c, via, e)
	}
	if other := b.calls[c.Joined]; other != nil {
		c.Joined, other.Joined = 0, 0
	}
	c.measure(now)
	b.part(e.By, via)
}

// part leaves the one who transferred with what is left of the other call.
func (b *Book) part(by id.Leg, via *Call) {
	l := b.legs[by]
	switch {
	case l == nil:
	case via != nil:
		l.Call = via.ID
	case l.State != Ended:
		l.Call = 0 // is being hung up
	case l.State == Ended && len(b.PartyTo(by)) == 0:
		delete(b.legs, by)
	}
}

// replace puts the far end of another call in the place of who leaves.
func (b *Book) replace(c, via *Call, e *event.CallTransferred) {
	if c.Caller == e.By {
		c.Caller, c.Port = e.Leg, e.Port
	} else {
		c.With = e.Leg
	}
	c.Station, c.Agent = e.Taken, e.Agent
	c.Record = c.Record || via.Record
	if via.HeldBy(e.Leg) {
		via.letGo(e.Leg)
		c.Holders = append(c.Holders, e.Leg)
	}
	if l := b.legs[e.Leg]; l != nil && l.Call == via.ID {
		l.Call = c.ID
	}
	b.moveLeg(e.Leg, via, c)
}

// leaveAlone makes the remaining end the caller of a call that is not connected,
// with the telephones that ring for the other call.
func (b *Book) leaveAlone(c, via *Call, e *event.CallTransferred) {
	if c.Caller == e.By {
		c.Caller, c.Turned = c.With, true
		if l := b.legs[c.Caller]; l != nil {
			c.Port = l.Port
		}
	}
	c.With = 0
	if e.How != "recall" {
		c.Agent, c.Station = "", ""
	}
	if e.How != "ringing" || via == nil {
		return
	}
	c.Before, c.Where, c.Why = c.Where, e.To, "transferred"
	c.Hops++
	c.Dialled, c.Recall = via.Dialled, e.Station
	c.Record = c.Record || via.Record
	if e.To.Kind() == "outside" && c.Direction == "inside" {
		c.Direction = "out"
	}
	for _, n := range slices.Clone(via.Legs) {
		if l := b.legs[n]; n != e.By && n != via.Caller && l != nil && l.Call == via.ID {
			l.Call = c.ID
			b.moveLeg(n, via, c)
		}
	}
}

func (b *Book) moveLeg(l id.Leg, from, to *Call) {
	from.Legs = slices.DeleteFunc(from.Legs, func(x id.Leg) bool { return x == l })
	if !slices.Contains(to.Legs, l) {
		to.Legs = append(to.Legs, l)
	}
}
