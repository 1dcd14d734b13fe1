package station

import (
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
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
