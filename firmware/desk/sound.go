package desk

import (
	"slices"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/order"
)

// sound is who hears whom, and who waits alone, among some legs.
type sound struct {
	legs  []id.Leg
	pairs map[[2]id.Leg]bool
	alone map[id.Leg]bool
}

// ends lists the ends of calls once each.
func ends(calls ...*call.Call) []id.Leg {
	var list []id.Leg
	for _, c := range calls {
		if c == nil {
			continue
		}
		for _, l := range []id.Leg{c.Caller, c.With} {
			if l != 0 && !slices.Contains(list, l) {
				list = append(list, l)
			}
		}
	}
	return list
}

// heard is what the ends of calls hear now, with those of a conference they are in.
func (d *Desk) heard(calls ...*call.Call) sound {
	all := slices.Clone(calls)
	for _, c := range calls {
		if c != nil {
			all = append(all, d.book.Call(c.Joined))
		}
	}
	return d.hears(ends(all...))
}

// hears reads the book: what should be heard among legs.
func (d *Desk) hears(legs []id.Leg) sound {
	s := sound{legs: legs, pairs: map[[2]id.Leg]bool{}, alone: map[id.Leg]bool{}}
	for _, l := range legs {
		others := d.room(l)
		for _, o := range others {
			if slices.Contains(d.room(o), l) {
				s.pairs[pair(l, o)] = true
			}
		}
		if l := d.book.Leg(l); l != nil && len(others) == 0 && d.speaks(l.ID, d.book.Call(l.Call)) {
			s.alone[l.ID] = true
		}
	}
	return s
}

func pair(a, b id.Leg) [2]id.Leg { return [2]id.Leg{min(a, b), max(a, b)} }

// speaks is the book's word, but for a person who hears a tone of ours.
func (d *Desk) speaks(l id.Leg, c *call.Call) bool {
	_, asked := d.asks[l]
	return !asked && d.book.Speaks(l, c)
}

// room lists who speaks where the leg speaks, without itself.
func (d *Desk) room(l id.Leg) []id.Leg {
	known := d.book.Leg(l)
	if known == nil {
		return nil
	}
	c := d.book.Call(known.Call)
	if !d.speaks(l, c) {
		return nil
	}
	list := d.inside(c, l, nil)
	if other := d.book.Call(c.Joined); other != nil {
		list = d.inside(other, l, list)
	}
	return list
}

func (d *Desk) inside(c *call.Call, not id.Leg, list []id.Leg) []id.Leg {
	for _, l := range ends(c) {
		if l != not && !slices.Contains(list, l) && d.speaks(l, c) {
			list = append(list, l)
		}
	}
	return list
}

// change orders the difference between what was heard and what is to be heard:
// music begins for whom it became quiet, and stops for whom it did not.
func (d *Desk) change(was sound, out *core.Out) {
	is := d.hears(was.legs)
	for i, a := range was.legs {
		for _, b := range was.legs[i+1:] {
			p := pair(a, b)
			switch {
			case was.pairs[p] && !is.pairs[p]:
				out.Do(order.Disconnect{A: p[0], B: p[1]})
			case is.pairs[p] && !was.pairs[p]:
				out.Do(order.Connect{A: p[0], B: p[1]})
			}
		}
	}
	for _, l := range was.legs {
		switch {
		case is.alone[l] && !was.alone[l]:
			d.wait(l, out)
		case was.alone[l] && !is.alone[l] && len(d.room(l)) > 0:
			out.Do(order.Stop{Leg: l})
		}
	}
	for _, c := range d.callsOf(was.legs) {
		d.book.Aim(out, c)
	}
}

// hush silences what a leg hears of ours; music begins anew if it still waits.
func (s sound) hush(l id.Leg, out *core.Out) {
	out.Do(order.Stop{Leg: l})
	delete(s.alone, l)
}

// callsOf lists the open, connected calls of legs, oldest first.
func (d *Desk) callsOf(legs []id.Leg) []*call.Call {
	var list []*call.Call
	for _, c := range d.book.Calls() {
		if c.With != 0 && (slices.Contains(legs, c.Caller) || slices.Contains(legs, c.With)) {
			list = append(list, c)
		}
	}
	return list
}

// wait lets a leg hear music.
func (d *Desk) wait(l id.Leg, out *core.Out) {
	out.Do(order.Play{Leg: l, Play: id.Play(out.Number()), Clips: []string{"music/default"}, Loop: true})
}

// tell lets a telephone hear a tone until something else is heard.
func (d *Desk) tell(l id.Leg, tone string, out *core.Out) {
	out.Do(order.Play{Leg: l, Play: id.Play(out.Number()), Clips: []string{"tone/" + tone}, Loop: true})
}
