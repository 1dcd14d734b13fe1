package sip

import (
	"net/netip"
	"slices"
)

// within agrees on a line of the family that we spoke of as ours, IPv6 or IPv4. Where
// the far end has none, and our sockets hear both, one of the other family will do,
// and ours is told of that family then (RFC 5118 section 4.8).
func (l *Leg) within(d *description, t taste) (agreement, bool) {
	if !l.ours.addr.IsValid() {
		return agree(d, &l.ours.sdes, t)
	}
	if a, ok := agree(d.family(l.ours.addr.Is6()), &l.ours.sdes, t); ok || !l.e.hearsBoth() {
		return a, ok
	}
	a, ok := agree(d, &l.ours.sdes, t)
	if ok {
		l.ours.addr = l.e.faces.of(a.remote.Addr.Addr().String())
	}
	return a, ok
}

// family is a description whose lines of the other family have no address. That of
// nowhere is any family's: it says hold.
func (d *description) family(six bool) *description {
	n := description{media: slices.Clone(d.media)}
	for i := range n.media {
		if c := &n.media[i].conn; c.Is6() != six && !c.IsUnspecified() {
			*c = netip.Addr{}
		}
	}
	return &n
}

// hearsBoth reports whether far ends of both families reach us.
func (e *Endpoint) hearsBoth() bool { return !e.faces.fixed.IsValid() && e.addr.Addr().Is6() }
