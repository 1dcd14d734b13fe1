package desk

import (
	"slices"
	"strconv"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

const (
	// parkPlaces are as many as one digit tells.
	parkPlaces = 9
	// parkMS is how long a call is left in its place before it comes back to who
	// parked it.
	parkMS = 120_000
)

// park puts the held call of who dialled "park/" into the first free place, and says
// its number: from any telephone that number fetches it. A phone that transfers to
// "park/" is told by its signalling that it is done.
func (d *Desk) park(now core.Time, begun *call.Call, out *core.Out) {
	by := begun.Caller
	held := d.book.HeldCall(by)
	place := d.freePlace()
	switch {
	case held == nil || held.HeldBy(held.Far(by)):
		d.book.End(now, out, begun.ID, leg.UnknownNumber, 0) // nothing to park
		return
	case place == 0:
		d.book.End(now, out, begun.ID, leg.Congestion, 0)
		return
	case held.Emergency || held.Joined != 0:
		d.book.End(now, out, begun.ID, leg.Forbidden, 0)
		return
	}
	to := id.To("park", strconv.Itoa(place))
	transfers := d.referring(begun.ID) == by
	was := d.heard(held)
	out.Say(&event.CallTransferred{Call: held.ID, Via: begun.ID, By: by, Station: d.stationOf(by), How: "blind", To: to})
	d.change(was, out)
	d.book.Aim(out, held)
	d.book.Route(out, held.ID, to, "parked")
	if transfers {
		d.transferFailed(by, "", out)
		d.book.End(now, out, begun.ID, leg.Normal, 0)
		return
	}
	if d.book.Accept(out, begun) {
		d.book.Play(out, begun, false, "number/"+to.Name())
	}
}

// freePlace is the lowest one, 0 when all are taken.
func (d *Desk) freePlace() int {
	for n := 1; n <= parkPlaces; n++ {
		if d.parkedAt(strconv.Itoa(n)) == nil {
			return n
		}
	}
	return 0
}

// parkedAt is the call in a place, nil if none.
func (d *Desk) parkedAt(place string) *call.Call {
	for _, c := range d.book.Calls() {
		if c.Where.Kind() == "park" && c.Where.Name() == place && c.With == 0 {
			return c
		}
	}
	return nil
}

// parked lets a call wait in its place.
func (d *Desk) parked(c *call.Call, out *core.Out) {
	if d.book.Answered(c.Caller) {
		d.wait(c.Caller, out)
	} else {
		out.Do(order.Progress{Leg: c.Caller})
	}
}

// placeSaid lets the telephone go that heard the number of its call's place.
func (d *Desk) placeSaid(now core.Time, l id.Leg, out *core.Out) {
	if c := d.standing(l, "park"); c != nil && c.Where.Name() == "" {
		d.book.End(now, out, c.ID, leg.Normal, 0)
	}
}

// fetch connects who dialled "parked/PLACE" with the call there.
func (d *Desk) fetch(now core.Time, begun *call.Call, out *core.Out) {
	switch {
	case begun.Port.Outside(), d.book.HeldCall(begun.Caller) != nil:
		d.book.End(now, out, begun.ID, leg.Forbidden, 0)
	case d.parkedAt(begun.Where.Name()) == nil:
		d.book.End(now, out, begun.ID, leg.UnknownNumber, 0)
	case d.book.Accept(out, begun):
		d.fetched(now, begun, out)
	}
}

func (d *Desk) fetched(now core.Time, begun *call.Call, out *core.Out) {
	c := d.parkedAt(begun.Where.Name())
	if c == nil {
		d.book.End(now, out, begun.ID, leg.UnknownNumber, 0) // somebody else was quicker
		return
	}
	d.book.Connect(now, out, c, begun.Caller, "", false)
	d.book.End(now, out, begun.ID, leg.Normal, 0)
}

// parkedDue is when the first call has been in its place for too long, 0 never.
func (d *Desk) parkedDue() int64 {
	due := int64(0)
	for n := range d.parkers {
		if c := d.book.Call(n); c != nil && c.Where.Kind() == "park" {
			due = core.Sooner(due, c.Since+parkMS)
		}
	}
	return due
}

// wokeParked brings back who waited too long, oldest call first.
func (d *Desk) wokeParked(now core.Time, out *core.Out) {
	var due []id.Call
	for n := range d.parkers {
		if c := d.book.Call(n); c != nil && c.Where.Kind() == "park" && c.Since+parkMS <= now.At {
			due = append(due, n)
		}
	}
	slices.Sort(due)
	for _, n := range due {
		d.book.Route(out, n, id.To("recall", string(d.parkers[n])), "parked")
	}
}
