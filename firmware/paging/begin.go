package paging

import (
	"slices"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/settings"
)

// begin rings the telephones of a group for a call that stands at "page/GROUP".
func (p *Paging) begin(now core.Time, c *call.Call, out *core.Out) {
	set, known := p.book.Office().PageByName(c.Where.Name())
	switch {
	case !known:
		p.book.Fail(now, out, c, leg.UnknownNumber)
		return
	case c.Port.Outside() || p.book.HeldCall(c.Caller) != nil || c.With != 0:
		p.book.Fail(now, out, c, leg.Forbidden)
		return
	case p.running(set.Name) != nil:
		p.book.Fail(now, out, c, leg.Busy)
		return
	}
	rung, skipped, why := p.choose(c, set)
	out.Say(&event.PageBegan{Call: c.ID, Group: set.Name, Stations: rung, Skipped: skipped})
	if len(rung) == 0 {
		p.book.Fail(now, out, c, why)
		return
	}
	for _, ext := range rung {
		st, _ := p.book.Station(ext)
		p.book.Ring(out, c, call.PortOf(st), "", now.At+answerMS)
	}
	p.book.Accept(out, c)
}

// running is the call that speaks through a group, nil if none.
func (p *Paging) running(group string) *call.Call {
	for _, c := range p.book.Calls() {
		if g := p.pages[c.ID]; g != nil && g.group == group {
			return c
		}
	}
	return nil
}

// choose parts the telephones of a group, without the speaker's own; why is what keeps
// a page from beginning where none is left.
func (p *Paging) choose(c *call.Call, set settings.Page) (rung []id.Station, skipped []event.PageSkipped, why leg.Cause) {
	why = leg.NotRegistered
	for _, ext := range p.members(set) {
		st, known := p.book.Station(ext)
		if !known || call.PortOf(st) == c.Port {
			continue
		}
		reason := p.unfit(st)
		if reason == "" && len(rung) == stationsMax {
			reason = "many"
		}
		if reason == "" {
			rung = append(rung, ext)
			continue
		}
		if reason == "busy" || reason == "quiet" {
			why = leg.Busy
		}
		skipped = append(skipped, event.PageSkipped{Station: ext, Why: reason})
	}
	return rung, skipped, why
}

// members are the telephones that the group names, or all.
func (p *Paging) members(set settings.Page) []id.Station {
	var list []id.Station
	for _, ext := range set.Stations {
		if !slices.Contains(list, id.Station(ext)) {
			list = append(list, id.Station(ext))
		}
	}
	if len(list) == 0 {
		for _, st := range p.book.Stations() {
			list = append(list, id.Station(st.Extension))
		}
	}
	return list
}

// unfit is why a telephone is left alone, "" it is not.
func (p *Paging) unfit(st settings.Station) string {
	port, ext := call.PortOf(st), id.Station(st.Extension)
	switch {
	case st.Handset != "":
		return "handset"
	case !p.book.Reachable(ext):
		return "unreachable"
	case p.quiet[ext]:
		return "quiet"
	case p.book.PortBusy(port):
		return "busy"
	}
	return ""
}
