package paging

import (
	"slices"

	"centralita/firmware/event"
	"centralita/firmware/id"
)

// Picture is the view "pages".
type Picture struct {
	Pages []Row `json:"pages"`
}

// Row is one group.
type Row struct {
	Name      string              `json:"name"`
	Number    string              `json:"number"`
	State     string              `json:"state"` // idle, gathering, speaking
	Call      id.Call             `json:"call"`
	Speaker   string              `json:"speaker"`
	Listening int                 `json:"listening"`
	Stations  []id.Station        `json:"stations"` // that were asked to listen
	Skipped   []event.PageSkipped `json:"skipped"`
}

func (p *Paging) look() Picture {
	v := Picture{Pages: []Row{}}
	for _, set := range p.book.Office().Pages {
		row := Row{Name: set.Name, Number: set.Number, State: "idle", Stations: []id.Station{}, Skipped: []event.PageSkipped{}}
		if c := p.running(set.Name); c != nil {
			g := p.pages[c.ID]
			row.Call, row.Speaker, row.State = c.ID, c.From, "gathering"
			if g.open {
				row.State = "speaking"
			}
			row.Listening, _ = p.count(c)
			row.Stations = append(row.Stations, g.stations...)
			row.Skipped = append(row.Skipped, slices.Clone(g.skipped)...)
		}
		v.Pages = append(v.Pages, row)
	}
	return v
}
