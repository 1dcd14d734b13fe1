package paper

import (
	"fmt"

	"centralita/firmware/call"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/order"
)

// ears is what the orders let legs hear, as the sound engine would have it.
type ears struct {
	cross map[[2]id.Leg]bool
	play  map[id.Leg]string // what plays for ever, by its first clip
	asked map[id.Leg]bool   // a tone in place of the call
}

// deskFact follows calls that are held, joined and handed on: which legs belong to
// which call afterwards.
func (k *Checker) deskFact(e event.Event) error {
	switch e := e.(type) {
	case *event.CallHeld:
		if c := k.calls[e.Call]; c == nil || !c.connected {
			return fmt.Errorf("held, but not connected")
		}
	case *event.CallResumed:
		if k.calls[e.Call] == nil || k.legs[e.By] == nil {
			return fmt.Errorf("resumed by nobody, or not open")
		}
		k.legs[e.By].call = e.Call
		delete(k.ears.asked, e.By)
	case *event.ConferenceBegan:
		delete(k.ears.asked, e.By)
		k.calls[e.Call].joined, k.calls[e.Other].joined = e.Other, e.Call
	case *event.ConferenceEnded:
		k.calls[e.Call].joined, k.calls[e.Other].joined = 0, 0
	case *event.KeyAwaited:
		if delete(k.ears.asked, e.Leg); e.For != "" {
			k.ears.asked[e.Leg] = true
		}
	case *event.CallTransferred:
		return k.transferred(e)
	}
	return nil
}

// parted: who spoke in both calls of a conference goes on in the other one.
func (k *Checker) parted(over id.Call) {
	other := k.calls[over].joined
	if other == 0 {
		return
	}
	k.calls[other].joined = 0
	for _, l := range k.legs {
		if l.call == over {
			l.call = other
		}
	}
}

func (k *Checker) transferred(e *event.CallTransferred) error {
	c := k.calls[e.Call]
	if c == nil || !c.connected || e.Via != 0 && k.calls[e.Via] == nil {
		return fmt.Errorf("a call that is not open, or not connected")
	}
	delete(k.ears.asked, e.By)
	if l := k.legs[e.By]; l != nil {
		l.call = e.Via
	}
	switch e.How {
	case "attended":
		l := k.legs[e.Leg]
		if l == nil {
			return fmt.Errorf("to a leg that is gone")
		}
		if l.call == e.Via { // and not in a third call at the moment
			l.call = e.Call
		}
		return nil
	case "ringing":
		for n, l := range k.legs {
			if l.call == e.Via && n != e.By && n != k.calls[e.Via].began.Leg {
				l.call = e.Call
			}
		}
		c.where = e.To
	}
	c.connected = false
	return nil
}

// hear takes the orders that change what is heard.
func (k *Checker) hear(orders []order.Order) {
	for _, o := range orders {
		switch o := o.(type) {
		case order.Connect:
			k.ears.cross[[2]id.Leg{min(o.A, o.B), max(o.A, o.B)}] = true
		case order.Disconnect:
			delete(k.ears.cross, [2]id.Leg{min(o.A, o.B), max(o.A, o.B)})
		case order.Play:
			delete(k.ears.play, o.Leg)
			if o.Loop {
				k.ears.play[o.Leg] = o.Clips[0]
			}
		case order.Stop:
			delete(k.ears.play, o.Leg)
		}
	}
}

func (k *Checker) deaf(l id.Leg) {
	delete(k.ears.play, l)
	delete(k.ears.asked, l)
	for p := range k.ears.cross {
		if p[0] == l || p[1] == l {
			delete(k.ears.cross, p)
		}
	}
}

// soundHeld: I9, nobody hears whom the book does not let speak, those who talk hear
// each other and no music, and who waits on hold hears something.
func (k *Checker) soundHeld(b *Box) error {
	for p := range k.ears.cross {
		x, y := k.legs[p[0]], k.legs[p[1]]
		if x != nil && y != nil && !x.hung && !y.hung && k.calls[x.call] != nil && k.calls[y.call] != nil && !mayHear(b.Book, p[0], p[1]) {
			return fmt.Errorf("I9: legs %d and %d hear each other", p[0], p[1])
		}
	}
	for _, c := range b.Book.Calls() {
		if c.With == 0 || c.With == c.Caller {
			continue
		}
		both := true
		for _, l := range []id.Leg{c.Caller, c.With} {
			if k.legs[l] == nil {
				return fmt.Errorf("I9: call %d has lost leg %d", c.ID, l)
			}
			both = both && b.Book.Speaks(l, c) && !k.ears.asked[l]
		}
		if heard := k.ears.cross[[2]id.Leg{min(c.Caller, c.With), max(c.Caller, c.With)}]; both != heard {
			return fmt.Errorf("I9: call %d: both speak is %v, both hear is %v", c.ID, both, heard)
		}
		for _, l := range []id.Leg{c.Caller, c.With} {
			if plays := k.ears.play[l]; both && plays != "" {
				return fmt.Errorf("I9: leg %d talks and hears %s", l, plays)
			} else if !both && plays == "" && b.Book.Speaks(l, c) && c.Joined == 0 {
				return fmt.Errorf("I9: leg %d waits and hears nothing", l)
			}
		}
	}
	return k.holdersHeld(b)
}

// holdersHeld: who keeps a call on hold is there to take it back, hears a tone or
// speaks with somebody else.
func (k *Checker) holdersHeld(b *Box) error {
	for _, c := range b.Book.Calls() {
		for _, h := range c.Holders {
			l := b.Book.Leg(h)
			if l == nil || !l.Live() || c.Far(h) == 0 {
				return fmt.Errorf("I9: call %d is held by leg %d, which is gone", c.ID, h)
			}
			if l.State == call.Parked && !k.ears.asked[h] && k.ears.play[h] == "" {
				return fmt.Errorf("I9: leg %d neither hears why nor comes back to call %d", h, c.ID)
			}
		}
	}
	return nil
}

// mayHear: two ends of one talk, of a conference, or a caller and what is dialled.
func mayHear(b *call.Book, x, y id.Leg) bool {
	for _, c := range b.Calls() {
		if c.With == 0 {
			if (c.Caller == x || c.Caller == y) && b.CallOfLeg(x) == c && b.CallOfLeg(y) == c {
				return true
			}
			continue
		}
		for _, other := range []*call.Call{c, b.Call(c.Joined)} {
			if b.Speaks(x, c) && b.Speaks(y, other) || b.Speaks(y, c) && b.Speaks(x, other) {
				return true
			}
		}
	}
	return false
}
