package paging

import (
	"slices"

	"centralita/firmware/access"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

const (
	// answerMS is how long a telephone may take to answer by itself; one that is not
	// set to do so stops ringing then.
	answerMS = 5_000
	// gatherMS is how long the speaker waits for further telephones after the first.
	gatherMS = 1_500
	// stationsMax bounds the telephones of one page: a mixed leg each, and the box has
	// other calls.
	stationsMax = 100
)

// Feature is the plug.
var Feature = feature.Feature{
	Name:         "paging",
	New:          func(b *call.Book) core.Reactor { return New(b) },
	Destinations: []string{"page"},
	Views: []feature.View{{
		Name: "pages", Role: access.Agent, Help: "help.paging.pages",
		Kinds: []string{"PageBegan", "PageOpened", "LegAnswered", "LegEnded", "CallEnded", "SettingsCommitted"},
		Look:  func(r core.Reactor, now core.Time) any { return r.(*Paging).look() },
	}},
}

// Paging knows the pages under way; New makes it.
type Paging struct {
	book  *call.Book
	quiet map[id.Station]bool // wants not to be disturbed
	pages map[id.Call]*page
}

// page is one under way.
type page struct {
	group    string
	stations []id.Station
	skipped  []event.PageSkipped
	open     bool
	until    int64 // the speaker waits for further telephones, 0 for the first
}

// New makes it.
func New(b *call.Book) *Paging {
	b.Holds("page")
	return &Paging{book: b, quiet: map[id.Station]bool{}, pages: map[id.Call]*page{}}
}

// Due is when the first speaker has waited long enough.
func (p *Paging) Due() int64 {
	due := int64(0)
	for _, g := range p.pages {
		if !g.open {
			due = core.Sooner(due, g.until)
		}
	}
	return due
}

// Apply remembers.
func (p *Paging) Apply(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.DisturbChanged:
		if e.Off {
			p.quiet[e.Station] = true
		} else {
			delete(p.quiet, e.Station)
		}
	case *event.PageBegan:
		p.pages[e.Call] = &page{group: e.Group, stations: e.Stations, skipped: e.Skipped}
	case *event.PageOpened:
		if g := p.pages[e.Call]; g != nil {
			g.open = true
		}
	case *event.LegAnswered:
		if c, g := p.listener(e.Leg); c != nil && g.until == 0 {
			g.until = now.At + gatherMS
		}
	case *event.CallRouted:
		if e.To.Kind() != "page" {
			delete(p.pages, e.Call)
		}
	case *event.CallEnded:
		delete(p.pages, e.Call)
	}
}

// React decides.
func (p *Paging) React(now core.Time, e event.Event, out *core.Out) {
	switch e := e.(type) {
	case *event.CallRouted:
		c := p.book.Call(e.Call)
		switch {
		case c == nil || c.Where != e.To:
		case e.To.Kind() == "page":
			p.begin(now, c, out)
		case c.Emergency:
			p.release(c.Port, out)
		}
	case *event.LegAnswered:
		p.answered(now, e.Leg, out)
	case *event.LegEnded:
		p.gone(now, e.Leg, leg.Cause(e.Cause), out)
	case *event.LegDropped:
		p.gone(now, e.Leg, leg.Cause(e.Cause), out)
	case *event.Woke:
		for _, c := range p.book.Calls() {
			p.ready(now, c, out)
		}
	}
}

// listener finds the page that a telephone is part of as a listener.
func (p *Paging) listener(l id.Leg) (*call.Call, *page) {
	c := p.book.CallOfLeg(l)
	if c == nil || c.Caller == l || p.pages[c.ID] == nil {
		return nil, nil
	}
	return c, p.pages[c.ID]
}

// answered lets a telephone hear the speaker, and be heard where the group is set so.
func (p *Paging) answered(now core.Time, l id.Leg, out *core.Out) {
	c := p.book.CallOfLeg(l)
	if c == nil || p.pages[c.ID] == nil || !p.book.Answered(l) {
		return
	}
	if l != c.Caller {
		out.Do(order.Listen{Leg: l, To: c.Caller})
		if set, _ := p.book.Office().PageByName(p.pages[c.ID].group); set.BothWays {
			out.Do(order.Listen{Leg: c.Caller, To: l})
		}
	}
	p.ready(now, c, out)
}

// ready tells the speaker by a beep to speak, when all telephones have answered or
// given up, or the rest has had its time.
func (p *Paging) ready(now core.Time, c *call.Call, out *core.Out) {
	g := p.pages[c.ID]
	if g == nil || g.open || !p.book.Answered(c.Caller) {
		return
	}
	listening, coming := p.count(c)
	if listening == 0 || coming > 0 && (g.until == 0 || now.At < g.until) {
		return
	}
	out.Say(&event.CallConnected{Call: c.ID, Leg: c.Caller, Port: c.Port, Station: p.book.StationAt(c.Port), WaitMS: now.At - c.BeganAt})
	out.Do(order.Stop{Leg: c.Caller})
	out.Say(&event.PageOpened{Call: c.ID, Listening: int64(listening), Play: p.book.Play(out, c, false, "prompt/beep")})
}

// count tells how many telephones listen, and how many may yet.
func (p *Paging) count(c *call.Call) (listening, coming int) {
	for _, n := range c.Legs {
		switch l := p.book.Leg(n); {
		case l == nil || n == c.Caller || !l.Live() || l.Dropped:
		case l.State == call.Answered:
			listening++
		default:
			coming++
		}
	}
	return listening, coming
}

// gone goes on without a telephone; with none left the page is over.
func (p *Paging) gone(now core.Time, l id.Leg, why leg.Cause, out *core.Out) {
	c, g := p.listener(l)
	if c == nil {
		return
	}
	if listening, coming := p.count(c); listening+coming > 0 {
		p.ready(now, c, out)
	} else if g.open {
		p.book.End(now, out, c.ID, leg.Normal, 0)
	} else {
		p.book.Fail(now, out, c, why)
	}
}

// release lets a telephone go that calls for help.
func (p *Paging) release(port id.Port, out *core.Out) {
	for _, c := range p.book.Calls() {
		if p.pages[c.ID] == nil {
			continue
		}
		for _, n := range slices.Clone(c.Legs) {
			if l := p.book.Leg(n); l != nil && n != c.Caller && l.Port == port {
				p.book.Drop(out, n, leg.Preempted)
			}
		}
	}
}
