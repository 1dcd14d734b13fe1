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

// Speech implements rtp.Mate.
func (l *Leg) Speech() *rtp.Speech { return l.speaks.Load() }

// Matched implements rtp.Mate.
func (l *Leg) Matched(s rtp.Speech) { l.mate.Store(&s) }

// Sound implements rtp.Mate.
func (l *Leg) Sound() *rtp.Session { return l.sound }

// spoken is what is in use between a far end and us.
func (a *agreement) spoken() *rtp.Speech {
	return &rtp.Speech{Settled: true, Formats: []rtp.Format{a.format.told()}, Comfort: a.remote.Comfort}
}

func (f format) told() rtp.Format { return rtp.Format{Codec: f.codec, Payload: f.pt, Fmtp: f.fmtp} }

// offers notes what the caller offered and may speak.
func (l *Leg) offers(d *description, a agreement) {
	c := d.media[a.index].known()
	t := l.taste(c.event != 0) // digits of a relayed call are events
	s := &rtp.Speech{Comfort: c.comfort}
	for _, f := range c.formats {
		if slices.Contains(t.codecs, f.codec) {
			s.Formats = append(s.Formats, f.told())
		}
	}
	l.speaks.Store(s)
}

// formatsFor are the codecs of the offer to whoever c calls.
func (l *Leg) formatsFor(c leg.Caller) []format {
	var s *rtp.Speech
	if other, ok := c.With.(rtp.Mate); ok {
		s = other.Speech()
	}
	if s == nil {
		return l.formats()
	}
	place := func(f format) int {
		if i := slices.IndexFunc(s.Formats, func(o rtp.Format) bool { return o.Codec == f.codec }); i >= 0 {
			return i
		}
		return len(s.Formats)
	}
	l.ours.comfort = s.Comfort
	t := l.taste(!s.Settled && !c.Mixed)
	var list []format
	for _, c := range t.codecs {
		f := formatOf(c)
		if at := place(f); c == rtp.Opus && at < len(s.Formats) {
			f.pt, f.fmtp = s.Formats[at].Payload, s.Formats[at].Fmtp
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
	if other, ok := l.caller.With.(rtp.Mate); ok {
		other.Matched(*a.spoken())
	}
}

// suit has the caller answered as the called end speaks, where it offered that.
func (l *Leg) suit() {
	in, mate := l.inbound, l.mate.Load()
	if mate == nil || in.offer == nil || in.body != nil {
		return
	}
	defer func() { in.agreed.remote.Comfort = in.agreed.remote.Comfort && mate.Comfort }()
	f := mate.Formats[0]
	if in.agreed.format.codec.Alike(f.Codec) {
		return
	}
	t := l.taste(f.Codec == rtp.Opus)
	t.first = &f.Codec
	a, ok := l.within(in.offer, t)
	if !ok || f.Codec == rtp.Opus && a.remote.Event == 0 {
		return
	}
	if a.remote.Opus {
		a.format.fmtp = f.Fmtp
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
