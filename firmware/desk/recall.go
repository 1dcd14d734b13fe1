package desk

import (
	"slices"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
)

const (
	// recallMS is from the hand-set being put down to its ringing again: an on-hook
	// shorter than a flash could still be one, and people lift again by habit.
	recallMS = 1_000
	// recallRingMS is how long it rings, as for any call to a station.
	recallRingMS = 30_000
	// recallAllMS bounds the wait for a station that speaks with others meanwhile.
	recallAllMS = 90_000
	// againMS is until a telephone that was busy is tried again.
	againMS = 2_000
	// recallsMax bounds how often a call comes back before it goes where its line
	// rings, and is then given up.
	recallsMax = 3
)

// recall is a call that comes back to a station.
type recall struct {
	leg   id.Leg // rings, 0 not yet
	next  int64  // when it is tried, 0 while it rings
	until int64
}

func (r recall) due() int64 { return r.next }

// comeBack leaves the other end of a call with the box and rings the station again.
func (d *Desk) comeBack(now core.Time, c *call.Call, by id.Leg, why string, out *core.Out) {
	ext := d.stationOf(by)
	if ext == "" || c.HeldBy(c.Far(by)) || c.Joined != 0 { // nothing to ring, or nobody who waits
		d.book.End(now, out, c.ID, leg.Normal, by)
		return
	}
	out.Say(&event.CallTransferred{Call: c.ID, By: by, Station: ext, How: "recall", To: id.To("recall", string(ext))})
	d.book.Aim(out, c)
	d.book.Route(out, c.ID, id.To("recall", string(ext)), why)
}

// routed takes a call that comes to one of the places that are held here.
func (d *Desk) routed(now core.Time, e *event.CallRouted, out *core.Out) {
	c := d.book.Call(e.Call)
	if c == nil || c.Where != e.To {
		return
	}
	switch kind := e.To.Kind(); {
	case kind == "recall":
		d.comesBack(now, c, out)
	case kind == "pickup":
		d.pickUp(now, c, out)
	case kind == "parked":
		d.fetch(now, c, out)
	case kind == "park" && e.To.Name() == "":
		d.park(now, c, out)
	case kind == "park":
		d.parked(c, out)
	}
}

// comesBack has a call ring again where it was given away.
func (d *Desk) comesBack(now core.Time, c *call.Call, out *core.Out) {
	if _, ok := d.book.Station(id.Station(c.Where.Name())); !ok {
		d.giveUp(now, c, leg.UnknownNumber, out)
		return
	}
	if d.book.Answered(c.Caller) {
		d.book.Play(out, c, true, "music/default")
	}
	out.Say(&event.RecallWaited{Call: c.ID, Next: now.At + recallMS, Until: now.At + recallAllMS})
}

// wokeRecalls tries what is due, oldest call first.
func (d *Desk) wokeRecalls(now core.Time, out *core.Out) {
	var due []id.Call
	for n, r := range d.recalls {
		if r.next != 0 && r.next <= now.At {
			due = append(due, n)
		}
	}
	slices.Sort(due)
	for _, n := range due {
		if c := d.book.Call(n); c != nil {
			d.try(now, c, d.recalls[n], out)
		}
	}
}

func (d *Desk) try(now core.Time, c *call.Call, r recall, out *core.Out) {
	ext := id.Station(c.Where.Name())
	st, _ := d.book.Station(ext)
	port := call.PortOf(st)
	switch {
	case now.At >= r.until:
		d.giveUp(now, c, leg.Busy, out)
	case !d.book.Reachable(ext):
		d.giveUp(now, c, leg.NotRegistered, out)
	case d.book.PortFree(port):
		d.book.Ring(out, c, port, "", now.At+recallRingMS)
	default:
		d.later(now, c, r, out)
	}
}

func (d *Desk) later(now core.Time, c *call.Call, r recall, out *core.Out) {
	out.Say(&event.RecallWaited{Call: c.ID, Next: now.At + againMS, Until: r.until})
}

// recallOf finds the call that comes back by this leg.
func (d *Desk) recallOf(l id.Leg) *call.Call {
	c := d.book.CallOfLeg(l)
	if c == nil || c.With != 0 || l == 0 || d.recalls[c.ID].leg != l {
		return nil
	}
	return c
}

func (d *Desk) recallAnswered(now core.Time, l id.Leg, out *core.Out) {
	if c := d.recallOf(l); c != nil && d.book.Answered(l) {
		agent := c.Agent
		if c.Station != d.stationOf(l) {
			agent = ""
		}
		d.book.Connect(now, out, c, l, agent, false)
	}
}

// recallLegGone goes on after a telephone that was busy, or that nobody lifted.
func (d *Desk) recallLegGone(now core.Time, l id.Leg, why string, out *core.Out) {
	c := d.recallOf(l)
	if c == nil {
		return
	}
	if r := d.recalls[c.ID]; leg.Cause(why) == leg.Busy && now.At < r.until {
		d.later(now, c, r, out)
		return
	}
	d.giveUp(now, c, leg.Cause(why), out)
}

// giveUp sends a call that nobody took back to where its line rings; what did not
// come in, or came back too often, fails as calls do.
func (d *Desk) giveUp(now core.Time, c *call.Call, why leg.Cause, out *core.Out) {
	to := d.rings(c.Port)
	if c.Direction != "in" || to == "" || c.Recalls > recallsMax {
		d.book.Fail(now, out, c, why)
		return
	}
	d.book.Route(out, c.ID, to, "recall-"+string(why))
}

// rings is where a call from outside goes by the settings.
func (d *Desk) rings(p id.Port) id.Destination {
	if line, ok := d.book.Office().LineByPort(p); ok {
		return line.Rings
	}
	if k, ok := d.book.Office().TrunkByName(p.Name()); ok && p.Kind() == "trunk" {
		return k.Rings
	}
	return ""
}
