package trunk

import (
	"centralita/firmware/access"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

// Feature is the plug.
var Feature = feature.Feature{
	Name:         "trunk",
	New:          func(b *call.Book) core.Reactor { return New(b) },
	Destinations: []string{"outside"},
	Commands: []feature.Command{
		{Name: "test", New: func() core.Command { return new(Test) }, Role: access.Owner, Help: "help.trunk.test"},
	},
	Views: []feature.View{{
		Name: "lines", Role: access.Agent, Help: "help.trunk.lines",
		Kinds: []string{"LineChanged", "TrunkChanged", "SettingsCommitted", "LegOffered", "LegBegan", "LegAnswered", "LegEnded", "CallBegan", "CallConnected", "CallEnded"},
		Look:  func(r core.Reactor, now core.Time) any { return r.(*Trunks).look() },
	}, {
		Name: "checks", Role: access.Supervisor, Help: "help.trunk.checks",
		Kinds: []string{"TrunkTestAsked", "TrunkTested", "SettingsCommitted"},
		Look:  func(r core.Reactor, now core.Time) any { return r.(*Trunks).lookTests() },
	}},
}

// Trunks decides for lines and accounts.
type Trunks struct {
	book *call.Book
	out  map[id.Call]*outgoing

	tests map[string]*Check // by trunk
}

// New makes it.
func New(b *call.Book) *Trunks {
	b.Holds("outside")
	return &Trunks{book: b, out: map[id.Call]*outgoing{}, tests: map[string]*Check{}}
}

// outgoing is a call on its way out.
type outgoing struct {
	through   []id.Port // allowed, in order
	emergency bool
	tried     []id.Port // every dial, in order
	leg       id.Leg    // dialled last, 0 none
	since     int64     // of leg
	why       leg.Cause // how the last dial failed
}

// Apply remembers which ports were tried.
func (t *Trunks) Apply(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.CallRouted:
		delete(t.out, e.Call)
		if c := t.book.Call(e.Call); c != nil && e.To.Kind() == "outside" {
			t.out[e.Call] = &outgoing{through: e.Through, emergency: e.Emergency}
		}
	case *event.LegBegan:
		if o := t.out[e.Call]; o != nil {
			o.tried, o.leg, o.since = append(o.tried, e.Port), e.Leg, now.At
		}
	case *event.CallTransferred:
		// What another call dialled rings on for this one.
		if o := t.out[e.Via]; o != nil && e.How == "ringing" && t.book.Call(e.Call) != nil {
			t.out[e.Call] = o
			delete(t.out, e.Via)
		}
	case *event.LegEnded:
		for _, o := range t.out {
			if o.leg == e.Leg {
				o.why = leg.Cause(e.Cause)
			}
		}
	case *event.CallEnded:
		delete(t.out, e.Call)
	default:
		t.applyTest(now, e)
	}
}

// React decides.
func (t *Trunks) React(now core.Time, e event.Event, out *core.Out) {
	switch e := e.(type) {
	case *event.CallBegan:
		t.incoming(now, e, out)
	case *event.CallRouted:
		if c := t.book.Call(e.Call); c != nil && c.Where == e.To && t.out[e.Call] != nil {
			t.try(now, c, out)
		}
	case *event.LegRinging:
		// A caller who hears the exchange already needs no tone of ours, but a phone
		// that was not answered yet hears nothing and is told by a word.
		if c := t.dialling(e.Leg); c != nil && (t.book.Leg(e.Leg).State == call.Ringing || !t.book.Answered(c.Caller)) {
			t.book.Ringback(out, c)
		}
	case *event.LegEarly:
		t.early(e, out)
	case *event.LegAnswered:
		if c := t.dialling(e.Leg); c != nil && t.book.Answered(e.Leg) {
			t.book.Connect(now, out, c, e.Leg, "", false)
		}
	case *event.LegDropped:
		if c := t.dialling(e.Leg); c != nil {
			t.book.Fail(now, out, c, leg.Cause(e.Cause))
		}
	case *event.LegEnded:
		t.ended(now, e, out)
	}
}

// incoming routes a call from outside to where its port rings.
func (t *Trunks) incoming(now core.Time, e *event.CallBegan, out *core.Out) {
	if t.book.Call(e.Call) == nil || !e.Port.Outside() {
		return
	}
	var to id.Destination
	if line, ok := t.book.Office().LineByPort(e.Port); ok {
		to = line.Rings
	} else if k, ok := t.book.Office().TrunkByName(e.Port.Name()); ok && e.Port.Kind() == "trunk" {
		if t.book.PortLegs(e.Port) > t.book.TrunkCalls(e.Port) {
			t.book.End(now, out, e.Call, leg.Congestion, 0) // it is counted already
			return
		}
		to = k.Rings
	}
	if to == "" {
		t.book.End(now, out, e.Call, leg.UnknownNumber, 0)
		return
	}
	t.book.Route(out, e.Call, to, e.Port.Kind())
}

// dialling finds the call that dials out by this leg and is not connected.
func (t *Trunks) dialling(l id.Leg) *call.Call {
	c := t.book.CallOfLeg(l)
	if c == nil || c.With != 0 || t.out[c.ID] == nil || t.out[c.ID].leg != l {
		return nil
	}
	return c
}

// early lets the caller hear the exchange before anybody answers.
func (t *Trunks) early(e *event.LegEarly, out *core.Out) {
	c := t.dialling(e.Leg)
	if c == nil {
		return
	}
	if t.book.Answered(c.Caller) {
		out.Do(order.Stop{Leg: c.Caller})
	} else {
		out.Do(order.Progress{Leg: c.Caller, Sound: true})
	}
	out.Do(order.Connect{A: c.Caller, B: e.Leg})
}
