package acd

import (
	"slices"

	"centralita/firmware/access"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
)

// Feature is the plug.
var Feature = feature.Feature{
	Name: "acd",
	New:  func(b *call.Book) core.Reactor { return New(b) },
	Commands: []feature.Command{
		{Name: "agent.ready", New: func() core.Command { return new(Ready) }, Role: access.Agent, Own: true, Help: "help.acd.ready"},
		{Name: "agent.away", New: func() core.Command { return new(Away) }, Role: access.Agent, Own: true, Help: "help.acd.away"},
		{Name: "agent.sign-in", New: func() core.Command { return new(SignIn) }, Role: access.Agent, Own: true, Help: "help.acd.sign-in"},
		{Name: "agent.sign-out", New: func() core.Command { return new(SignOut) }, Role: access.Agent, Own: true, Help: "help.acd.sign-out"},
	},
	Destinations: []string{"queue"},
	Views: []feature.View{{
		Name: "floor", Role: access.Agent, Help: "help.acd.floor",
		Kinds: []string{"CallQueued", "CallPresented", "CallReturned", "CallLeft", "CallConnected", "AgentChanged", "LegUpdated", "SettingsCommitted"},
		Look:  func(r core.Reactor, now core.Time) any { return r.(*Floor).look(now) },
	}},
}

// Floor is all queues and agents.
type Floor struct {
	book    *call.Book
	waiting []*waiting // by entry: the order in which callers are presented
	agents  map[id.Agent]*agent
	counts  map[id.Queue]*count
}

// New makes it.
func New(b *call.Book) *Floor {
	b.Holds("queue")
	return &Floor{book: b, agents: map[id.Agent]*agent{}, counts: map[id.Queue]*count{}}
}

// Due is the earliest of all due times.
func (f *Floor) Due() int64 {
	due := int64(0)
	for _, w := range f.waiting {
		due = core.Sooner(due, w.tell)
		if w.agent == "" {
			due = core.Sooner(due, f.overflowAt(w))
		}
	}
	for _, a := range f.agents {
		due = core.Sooner(due, a.until)
	}
	return due
}

// Apply remembers.
func (f *Floor) Apply(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.CallQueued:
		f.enter(now, e)
	case *event.CallPresented:
		if w := f.waits(e.Call); w != nil {
			w.agent, w.leg = e.Agent, e.Leg
		}
	case *event.CallReturned:
		if w := f.waits(e.Call); w != nil {
			w.agent, w.leg = "", 0
		}
	case *event.PositionTold:
		if w := f.waits(e.Call); w != nil {
			w.tell, w.play = e.Until, e.Play
		}
	case *event.CallLeft:
		f.count(now, e)
		f.waiting = slices.DeleteFunc(f.waiting, func(w *waiting) bool { return w.call == e.Call })
	case *event.AgentChanged:
		f.agent(e.Agent).change(now, e)
	}
}

// React decides. Whatever may free an agent, a phone or a caller is followed by
// a look at who can be presented, in the same step.
func (f *Floor) React(now core.Time, e event.Event, out *core.Out) {
	switch e := e.(type) {
	case *event.SettingsCommitted:
		f.closeGone(now, out)
		f.reach(now, out)
		f.present(now, out)
	case *event.BoxStarted, *event.PhoneChanged:
		f.reach(now, out)
		f.present(now, out)
	case *event.CallRouted:
		f.routed(now, e, out)
	case *event.CallQueued, *event.CallReturned:
		f.present(now, out)
	case *event.AgentChanged:
		if e.State == ready {
			f.present(now, out)
		}
	case *event.LegAnswered:
		f.answered(now, e.Leg, out)
	case *event.PlayEnded:
		f.played(e, out)
	case *event.LegDropped:
		f.legGone(now, e.Leg, "no-answer", out)
	case *event.LegEnded:
		f.legGone(now, e.Leg, e.Cause, out)
		f.present(now, out) // a phone may have come free
	case *event.CallTransferred:
		f.transferred(now, e, out)
	case *event.CallEnded:
		f.ended(now, e, out)
	case *event.Woke:
		f.woke(now, out)
	}
}
