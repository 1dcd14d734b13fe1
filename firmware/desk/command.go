package desk

import (
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/number"
	"centralita/firmware/order"
)

// Hangup ends a call from the page.
type Hangup struct {
	Call id.Call `json:"call"`
}

// Hold puts the call on hold that a station speaks in.
type Hold struct {
	Station id.Station `json:"station"`
}

// Resume takes back what the station keeps on hold; a second call that has come to
// nothing is given up for it.
type Resume struct {
	Station id.Station `json:"station"`
}

// Consult holds the station's call and begins a second one to a number.
type Consult struct {
	Station id.Station `json:"station"`
	To      string     `json:"to"`
}

// Swap turns a station to its other call: the held one, or one that waits.
type Swap struct {
	Station id.Station `json:"station"`
}

// Refuse tells who waits for a station in a talk that it is busy; the talk goes on.
type Refuse struct {
	Station id.Station `json:"station"`
}

// Conference joins a station's two calls.
type Conference struct {
	Station id.Station `json:"station"`
}

// Transfer gives a station's call away: to its second call, or to a number as soon
// as that rings.
type Transfer struct {
	Station id.Station `json:"station"`
	To      string     `json:"to"`
}

// Decide takes the commands.
func (d *Desk) Decide(now core.Time, who id.Person, c core.Command, out *core.Out) error {
	switch c := c.(type) {
	case *Hangup:
		if d.book.Call(c.Call) == nil {
			return core.Refuse("no-such-call")
		}
		d.book.End(now, out, c.Call, leg.Normal, 0)
		return nil
	case *Hold:
		return d.decideHold(c.Station, out)
	case *Resume:
		return d.decideResume(now, c.Station, out)
	case *Consult:
		return d.decideConsult(c.Station, c.To, false, out)
	case *Swap:
		return d.decideSwap(now, c.Station, out)
	case *Refuse:
		return d.decideRefuse(now, c.Station, out)
	case *Conference:
		return d.decideConference(now, c.Station, out)
	case *Transfer:
		return d.decideTransfer(now, c, out)
	}
	return core.Refuse("unknown-command")
}

// at finds a station's telephone with its calls.
func (d *Desk) at(ext id.Station) (hub, error) {
	st, ok := d.book.Station(ext)
	if !ok {
		return hub{}, core.Refuse("unknown-station", string(ext))
	}
	for _, c := range d.book.Calls() {
		for _, n := range ends(c) {
			l := d.book.Leg(n)
			if l == nil || l.Port != call.PortOf(st) || !l.Live() {
				continue
			}
			if h, ok := d.hubAt(n); ok && (h.focus != nil || h.held != nil) {
				return h, nil
			}
		}
	}
	return hub{}, core.Refuse("station-not-in-call", string(ext))
}

// talking finds a station that speaks with somebody.
func (d *Desk) talking(ext id.Station) (hub, error) {
	h, err := d.at(ext)
	if err == nil && !talks(h.focus) {
		err = core.Refuse("station-not-in-call", string(ext))
	}
	return h, err
}

func (d *Desk) decideHold(ext id.Station, out *core.Out) error {
	h, err := d.talking(ext)
	switch {
	case err != nil:
		return err
	case h.held != nil || d.leads(h) || h.focus.HeldBy(h.leg):
		return core.Refuse("two-calls", string(ext))
	}
	d.hold(h, out)
	return nil
}

func (d *Desk) decideResume(now core.Time, ext id.Station, out *core.Out) error {
	h, err := d.at(ext)
	switch {
	case err != nil:
		return err
	case talks(h.focus) && h.focus.HeldBy(h.leg):
		d.retrieve(now, h.focus, h.leg, out)
	case h.held == nil:
		return core.Refuse("nothing-held", string(ext))
	case talks(h.focus):
		d.swap(now, h, out)
	default:
		if h.focus != nil {
			d.drop(now, h, h.focus, leg.Cancelled, out)
		}
		d.retrieve(now, h.held, h.leg, out)
	}
	return nil
}

func (d *Desk) decideConsult(ext id.Station, to string, leave bool, out *core.Out) error {
	h, err := d.talking(ext)
	to = number.Clean(to)
	switch {
	case err != nil:
		return err
	case h.held != nil || d.leads(h):
		return core.Refuse("two-calls", string(ext))
	case to == "":
		return core.Refuse("no-number", to)
	}
	d.consult(h, to, leave, out)
	return nil
}

func (d *Desk) decideSwap(now core.Time, ext id.Station, out *core.Out) error {
	h, err := d.talking(ext)
	switch {
	case err != nil:
		return err
	case h.held == nil && h.waiting == nil || d.leads(h):
		return core.Refuse("one-call", string(ext))
	}
	d.other(now, h, out)
	return nil
}

func (d *Desk) decideRefuse(now core.Time, ext id.Station, out *core.Out) error {
	h, err := d.at(ext)
	switch {
	case err != nil:
		return err
	case h.waiting == nil:
		return core.Refuse("nobody-waits", string(ext))
	}
	d.refuse(now, h, out)
	return nil
}

func (d *Desk) decideConference(now core.Time, ext id.Station, out *core.Out) error {
	h, err := d.talking(ext)
	switch {
	case err != nil:
		return err
	case h.held == nil && h.waiting == nil:
		return core.Refuse("one-call", string(ext))
	case !d.mayConfer(h):
		return core.Refuse("transfer-forbidden", string(ext))
	}
	if h.held == nil {
		d.take(now, h, out)
		h, _ = d.hubAt(h.leg)
	}
	d.conference(h, out)
	return nil
}

func (d *Desk) decideTransfer(now core.Time, c *Transfer, out *core.Out) error {
	if c.To != "" {
		return d.decideConsult(c.Station, c.To, true, out)
	}
	h, err := d.at(c.Station)
	switch {
	case err != nil:
		return err
	case h.held == nil || h.focus == nil:
		return core.Refuse("one-call", string(c.Station))
	case !d.mayJoin(h.leg, h.held, h.focus):
		return core.Refuse("transfer-forbidden", string(c.Station))
	case talks(h.focus):
		d.join(now, h.held, h.focus, h.leg, out)
	case !d.hand(now, h.held, h.focus, h.leg, out):
		return core.Refuse("nobody-rings", string(c.Station))
	}
	out.Do(order.Stop{Leg: h.leg})
	return nil
}
