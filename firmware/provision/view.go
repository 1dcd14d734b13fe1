package provision

import (
	"slices"

	"centralita/firmware/core"
	"centralita/firmware/id"
)

// Found is a telephone that asked all of the network for settings and stands in the
// office's plan under no name.
type Found struct {
	MAC    string `json:"mac"`
	Vendor string `json:"vendor"`
	Model  string `json:"model"`
	From   string `json:"from"`
	At     int64  `json:"at"` // Unix ms
}

// Device is one of the plan and how far it has come.
type Device struct {
	Name      string `json:"name"`
	Vendor    string `json:"vendor"`
	MAC       string `json:"mac"`
	Extension string `json:"extension"`
	Label     string `json:"label"`      // of the extension
	FetchedAt int64  `json:"fetched_at"` // Unix ms, 0 never
	RefusedAt int64  `json:"refused_at"` // asked while the window was closed, 0 never
	From      string `json:"from"`
	Agent     string `json:"agent"`
	Phone     bool   `json:"phone"` // a phone is registered for the extension
}

// Picture is the view.
type Picture struct {
	Until   int64    `json:"until"` // Unix ms, 0 closed
	Devices []Device `json:"devices"`
	Found   []Found  `json:"found"`
}

func (k *Keeper) look(now core.Time) Picture {
	p := Picture{Devices: []Device{}, Found: []Found{}}
	if k.Open(now) {
		p.Until = now.Wall + k.until - now.At
	}
	office := k.book.Office()
	var known []string
	for _, d := range office.Devices {
		s := k.devices[d.Name]
		station, _ := office.StationByExt(id.Station(d.Extension))
		p.Devices = append(p.Devices, Device{
			Name: d.Name, Vendor: d.Vendor, MAC: d.Address(), Extension: d.Extension, Label: station.Name,
			FetchedAt: s.fetchedAt, RefusedAt: s.refusedAt, From: s.from, Agent: s.agent,
			Phone: k.book.Reachable(id.Station(d.Extension)),
		})
		known = append(known, d.Address())
	}
	for _, f := range slices.Backward(k.found) {
		if !slices.Contains(known, f.MAC) {
			p.Found = append(p.Found, f)
		}
	}
	return p
}
