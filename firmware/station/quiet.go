package station

import (
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

// Disturb lets a station be rung or, with On false, not: who calls it hears busy.
// What comes back to it, and what a queue presents to its agent, still rings: an
// agent who wants no calls says so there.
type Disturb struct {
	Station id.Station `json:"station"`
	On      bool       `json:"on"`
}

func (s *Stations) disturb(who id.Person, d *Disturb, out *core.Out) error {
	if _, known := s.book.Station(d.Station); !known {
		return core.Refuse("unknown-station", string(d.Station))
	}
	s.setQuiet(d.Station, !d.On, who, out)
	return nil
}

func (s *Stations) setQuiet(ext id.Station, quiet bool, who id.Person, out *core.Out) {
	if s.quiet[ext] != quiet {
		out.Say(&event.DisturbChanged{Station: ext, Off: quiet, Who: who})
	}
}

func (s *Stations) applyQuiet(e *event.DisturbChanged) {
	if e.Off {
		s.quiet[e.Station] = true
	} else {
		delete(s.quiet, e.Station)
	}
}

// serveCode carries out a code that a telephone dialled, and has it hear that it was
// done: a tone that stays until the receiver is put down, or for a moment.
func (s *Stations) serveCode(now core.Time, c *call.Call, out *core.Out) {
	ext := s.book.StationAt(c.Port)
	if ext == "" {
		s.book.Fail(now, out, c, leg.Forbidden)
		return
	}
	s.setQuiet(ext, c.Where.Name() == "undisturb", "", out)
	if s.book.Accept(out, c) {
		s.confirm(c, out)
	}
}

// confirm says that a code was taken.
func (s *Stations) confirm(c *call.Call, out *core.Out) {
	clip := "prompt/disturb"
	if c.Where.Name() == "undisturb" {
		clip = "prompt/undisturb"
	}
	out.Do(order.Stop{Leg: c.Caller})
	s.book.Play(out, c, false, clip)
}

// confirmed ends the call of a code after its word.
func (s *Stations) confirmed(now core.Time, l id.Leg, out *core.Out) {
	if c := s.book.Standing(l, "service"); c != nil && isCode(c.Where) {
		s.book.End(now, out, c.ID, leg.Normal, 0)
	}
}

func isCode(to id.Destination) bool { return to.Name() == "undisturb" || to.Name() == "disturb" }
