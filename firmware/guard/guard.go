package guard

import (
	"slices"

	"centralita/firmware/access"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/number"
)

// Feature is the plug. It stands before "trunk" in the list, and behind "alarm",
// which at a start clears what the run before had raised.
var Feature = feature.Feature{
	Name:         "guard",
	New:          func(b *call.Book) core.Reactor { return New(b) },
	Destinations: []string{"barred"},
	Views: []feature.View{{
		Name: "spending", Role: access.Supervisor, Help: "help.guard.spending",
		Kinds: []string{"CallBarred", "LimitNeared", "LegEnded", "LegAnswered", "SettingsCommitted"},
		Look:  func(r core.Reactor, now core.Time) any { return r.(*Guard).look(now) },
	}},
}

// Guard is what was spent and what was refused; New makes it.
type Guard struct {
	book   *call.Book
	out    map[id.Call]*outgoing
	legs   map[id.Leg]*toll
	live   map[string][]id.Leg // answered, by whom they are charged to
	dues   map[string]int64    // when each of them nears or spends a limit
	spent  map[string]*account // by station/201, fxo1, trunk/prov
	barred map[id.Call]id.Play
	raised map[string]string // alarms of ours that last: key to text

	refused []Refused // of late, oldest first
	tries   []int64   // At of international and premium calls of late, oldest first
	last    core.Time // of the last fact
}

// outgoing is a call that was sent to the outside.
type outgoing struct {
	station id.Station // who pays, "" nobody of the office
	number  string
	free    bool // an emergency call
}

// New makes it.
func New(b *call.Book) *Guard {
	b.Holds("barred")
	return &Guard{
		book: b, out: map[id.Call]*outgoing{}, legs: map[id.Leg]*toll{}, live: map[string][]id.Leg{}, dues: map[string]int64{}, spent: map[string]*account{},
		barred: map[id.Call]id.Play{}, raised: map[string]string{},
	}
}

// Apply remembers.
func (g *Guard) Apply(now core.Time, e event.Event) {
	changed := g.remember(now, e)
	g.last = now
	for _, of := range changed {
		g.plan(of)
	}
}

// remember gives the accounts whose due times are other ones by the fact.
func (g *Guard) remember(now core.Time, e event.Event) (changed []string) {
	switch e := e.(type) {
	case *event.BoxStarted:
		for _, t := range g.legs { // the power went; nobody knows when they ended
			g.charge(g.last, t)
		}
		clear(g.legs)
		clear(g.live)
		clear(g.out)
		clear(g.barred)
		return g.accounts()
	case *event.SettingsCommitted, *event.ClockStepped:
		return g.accounts()
	case *event.CallRouted:
		g.applyRouted(now, e)
	case *event.LegBegan:
		if o := g.out[e.Call]; o != nil && e.Port.Outside() {
			g.legs[e.Leg] = &toll{station: o.station, port: e.Port, free: o.free, price: g.price(o.number)}
		}
	case *event.LegAnswered:
		if t := g.legs[e.Leg]; t != nil && !t.answered {
			t.answered, t.since = true, now.At
			for _, of := range t.payers() {
				g.live[of] = append(g.live[of], e.Leg)
			}
			return t.payers()
		}
	case *event.LegEnded:
		if t := g.legs[e.Leg]; t != nil {
			g.charge(now, t)
			delete(g.legs, e.Leg)
			for _, of := range t.payers() {
				g.live[of] = slices.DeleteFunc(g.live[of], func(l id.Leg) bool { return l == e.Leg })
				if len(g.live[of]) == 0 {
					delete(g.live, of)
				}
			}
			return t.payers()
		}
	case *event.CallBarred:
		g.applyBarred(now, e)
	case *event.CallEnded:
		delete(g.out, e.Call)
		delete(g.barred, e.Call)
	case *event.AlarmRaised:
		if ours(e.Key) {
			g.raised[e.Key] = e.Text
			return []string{accountOf(e.Key)}
		}
	case *event.AlarmCleared:
		if ours(e.Key) {
			delete(g.raised, e.Key)
			return []string{accountOf(e.Key)}
		}
	}
	return nil
}

func (g *Guard) applyRouted(now core.Time, e *event.CallRouted) {
	c := g.book.Call(e.Call)
	if c == nil || e.To.Kind() != "outside" {
		delete(g.out, e.Call)
		return
	}
	if e.Why == again {
		return // judged already
	}
	o := &outgoing{station: g.payer(c), number: e.To.Name(), free: c.Emergency || g.emergency(e.To.Name())}
	g.out[e.Call] = o
	if k := g.kind(o.number); !o.free && (k == number.International || k == number.Premium) {
		g.tries = append(g.tries, now.At)
		if len(g.tries) > triesMax {
			g.tries = g.tries[1:]
		}
	}
}

// triesMax is the most that the settings let be counted.
const triesMax = 100

// refusedMax bounds the list of the page; the journal has all.
const refusedMax = 50

func (g *Guard) applyBarred(now core.Time, e *event.CallBarred) {
	if e.Play != 0 {
		g.barred[e.Call] = e.Play
	}
	g.refused = append(g.refused, Refused{
		Wall: now.Wall, Call: e.Call, Station: e.Station, Number: e.Number, Rule: e.Rule, What: e.What, Of: e.Of, Limit: e.Limit,
	})
	if len(g.refused) > refusedMax {
		g.refused = g.refused[1:]
	}
}

// React decides.
func (g *Guard) React(now core.Time, e event.Event, out *core.Out) {
	switch e := e.(type) {
	case *event.CallRouted:
		g.routed(now, e, out)
		g.forwards(now, e, out)
		g.pattern(now, out)
	case *event.PlayEnded:
		if c := g.book.CallOfLeg(e.Leg); c != nil && c.Where.Kind() == "barred" && g.barred[c.ID] == e.Play {
			g.book.Fail(now, out, c, forbidden)
		}
	case *event.BoxStarted, *event.SettingsCommitted:
		g.review(now, g.accounts(), out)
		g.pattern(now, out)
	case *event.Woke:
		g.review(now, g.dueBy(now.At), out)
		g.pattern(now, out)
	}
}

// payer is the extension that a call to the outside is charged to: the one that
// dialled, or that forwards its calls there.
func (g *Guard) payer(c *call.Call) id.Station {
	if n := len(c.Forwards); n > 0 {
		return c.Forwards[n-1].Station
	}
	if s := g.book.StationAt(c.Port); s != "" {
		return s
	}
	if c.Before.Kind() == "station" {
		return id.Station(c.Before.Name())
	}
	return ""
}
