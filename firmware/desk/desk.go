package desk

import (
	"maps"
	"slices"

	"centralita/firmware/access"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// Feature is the plug.
var Feature = feature.Feature{
	Name:         "call",
	New:          func(b *call.Book) core.Reactor { return New(b) },
	Destinations: []string{"recall", "replace", "pickup", "park", "parked"},
	Commands: []feature.Command{
		{Name: "hangup", New: func() core.Command { return new(Hangup) }, Role: access.Supervisor, Help: "help.call.hangup"},
		{Name: "hold", New: func() core.Command { return new(Hold) }, Role: access.Agent, Help: "help.call.hold"},
		{Name: "resume", New: func() core.Command { return new(Resume) }, Role: access.Agent, Help: "help.call.resume"},
		{Name: "consult", New: func() core.Command { return new(Consult) }, Role: access.Agent, Help: "help.call.consult"},
		{Name: "swap", New: func() core.Command { return new(Swap) }, Role: access.Agent, Help: "help.call.swap"},
		{Name: "refuse", New: func() core.Command { return new(Refuse) }, Role: access.Agent, Help: "help.call.refuse"},
		{Name: "conference", New: func() core.Command { return new(Conference) }, Role: access.Agent, Help: "help.call.conference"},
		{Name: "transfer", New: func() core.Command { return new(Transfer) }, Role: access.Agent, Help: "help.call.transfer"},
	},
	Views: []feature.View{{
		Name: "live", Role: access.Agent, Help: "help.call.live",
		Kinds: []string{"CallBegan", "CallRouted", "CallQueued", "CallPresented", "CallReturned", "CallConnected", "CallHeld", "CallResumed", "CallEnded",
			"CallTransferred", "CallWaits", "PageBegan", "ConferenceBegan", "ConferenceEnded",
			"LegUpdated", "LegBegan", "LegRinging", "LegAnswered", "LegEnded", "RecordingBegan"},
		Look: func(r core.Reactor, now core.Time) any { return r.(*Desk).look() },
	}},
}

// Desk decides about running calls.
type Desk struct {
	book    *call.Book
	asks    map[id.Leg]ask     // telephones that hear a tone in place of their call
	leaving map[id.Leg]id.Call // who leaves as soon as the second call rings
	recalls map[id.Call]recall
	hosts   map[id.Call]id.Leg     // whose conference the call was in, until that leg ends
	refers  map[id.Leg]id.Call     // the second calls by which far ends transfer (SIP REFER)
	parkers map[id.Call]id.Station // who parked a call
	deaf    map[id.Leg]string      // far ends that hold by their own signalling, and how
}

// ask is what a telephone's tone waits for.
type ask struct {
	what  string
	until int64
}

// What a telephone waits for.
const (
	menu   = "menu"
	wrong  = "wrong"
	goBack = "return"
)

// New makes it.
func New(b *call.Book) *Desk {
	b.Holds("recall", "replace", "pickup", "park", "parked")
	return &Desk{book: b, asks: map[id.Leg]ask{}, leaving: map[id.Leg]id.Call{}, recalls: map[id.Call]recall{}, hosts: map[id.Call]id.Leg{},
		refers: map[id.Leg]id.Call{}, deaf: map[id.Leg]string{}, parkers: map[id.Call]id.Station{}}
}

// Due is the earliest end of some waiting.
func (d *Desk) Due() int64 {
	due := int64(0)
	for _, a := range d.asks {
		due = core.Sooner(due, a.until)
	}
	for _, r := range d.recalls {
		due = core.Sooner(due, r.due())
	}
	return core.Sooner(due, d.parkedDue())
}

// Apply remembers.
func (d *Desk) Apply(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.BoxStarted:
		clear(d.asks)
		clear(d.leaving)
		clear(d.hosts)
		clear(d.refers)
		clear(d.deaf)
	case *event.KeyAwaited:
		if e.For == "" {
			delete(d.asks, e.Leg)
		} else {
			d.asks[e.Leg] = ask{e.For, e.Until}
		}
	case *event.TransferAsked:
		d.asked(e)
	case *event.LegHeld:
		d.deaf[e.Leg] = e.How
	case *event.LegResumed:
		delete(d.deaf, e.Leg)
	case *event.CallResumed:
		d.settled(e.By)
	case *event.ConferenceBegan:
		d.settled(e.By)
		d.hosts[e.Call], d.hosts[e.Other] = e.By, e.By
	case *event.ConferenceEnded:
		delete(d.hosts, e.Call)
		delete(d.hosts, e.Other)
	case *event.CallConnected:
		delete(d.asks, e.Leg)
		delete(d.recalls, e.Call)
	case *event.CallTransferred:
		d.settled(e.By)
		delete(d.refers, e.By)
		if e.To.Kind() == "park" {
			d.parkers[e.Call] = e.Station
		}
	case *event.LegEnded:
		d.settled(e.Leg)
		delete(d.refers, e.Leg)
		d.forgetDeaf()
		maps.DeleteFunc(d.hosts, func(_ id.Call, l id.Leg) bool { return l == e.Leg })
	case *event.RecallWaited:
		d.recalls[e.Call] = recall{next: e.Next, until: e.Until}
	case *event.LegBegan:
		if r, ok := d.recalls[e.Call]; ok {
			d.recalls[e.Call] = recall{leg: e.Leg, until: r.until}
		}
	case *event.CallRouted:
		delete(d.recalls, e.Call)
		if e.To.Kind() != "park" {
			delete(d.parkers, e.Call)
		}
	case *event.CallEnded:
		delete(d.recalls, e.Call)
		delete(d.parkers, e.Call)
		d.forgetDeaf()
	}
}

// settled forgets what a telephone waited for.
func (d *Desk) settled(l id.Leg) {
	delete(d.asks, l)
	delete(d.leaving, l)
}

// React decides.
func (d *Desk) React(now core.Time, e event.Event, out *core.Out) {
	switch e := e.(type) {
	case *event.DigitPressed:
		if e.Digit == "!" {
			d.flash(now, e.Leg, out)
		} else if d.asks[e.Leg].what == menu {
			d.choose(now, e.Leg, e.Digit, out)
		}
	case *event.CallBegan:
		d.replace(now, e, out)
	case *event.LegBegan:
		d.found(now, e.Call, out)
		d.barred(now, e, out)
	case *event.CallQueued:
		d.found(now, e.Call, out)
		d.reached(now, e.Call, out)
	case *event.MenuAsked:
		d.found(now, e.Call, out)
		d.reached(now, e.Call, out)
	case *event.CallConnected:
		d.found(now, e.Call, out)
		d.reached(now, e.Call, out)
		d.connectedDeaf(e, out)
	case *event.LegReferred:
		d.referred(now, e, out)
	case *event.LegHeld:
		d.legHeld(e.Leg, out)
	case *event.LegResumed:
		d.legResumed(now, e.Leg, out)
	case *event.LegEnded:
		d.left(now, e, out)
		d.recallLegGone(now, e.Leg, e.Cause, out)
	case *event.LegRinging:
		d.tellRinging(e.Leg, out)
		if c := d.recallOf(e.Leg); c != nil && !d.book.Answered(c.Caller) {
			d.book.Ringback(out, c)
		}
	case *event.LegAnswered:
		d.recallAnswered(now, e.Leg, out)
		d.replaced(now, e.Leg, out)
		d.servedAfterAnswer(now, e, out)
	case *event.PlayEnded:
		d.placeSaid(now, e.Leg, out)
	case *event.LegDropped:
		d.recallLegGone(now, e.Leg, e.Cause, out)
	case *event.CallRouted:
		d.routed(now, e, out)
	case *event.CallEnded:
		d.over(now, e, out)
	case *event.Woke:
		d.woke(now, out)
	}
}

// over has a telephone whose second call failed hear why for a moment, before the
// held one comes back.
//
// Whose conference has lost this call goes on in the other one, where the far end
// may be away.
func (d *Desk) over(now core.Time, e *event.CallEnded, out *core.Out) {
	if host := d.hosts[e.Call]; d.hears([]id.Leg{host}).alone[host] {
		d.wait(host, out)
	}
	if by := d.referring(e.Call); by != 0 {
		d.unreached(now, by, leg.Cause(e.Cause), out)
	}
	for _, c := range d.book.Calls() {
		for _, h := range c.Holders {
			if l := d.book.Leg(h); l != nil && l.State == call.Parked && l.Call == e.Call {
				out.Say(&event.KeyAwaited{Leg: h, For: goBack, Until: now.At + returnMS})
			}
		}
	}
}

// woke looks at every due time.
func (d *Desk) woke(now core.Time, out *core.Out) {
	var due []id.Leg
	for l, a := range d.asks {
		if a.until <= now.At {
			due = append(due, l)
		}
	}
	slices.Sort(due)
	for _, l := range due {
		switch a, held := d.asks[l], d.book.HeldCall(l); {
		case a.what == menu:
			d.choose(now, l, "", out)
		case a.what == goBack && held != nil:
			d.retrieve(now, held, l, out)
		default:
			d.back(l, out)
		}
	}
	d.wokeRecalls(now, out)
	d.wokeParked(now, out)
}
