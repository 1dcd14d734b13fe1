package guard

import (
	"slices"

	"centralita/firmware/calendar"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/number"
	"centralita/firmware/order"
	"centralita/firmware/settings"
)

const (
	forbidden = leg.Forbidden
	// again is why a call is routed a second time, through the ways that are left.
	again = "guard"
)

// usual are the kinds that everybody may call where nothing is set.
var usual = []string{string(number.National), string(number.Mobile), string(number.Free), string(number.Shared)}

// verdict is why a call may not go out; the zero verdict lets it.
type verdict struct {
	rule  string // kind, hours, limit
	of    string
	limit string
}

func (g *Guard) kind(n string) number.Kind { return number.KindOf(g.book.Office().CountryCode(), n) }

func (g *Guard) emergency(n string) bool { return slices.Contains(g.book.Office().Emergency(), n) }

// routed judges a call that was sent to the outside.
func (g *Guard) routed(now core.Time, e *event.CallRouted, out *core.Out) {
	c, o := g.book.Call(e.Call), g.out[e.Call]
	if c == nil || o == nil || c.Where != e.To || e.Why == again || o.free || g.book.Office().Guard.Off {
		return
	}
	if v := g.ofStation(now, o); v.rule != "" {
		g.bar(now, c, o, v, out)
		return
	}
	ways := g.ways(c, e)
	var left []id.Port
	var first verdict
	for _, p := range ways {
		v := g.ofWay(now, o, p)
		if v.rule == "" {
			left = append(left, p)
		} else if first.rule == "" {
			first = v
		}
	}
	switch {
	case first.rule == "":
	case len(left) == 0:
		g.bar(now, c, o, first, out)
	default:
		out.Say(&event.CallRouted{Call: c.ID, To: e.To, Why: again, Dialled: e.Dialled, Through: left, Record: e.Record})
	}
}

// ways are the ports that the call may take, as firmware/trunk reads its route.
func (g *Guard) ways(c *call.Call, e *event.CallRouted) []id.Port {
	if len(e.Through) > 0 {
		return e.Through
	}
	var list []id.Port
	for _, rule := range g.book.Office().DialPlan.Outside {
		for _, p := range rule.Through {
			if !slices.Contains(list, p) {
				list = append(list, p)
			}
		}
	}
	return list
}

// ofStation is what the extension's own limit says.
func (g *Guard) ofStation(now core.Time, o *outgoing) verdict {
	if o.station == "" {
		return verdict{}
	}
	of := string(id.To("station", string(o.station)))
	return g.overspent(now, of)
}

// ofWay is what office, extension and way out say together of a call.
func (g *Guard) ofWay(now core.Time, o *outgoing, p id.Port) verdict {
	if !g.may(o, p, string(g.kind(o.number))) {
		return verdict{rule: "kind"}
	}
	if !g.open(now) && !g.may(o, p, settings.OutOfHours) {
		return verdict{rule: "hours"}
	}
	return g.overspent(now, string(p))
}

// may reports whether a kind of call is allowed: who bars it nearest to the call is
// heard first, then who allows it, then the office.
func (g *Guard) may(o *outgoing, p id.Port, kind string) bool {
	office := g.book.Office()
	s, _ := g.book.Station(o.station)
	allow, bar := permits(office, p)
	switch {
	case slices.Contains(s.Bar, kind), slices.Contains(bar, kind):
		return false
	case slices.Contains(s.Allow, kind), slices.Contains(allow, kind):
		return true
	case slices.Contains(office.Guard.Bar, kind):
		return false
	}
	return slices.Contains(office.Guard.Allow, kind) || slices.Contains(usual, kind)
}

func permits(t *settings.Tree, p id.Port) (allow, bar []string) {
	if l, ok := t.LineByPort(p); ok {
		return l.Allow, l.Bar
	}
	if k, ok := t.TrunkByName(p.Name()); ok && p.Kind() == "trunk" {
		return k.Allow, k.Bar
	}
	return nil, nil
}

// open reports whether calls go out at this hour.
func (g *Guard) open(now core.Time) bool {
	t := g.book.Office()
	if len(t.Hours) == 0 {
		return true
	}
	for _, h := range t.Hours {
		if t.Guard.Open != "" && h.Name != t.Guard.Open {
			continue
		}
		w, err := calendar.Parse(h.Weekly, h.Holidays.Also)
		if err != nil || w.Open(g.book.Local(now.Wall)) {
			return true // hours that do not read were refused when they were set
		}
	}
	return false
}

// bar tells the caller why the call does not go out, and ends it.
func (g *Guard) bar(now core.Time, c *call.Call, o *outgoing, v verdict, out *core.Out) {
	said := &event.CallBarred{Call: c.ID, Station: o.station, Number: o.number, Rule: v.rule, What: string(g.kind(o.number)), Of: v.of, Limit: v.limit}
	inside := !c.Port.Outside()
	if inside {
		said.Play = id.Play(out.Number())
	}
	out.Say(said)
	g.book.Route(out, c.ID, id.To("barred", v.rule), again)
	if !inside {
		g.book.Fail(now, out, c, forbidden)
		return
	}
	if !g.book.Answered(c.Caller) {
		out.Do(order.Progress{Leg: c.Caller, Sound: true})
	}
	out.Do(order.Play{Leg: c.Caller, Play: said.Play, Lang: g.book.Language(c), Clips: sentence(v.rule, said.What)})
}

// sentence is what the caller hears.
func sentence(rule, what string) []string {
	name := rule
	if rule == "kind" {
		switch number.Kind(what) {
		case number.International, number.Premium:
			name = what
		default:
			name = "number"
		}
	}
	return []string{"prompt/barred-" + name}
}
