package call

import (
	"slices"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// talk measures how long both ends heard each other, and how long one of them was
// on hold. A call may be connected, held and left alone any number of times.
type talk struct {
	Talked  int64 // ms, without what runs
	OnHold  int64
	TalkAt  int64 // since when both talk, -1 not
	HoldsAt int64 // since when it is held, -1 not
}

// measure closes what ran until now and begins what runs from now on.
func (c *Call) measure(now core.Time) {
	c.Talked, c.OnHold = c.TalkMS(now), c.HeldMS(now)
	c.TalkAt, c.HoldsAt = -1, -1
	switch {
	case c.With == 0:
	case c.Held():
		c.HoldsAt = now.At
	default:
		c.TalkAt = now.At
	}
}

// TalkMS is how long both ends have heard each other so far.
func (c *Call) TalkMS(now core.Time) int64 {
	if c.TalkAt < 0 {
		return c.Talked
	}
	return c.Talked + now.At - c.TalkAt
}

// HeldMS is how long an end waited on hold so far.
func (c *Call) HeldMS(now core.Time) int64 {
	if c.HoldsAt < 0 {
		return c.OnHold
	}
	return c.OnHold + now.At - c.HoldsAt
}

// Held reports whether an end keeps the call on hold.
func (c *Call) Held() bool { return len(c.Holders) > 0 }

// HeldBy reports whether this end does.
func (c *Call) HeldBy(l id.Leg) bool { return slices.Contains(c.Holders, l) }

// Far is the other end of a connected call, 0 if there is none.
func (c *Call) Far(l id.Leg) id.Leg {
	switch l {
	case c.Caller:
		return c.With
	case c.With:
		return c.Caller
	}
	return 0
}

// Shown is who the called end is told that calls.
func (c *Call) Shown() (number, name string) {
	if c.Turned {
		return c.To, ""
	}
	return c.From, c.Name
}

// PartyTo lists the open calls of which the leg is an end, oldest first: one, or
// with a second call two.
func (b *Book) PartyTo(l id.Leg) []*Call {
	var list []*Call
	for _, n := range b.order {
		if c := b.calls[n]; l != 0 && (c.Caller == l || c.With == l) {
			list = append(list, c)
		}
	}
	return list
}

// HeldCall is the call that the leg keeps on hold, nil if none.
func (b *Book) HeldCall(l id.Leg) *Call {
	for _, c := range b.PartyTo(l) {
		if c.HeldBy(l) {
			return c
		}
	}
	return nil
}

// WaitingAt is the call that the leg's talk is told of, nil if none.
func (b *Book) WaitingAt(l id.Leg) *Call {
	for _, n := range b.order {
		if c := b.calls[n]; c.Waiting == l && l != 0 {
			return c
		}
	}
	return nil
}

// Speaks reports whether the leg's person is in this call with ear and mouth: a
// leg may be an end of two calls and speaks in the one it turned to, or in both of
// a conference.
func (b *Book) Speaks(l id.Leg, c *Call) bool {
	leg := b.legs[l]
	return leg != nil && c != nil && c.With != 0 && (l == c.Caller || l == c.With) && leg.Live() && leg.State != Parked &&
		!c.HeldBy(l) && (leg.Call == c.ID || c.Joined != 0 && leg.Call == c.Joined)
}

func (b *Book) connected(now core.Time, c *Call, e *event.CallConnected) {
	c.With, c.Agent, c.Station, c.ConnectedAt = e.Leg, e.Agent, e.Station, now.At
	c.Recall, c.Waiting, c.Patience = "", 0, 0
	if c.FirstAt == 0 {
		c.FirstAt = now.At
	}
	b.turn(e.Leg, c)
	c.measure(now)
}

// turn has a leg speak in a call from now on, also one that heard why its last
// call ended.
func (b *Book) turn(l id.Leg, c *Call) {
	leg := b.legs[l]
	if leg == nil {
		return
	}
	leg.Call = c.ID
	if leg.State == Parked {
		leg.State, leg.Until = Answered, 0
	}
	if !slices.Contains(c.Legs, l) {
		c.Legs = append(c.Legs, l)
	}
}

// stays finds what remains of a leg when this call is over and the leg is an end
// of another one: it is in that one already, turns to it (a conference), or hears
// why this one ended and takes the other back from hold.
func (b *Book) stays(l *Leg, over *Call) bool {
	others := b.PartyTo(l.ID) // without the one that is over
	switch {
	case len(others) == 0:
		return false
	case l.Call != over.ID:
	case l.State == Ended || !others[0].HeldBy(l.ID):
		l.Call = others[0].ID
	default:
		l.State, l.Until = Parked, 0
	}
	return true
}
