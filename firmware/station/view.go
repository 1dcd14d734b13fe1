package station

import (
	"centralita/firmware/call"
	"centralita/firmware/id"
)

// Picture is the view "stations".
type Picture struct {
	Stations []Row `json:"stations"`
}

// Row is one station.
type Row struct {
	Extension string  `json:"extension"`
	Name      string  `json:"name"`
	Kind      string  `json:"kind"` // handset sip web
	Port      id.Port `json:"port"`
	State     string  `json:"state"` // idle ringing talking dialling unreachable off-hook
	Call      id.Call `json:"call"`
	Device    string  `json:"device"`
	Contact   string  `json:"contact"`
	Messages  int     `json:"messages"` // waiting
	Quiet     bool    `json:"quiet"`    // wants not to be disturbed

	ForwardAlways   string `json:"forward_always"` // where calls go, "" nowhere
	ForwardBusy     string `json:"forward_busy"`
	ForwardNoAnswer string `json:"forward_no_answer"`
}

func (s *Stations) look() Picture {
	legs := s.book.LegsByPort()
	p := Picture{Stations: []Row{}}
	for _, st := range s.book.Stations() {
		port := call.PortOf(st)
		known := s.book.Port(port)
		row := Row{Extension: st.Extension, Name: st.Name, Kind: "sip", Port: port, Device: known.Device, Contact: known.Contact, State: "idle", Messages: s.waiting[id.Station(st.Extension)], Quiet: s.quiet[id.Station(st.Extension)]}
		row.ForwardAlways, row.ForwardBusy, row.ForwardNoAnswer = s.forwardOf(st, always), s.forwardOf(st, busy), s.forwardOf(st, noAnswer)
		if st.Handset != "" {
			row.Kind = "handset"
		} else if port.Kind() == "web" {
			row.Kind = "web"
		}
		if !s.book.Healthy(port) {
			row.State = "unreachable"
		}
		if known.State == "off-hook" {
			row.State = known.State
		}
		if l := legs[port]; l != nil {
			row.State, row.Call = s.stateOf(l)
		}
		p.Stations = append(p.Stations, row)
	}
	return p
}

func (s *Stations) stateOf(l *call.Leg) (string, id.Call) {
	c := s.book.CallOfLeg(l.ID)
	switch {
	case c == nil:
		return "talking", 0 // parked: the person still holds the handset
	case c.With != 0 && (c.Caller == l.ID || c.With == l.ID), c.Where.Kind() == "page" && l.State == call.Answered:
		return "talking", c.ID
	case c.Caller != l.ID || c.Clicked && l.State != call.Answered:
		return "ringing", c.ID
	}
	return "dialling", c.ID
}
