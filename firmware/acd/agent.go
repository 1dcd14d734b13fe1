package acd

import (
	"slices"
	"strings"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// The states of an agent.
const (
	signedOut = "signed-out"
	ready     = "ready"
	presented = "presented"
	talking   = "talking"
	wrapUp    = "wrap-up"
	away      = "away"
	missed    = "missed"
)

// unreachable is the reason of being away or signed out that the box gives and
// takes itself.
const unreachable = "unreachable"

// missedMS is how long an agent who is "always" ready is spared after a call that
// was not answered: long enough for the caller to be offered to somebody else.
const missedMS = 10_000

// agent is one person who takes calls.
type agent struct {
	id      id.Agent
	state   string
	reason  string
	station id.Station
	call    id.Call
	queue   id.Queue
	since   int64 // in this state
	idle    int64 // since when idle: the longest is taken first
	until   int64 // of presented, wrap-up, missed; 0 none
}

// agent finds or begins somebody, signed out.
func (f *Floor) agent(n id.Agent) *agent {
	a := f.agents[n]
	if a == nil {
		a = &agent{id: n, state: signedOut}
		f.agents[n] = a
	}
	return a
}

func (a *agent) change(now core.Time, e *event.AgentChanged) {
	if e.State == ready && a.state != presented || e.State == missed {
		a.idle = now.At
	}
	if e.State != a.state || e.Reason != a.reason {
		a.since = now.At
	}
	a.state, a.reason, a.station, a.call, a.queue, a.until = e.State, e.Reason, e.Station, e.Call, e.Queue, e.Until
}

// become says an agent's new state.
func (f *Floor) become(out *core.Out, a *agent, state, reason string, until int64) {
	e := &event.AgentChanged{Agent: a.id, State: state, Reason: reason, Station: a.station, Until: until}
	if state == wrapUp {
		e.Call, e.Queue = a.call, a.queue
	}
	if state == signedOut {
		e.Station = ""
	}
	out.Say(e)
}

// free makes an agent ready, or what stands in its place when the phone is lost.
func (f *Floor) free(out *core.Out, a *agent) {
	switch {
	case f.book.Reachable(a.station):
		f.become(out, a, ready, "", 0)
	case f.always(a.id):
		f.become(out, a, signedOut, unreachable, 0)
	default:
		f.become(out, a, away, unreachable, 0)
	}
}

// always reports people who are ready by the settings.
func (f *Floor) always(n id.Agent) bool {
	p, ok := f.book.Office().PersonByName(id.Person(n))
	return ok && p.Ready == "always"
}

// reach follows phones that come and go, and people whom the settings make ready
// or no longer know.
func (f *Floor) reach(now core.Time, out *core.Out) {
	for _, p := range f.members() {
		n := id.Agent(p.Name)
		a := f.agents[n]
		lost := a == nil || a.state == signedOut && a.reason == unreachable // and not signed out by a person
		if p.Ready == "always" && lost && f.book.Reachable(p.Station) {
			out.Say(&event.AgentChanged{Agent: n, State: ready, Station: p.Station})
		}
	}
	for _, a := range f.sorted() {
		reachable := f.book.Reachable(a.station)
		switch {
		case a.state == away && a.reason == unreachable && reachable:
			f.become(out, a, ready, "", 0)
		case (a.state == ready || a.state == missed) && !reachable:
			f.free(out, a)
		}
	}
}

// members lists the people of all queues in the order of the settings.
func (f *Floor) members() []settings.Person {
	office := f.book.Office()
	var list []settings.Person
	for _, p := range office.People {
		if slices.ContainsFunc(office.Queues, func(q settings.Queue) bool { return slices.Contains(q.Agents, p.Name) }) {
			list = append(list, p)
		}
	}
	return list
}

// sorted lists the agents by name, for saying things in one order.
func (f *Floor) sorted() []*agent {
	list := make([]*agent, 0, len(f.agents))
	for _, a := range f.agents {
		list = append(list, a)
	}
	slices.SortFunc(list, func(x, y *agent) int { return strings.Compare(string(x.id), string(y.id)) })
	return list
}

// longestIdle finds the agent of a queue who can be presented a call now.
func (f *Floor) longestIdle(q settings.Queue) *agent {
	var best *agent
	for _, name := range q.Agents {
		a := f.agents[id.Agent(name)]
		if a == nil || a.state != ready || best != nil && a.idle >= best.idle {
			continue
		}
		if st, ok := f.book.Station(a.station); ok && f.book.Reachable(a.station) && !f.book.PortBusy(call.PortOf(st)) {
			best = a
		}
	}
	return best
}
