package desk

import (
	"centralita/firmware/call"
	"centralita/firmware/id"
)

// Picture is the view "live".
type Picture struct {
	Calls []Row `json:"calls"`
}

// Row is one call.
type Row struct {
	Call        id.Call        `json:"call"`
	Direction   string         `json:"direction"`
	From        string         `json:"from"`
	Name        string         `json:"name"`
	To          string         `json:"to"`
	Port        id.Port        `json:"port"`
	Where       id.Destination `json:"where"`
	State       string         `json:"state"`
	BeganAt     int64          `json:"began_at"`
	ConnectedAt int64          `json:"connected_at"`
	Agent       id.Agent       `json:"agent"`
	Station     id.Station     `json:"station"`
	Queue       string         `json:"queue"`
	Recording   string         `json:"recording"`
	Legs        []LegRow       `json:"legs"`
	Stations    []id.Station   `json:"stations"` // of the office that are in the talk
	HeldBy      id.Station     `json:"held_by"`  // who keeps it on hold, "" nobody
	Second      bool           `json:"second"`   // one of them has another call, or is told of one
	Path        string         `json:"path"`     // how its packets go, as Sounding has it
	MOS         float64        `json:"mos"`      // of its worst end
}

// LegRow is one end of it.
type LegRow struct {
	Leg   id.Leg  `json:"leg"`
	Port  id.Port `json:"port"`
	State string  `json:"state"`

	Sound Sounding `json:"sound"`
}

func (d *Desk) look() Picture {
	p := Picture{Calls: []Row{}}
	for _, c := range d.book.Calls() {
		row := Row{
			Call: c.ID, Direction: c.Direction, From: c.From, Name: c.Name, To: c.To, Port: c.Port, Where: c.Where,
			BeganAt: c.BeganAt, ConnectedAt: c.ConnectedAt, Agent: c.Agent, Station: c.Station, Recording: c.Recording, Legs: []LegRow{}, Stations: []id.Station{},
		}
		d.lookAtEnds(c, &row)
		if c.Where.Kind() == "queue" {
			row.Queue = c.Where.Name()
		}
		rings := false
		for _, n := range c.Legs {
			if l := d.book.Leg(n); l != nil && l.Live() {
				row.Legs = append(row.Legs, LegRow{Leg: l.ID, Port: l.Port, State: l.State.String()})
				if l.ID != c.Caller && l.State == call.Ringing {
					rings = true
					if c.With == 0 {
						row.Station = d.book.StationAt(l.Port) // whose telephone rings
					}
				}
			}
		}
		row.State = stateOf(c, rings)
		p.Calls = append(p.Calls, row)
	}
	return p
}

// lookAtEnds finds who of the office can hold, transfer or join this call.
func (d *Desk) lookAtEnds(c *call.Call, row *Row) {
	if !talks(c) || c.Emergency {
		return
	}
	for _, n := range ends(c) {
		ext := d.stationOf(n)
		if ext == "" {
			continue
		}
		row.Stations = append(row.Stations, ext)
		row.Second = row.Second || len(d.book.PartyTo(n)) > 1 || d.book.WaitingAt(n) != nil
		if c.HeldBy(n) {
			row.HeldBy = ext
		}
	}
}

// stateOf says in one word what goes on.
func stateOf(c *call.Call, rings bool) string {
	switch {
	case c.Where.Kind() == "page":
		return "paging"
	case c.Joined != 0:
		return "conference"
	case c.Held():
		return "held"
	case c.With != 0:
		return "talking"
	case rings:
		return "ringing"
	}
	switch c.Where.Kind() {
	case "menu":
		return "menu"
	case "queue":
		return "waiting"
	case "station":
		return "ringing"
	}
	return "dialling"
}
