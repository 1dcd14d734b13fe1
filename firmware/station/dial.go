package station

import (
	"slices"
	"strings"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/number"
	"centralita/firmware/order"
)

// How long the box waits for digits: within the ranges of ITU-T Q.543 for the
// first (10 to 20 s); the pause between digits is short, since its end dials.
const (
	firstDigitMS = 15_000
	nextDigitMS  = 4_000
)

// began takes a call from inside: a phone tells the whole number, a handset hears
// dial tone, and so does a phone that begins a second call by a flash.
func (s *Stations) began(now core.Time, e *event.CallBegan, out *core.Out) {
	c := s.book.Call(e.Call)
	if c == nil || c.Port.Outside() || c.Clicked {
		return
	}
	if l := s.book.Leg(c.Caller); l != nil && l.Replaces != 0 {
		return // takes the place of another leg and dials nothing
	}
	keys := c.Port.Kind() == "fxs" || s.book.HeldCall(c.Caller) != nil // a phone flashed: its keys dial
	if !keys || e.To != "" {
		s.dial(now, c, e.To, out)
		return
	}
	why := "lifted"
	if s.book.HeldCall(c.Caller) != nil {
		why = "second"
	}
	s.book.Route(out, c.ID, "dial/", why)
	out.Say(&event.DialWaited{Call: c.ID, Until: now.At + firstDigitMS})
	s.book.Play(out, c, true, s.dialTone(c))
}

// digit is one more of a handset.
func (s *Stations) digit(now core.Time, c *call.Call, digit string, out *core.Out) {
	d, ok := s.dials[c.ID]
	if !ok || digit == "!" {
		return
	}
	if digit == "#" {
		s.dial(now, c, d.digits, out)
		return
	}
	if d.digits == "" {
		out.Do(order.Stop{Leg: c.Caller}) // the first digit breaks dial tone
	}
	digits := d.digits + digit
	_, complete, more := planOf(s.book).look(digits)
	if !more || len(digits) >= number.Max {
		s.dialled(now, c, digits, complete, out)
		return
	}
	out.Say(&event.DialWaited{Call: c.ID, Digits: digits, Until: now.At + nextDigitMS})
}

// woke dials what handsets have dialled long enough ago.
func (s *Stations) woke(now core.Time, out *core.Out) {
	var due []id.Call
	for c, d := range s.dials {
		if d.until <= now.At {
			due = append(due, c)
		}
	}
	s.unheeded(now, out)
	slices.Sort(due)
	for _, n := range due {
		c, d := s.book.Call(n), s.dials[n]
		if d.digits == "" {
			s.book.End(now, out, n, leg.Timeout, 0)
		} else {
			s.dial(now, c, d.digits, out)
		}
	}
}

// dial takes a whole number; one with a plus, as phones keep them in their address
// books, is meant for the outside.
func (s *Stations) dial(now core.Time, c *call.Call, digits string, out *core.Out) {
	digits = number.Clean(digits)
	if plan := planOf(s.book); strings.HasPrefix(digits, "+") && len(plan.outside) > 0 {
		digits = plan.outside[0].Prefix + number.Dialled(plan.country, digits)
	}
	_, complete, _ := planOf(s.book).look(digits)
	s.dialled(now, c, digits, complete, out)
}

func (s *Stations) dialled(now core.Time, c *call.Call, digits string, complete bool, out *core.Out) {
	if !complete {
		s.book.End(now, out, c.ID, leg.UnknownNumber, 0)
		return
	}
	r, _, _ := planOf(s.book).look(digits)
	out.Say(&event.CallRouted{
		Call: c.ID, To: r.to, Why: "dialled", Dialled: digits,
		Through: r.through, Emergency: r.emergency, Record: r.record,
	})
}
