package trunk

import (
	"slices"

	"centralita/firmware/call"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// Picture is the view "lines".
type Picture struct {
	Lines  []Line  `json:"lines"`
	Trunks []Trunk `json:"trunks"`
}

// Line is one analog line.
type Line struct {
	Port   id.Port `json:"port"`
	Number string  `json:"number"`
	State  string  `json:"state"` // idle ringing busy no-battery fault busy-elsewhere
	Call   id.Call `json:"call"`
	Text   string  `json:"text"`
}

// Trunk is one provider's account.
type Trunk struct {
	Name  string `json:"name"`
	Up    bool   `json:"up"`
	Calls int    `json:"calls"`
	Text  string `json:"text"` // English, for the trace

	Code    string              `json:"code"`   // why it is down, as event.TrunkChanged has it
	Server  string              `json:"server"` // in use
	Servers []event.TrunkServer `json:"servers"`
}

func (t *Trunks) look() Picture {
	p := Picture{Lines: []Line{}, Trunks: []Trunk{}}
	legs := t.book.LegsByPort()
	for _, port := range t.book.Ports("fxo") {
		set, _ := t.book.Office().LineByPort(port)
		known := t.book.Port(port)
		row := Line{Port: port, Number: set.Number, State: "idle", Text: known.Text}
		if !t.book.Healthy(port) && known.State != "" {
			row.State = known.State
		}
		if l := legs[port]; l != nil {
			row.State = "busy"
			if l.State == call.Offered {
				row.State = "ringing"
			}
			if c := t.book.CallOfLeg(l.ID); c != nil {
				row.Call = c.ID
			}
		}
		p.Lines = append(p.Lines, row)
	}
	for _, port := range t.book.Ports("trunk") {
		known := t.book.Port(port)
		p.Trunks = append(p.Trunks, Trunk{
			Name: port.Name(), Up: t.book.Healthy(port), Calls: t.book.PortLegs(port), Text: known.Text,
			Code: known.Code, Server: known.Server, Servers: slices.Clone(known.Servers),
		})
	}
	return p
}
