package station

import (
	"strings"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

// serveCode carries out a code that a telephone dialled, and has it hear that it was
// done.
func (s *Stations) serveCode(now core.Time, c *call.Call, out *core.Out) {
	ext := s.book.StationAt(c.Port)
	if ext == "" {
		s.book.Fail(now, out, c, leg.Forbidden)
		return
	}
	if c.Where.Kind() == "forward" {
		when, to := forwardCode(c.Where)
		if err := s.forward("", &Forward{Station: ext, When: when, To: to}, out); err != nil {
			s.book.Fail(now, out, c, leg.UnknownNumber)
			return
		}
	} else {
		s.setQuiet(ext, c.Where.Name() == "undisturb", "", out)
	}
	if s.book.Accept(out, c) {
		s.confirm(c, out)
	}
}

// confirm says that a code was taken.
func (s *Stations) confirm(c *call.Call, out *core.Out) {
	out.Do(order.Stop{Leg: c.Caller})
	s.book.Play(out, c, false, said(c.Where)...)
}

// said is the sentence for a code, with the number that calls go to from now on.
func said(to id.Destination) []string {
	if to.Kind() != "forward" {
		return []string{"prompt/" + to.Name()}
	}
	_, number := forwardCode(to)
	if number == "" {
		return []string{"prompt/forward-off"}
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	return []string{"prompt/forward-on", "digits/" + digits}
}

// forwardCode reads a destination of the codes for forwarding.
func forwardCode(to id.Destination) (when, number string) {
	when, number, _ = strings.Cut(to.Name(), "/")
	return when, number
}

// confirmed ends the call of a code after its word.
func (s *Stations) confirmed(now core.Time, l id.Leg, out *core.Out) {
	if c := s.code(l); c != nil {
		s.book.End(now, out, c.ID, leg.Normal, 0)
	}
}

// code finds the call of a telephone that dialled a code, nil if it is none.
func (s *Stations) code(l id.Leg) *call.Call {
	if c := s.book.CallOfLeg(l); c != nil && c.Caller == l && isCode(c.Where) {
		return c
	}
	return nil
}

func isCode(to id.Destination) bool {
	return to.Kind() == "forward" || to == "service/undisturb" || to == "service/disturb"
}
