package sip

import (
	"cmp"
	"slices"

	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"
)

// Two far ends that speak the same need nobody to translate: their packets are
// passed. So the offer to whoever is called begins with what the caller speaks, and
// the caller's answer, where it was not given yet, follows what the called end took.
// Opus is passed or not spoken at all: it is offered only for a caller that offered it
// and was not answered, and only that caller is answered with it.

// speaks is what a leg's far end speaks, for whoever is to be connected with it.
type speaks struct {
	settled bool // formats is the one in use; else what it offered, best first
	formats []format
	comfort bool // likewise
}

// offers notes what the caller offered and may speak.
func (l *Leg) offers(d *description, a agreement) {
	c := d.media[a.index].known()
	t := l.taste(c.event != 0) // digits of a relayed call are events
	list := slices.DeleteFunc(c.formats, func(f format) bool { return !slices.Contains(t.codecs, f.codec) })
	l.speaks.Store(&speaks{formats: list, comfort: c.comfort})
}

// formatsFor are the codecs of the offer to whoever c calls.
func (l *Leg) formatsFor(c leg.Caller) []format {
	other, _ := c.With.(*Leg)
	var s *speaks
	if other != nil {
		s = other.speaks.Load()
	}
	if s == nil {
		return l.formats()
	}
	place := func(f format) int {
		if i := slices.IndexFunc(s.formats, func(o format) bool { return o.codec == f.codec }); i >= 0 {
			return i
		}
		return len(s.formats)
	}
	l.ours.comfort = s.comfort
	t := l.taste(!s.settled && !c.Mixed)
	var list []format
	for _, c := range t.codecs {
		f := formatOf(c)
		if at := place(f); c == rtp.Opus && at < len(s.formats) {
			f = s.formats[at]
		} else if c == rtp.Opus {
			continue
		}
		list = append(list, f)
	}
	if !t.ranked {
		slices.SortStableFunc(list, func(a, b format) int { return cmp.Compare(place(a), place(b)) })
	}
	return list
}

// answers takes an answer to our offer.
func (l *Leg) answered(d *description) (agreement, bool) {
	opus := l.opus || slices.ContainsFunc(l.ours.formats, func(f format) bool { return f.codec == rtp.Opus })
	return l.within(d, l.taste(opus))
}

// match tells the caller's leg what the called end took.
func (l *Leg) match(a agreement) {
	if other, ok := l.caller.With.(*Leg); ok {
		other.mate.Store(&a)
	}
}

// suit has the caller answered as the called end speaks, where it offered that.
func (l *Leg) suit() {
	in, mate := l.inbound, l.mate.Load()
	if mate == nil || in.offer == nil || in.body != nil {
		return
	}
	defer func() { in.agreed.remote.Comfort = in.agreed.remote.Comfort && mate.remote.Comfort }()
	f := mate.format
	if in.agreed.format.codec.Alike(f.codec) {
		return
	}
	t := l.taste(f.codec == rtp.Opus)
	t.first = &f.codec
	a, ok := l.within(in.offer, t)
	if !ok || f.codec == rtp.Opus && a.remote.Event == 0 {
		return
	}
	if a.remote.Opus {
		a.format.fmtp = f.fmtp
	}
	in.agreed = a
}

// plain asks a far end that speaks Opus to speak what the engine hears: nobody is
// there any more to pass its packets to.
func (l *Leg) plain() {
	if l.state != up || !l.opus || l.own != nil || l.pending != nil || l.rel != nil {
		return // asked again while it is so
	}
	l.ours.formats = l.formats()
	l.described = l.ours.offer()
	l.ask(l.described)
}
