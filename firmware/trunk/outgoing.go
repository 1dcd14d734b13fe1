package trunk

import (
	"slices"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// patienceMS is how long a call to the outside may ring: networks give up
// themselves after one to three minutes.
const patienceMS = 180_000

// quickMS: a port that says busy sooner than any exchange or provider could have
// reached the other end is busy itself.
const quickMS = 1_000

// emergencyTries is how often an emergency call tries each port.
const emergencyTries = 2

// try dials on the next port, or gives up.
func (t *Trunks) try(now core.Time, c *call.Call, out *core.Out) {
	o := t.out[c.ID]
	if o.emergency {
		t.tryEmergency(now, c, o, out)
	} else if p := t.pickOrWait(c, o); p != "" && !t.emergencyWaits() {
		t.book.Ring(out, c, p, c.Where.Name(), now.At+patienceMS)
	} else {
		t.book.Fail(now, out, c, t.noLine(c, o))
	}
}

// tryEmergency goes through the ports twice: free ones, ones that come free in a
// moment, ones of lesser calls; after that those that are said to be out of order.
func (t *Trunks) tryEmergency(now core.Time, c *call.Call, o *outgoing, out *core.Out) {
	p := id.Port("")
	for round := 0; round < emergencyTries && p == ""; round++ {
		p = t.pick(c, o, round)
		if p == "" && (t.releasing(c, o, round, true) || t.seize(now, c, o, round, true, out)) {
			return // goes on with the end of that leg
		}
	}
	if p == "" {
		p = t.lastResort(c, o)
	}
	if p == "" && (t.releasing(c, o, emergencyTries-1, false) || t.seize(now, c, o, emergencyTries-1, false, out)) {
		return // a line said to be out of order on which somebody talks all the same
	}
	if p == "" {
		t.book.Fail(now, out, c, leg.NoLine)
		return
	}
	t.book.Ring(out, c, p, c.Where.Name(), now.At+patienceMS)
}

// pick is the first free healthy port that was dialled on at most round times.
func (t *Trunks) pick(c *call.Call, o *outgoing, round int) id.Port {
	for _, p := range t.candidates(c, o) {
		if o.count(p) <= round && t.book.PortFree(p) && t.book.Healthy(p) {
			return p
		}
	}
	return ""
}

// candidates are the ports allowed, in order.
func (t *Trunks) candidates(c *call.Call, o *outgoing) []id.Port {
	list := slices.Clone(o.through)
	if len(list) == 0 || o.emergency {
		for _, rule := range t.book.Office().DialPlan.Outside {
			list = append(list, rule.Through...)
		}
	}
	if o.emergency {
		list = append(list, t.book.Ports("fxo")...)
		list = append(list, t.book.Ports("trunk")...)
	}
	unique := list[:0]
	for _, p := range list {
		if p.Outside() && !slices.Contains(unique, p) && p != c.Port {
			unique = append(unique, p)
		}
	}
	return unique
}

func (o *outgoing) count(p id.Port) (n int) {
	for _, x := range o.tried {
		if x == p {
			n++
		}
	}
	return n
}

// lastResort is a free port, in order or not, that was dialled on too seldom yet.
func (t *Trunks) lastResort(c *call.Call, o *outgoing) id.Port {
	for _, p := range t.candidates(c, o) {
		if o.count(p) < emergencyTries && t.book.PortFree(p) {
			return p
		}
	}
	return ""
}

// emergencyWaits reports whether some emergency call waits for a port.
func (t *Trunks) emergencyWaits() bool {
	for n, o := range t.out {
		if o.emergency && t.waits(t.book.Call(n), o) {
			return true
		}
	}
	return false
}

// waits reports whether an outgoing call dials on nothing at the moment.
func (t *Trunks) waits(c *call.Call, o *outgoing) bool {
	l := t.book.Leg(o.leg)
	return c != nil && c.With == 0 && (l == nil || !l.Live())
}

// releasing reports whether a port that may be tried is being hung up right now:
// it comes free by itself within a moment.
func (t *Trunks) releasing(c *call.Call, o *outgoing, round int, healthy bool) bool {
	for _, p := range t.candidates(c, o) {
		if o.count(p) <= round && (!healthy || t.book.Healthy(p)) && t.book.Releasing(p) {
			return true
		}
	}
	return false
}

// seize takes a port from the least important call: the port's leg is hung up and
// we dial when it has ended.
func (t *Trunks) seize(now core.Time, c *call.Call, o *outgoing, round int, healthy bool, out *core.Out) bool {
	victim, victimLeg := t.leastImportant(c, o, round, healthy)
	if victim == nil {
		return false
	}
	out.Say(&event.LineSeized{Call: c.ID, Port: victimLeg.Port, From: victim.ID, Leg: victimLeg.ID})
	t.book.End(now, out, victim.ID, leg.Preempted, 0)
	return true
}

// leastImportant compares every call that uses one of the ports.
func (t *Trunks) leastImportant(c *call.Call, o *outgoing, round int, healthy bool) (*call.Call, *call.Leg) {
	var least *call.Call
	var leastLeg *call.Leg
	ports := t.candidates(c, o)
	for _, other := range t.book.Calls() {
		if other.Emergency || other.ID == c.ID {
			continue
		}
		for _, n := range other.Legs {
			l := t.book.Leg(n)
			if l == nil || !l.Live() || !slices.Contains(ports, l.Port) || o.count(l.Port) > round || healthy && !t.book.Healthy(l.Port) {
				continue
			}
			if least == nil || importance(other, l) <= importance(least, leastLeg) {
				least, leastLeg = other, l // of equals the youngest: least is lost
			}
		}
	}
	return least, leastLeg
}

// importance of a call to the people in it. An outgoing call comes before an
// incoming one also because an exchange frees a line at once when the calling end
// hangs up, but keeps it for a while when the called end does; a line that still
// rings cannot be dialled on before the ringing stops.
func importance(c *call.Call, l *call.Leg) int {
	switch incoming := l.ID == c.Caller; {
	case !incoming && c.With == 0:
		return 0
	case !incoming:
		return 1
	case l.State == call.Answered && c.With == 0:
		return 2
	case c.With != 0:
		return 3
	}
	return 4
}

// ended goes on after a leg: the port failed, the far end refused, or a seized
// port became free.
func (t *Trunks) ended(now core.Time, e *event.LegEnded, out *core.Out) {
	t.freed(now, out)
	c := t.dialling(e.Leg)
	if c == nil || t.book.Leg(e.Leg).Dropped || t.out[c.ID].emergency {
		return
	}
	o, why := t.out[c.ID], leg.Cause(e.Cause)
	if final(why, now.At-o.since) {
		t.book.Fail(now, out, c, why)
		return
	}
	t.try(now, c, out)
}

// freed lets emergency calls that wait for a port try again, oldest first.
func (t *Trunks) freed(now core.Time, out *core.Out) {
	for _, c := range t.book.Calls() {
		if o := t.out[c.ID]; o != nil && o.emergency && t.waits(c, o) {
			t.try(now, c, out)
		}
	}
}

// final reports causes that another port would only repeat. A provider's 403 is not
// one of them: it speaks of the account, and another account may be allowed.
func final(c leg.Cause, afterMS int64) bool {
	switch c {
	case leg.Busy:
		return afterMS > quickMS
	case leg.NoAnswer, leg.Rejected, leg.UnknownNumber, leg.Cancelled:
		return true
	}
	return false
}
