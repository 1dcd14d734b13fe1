package acd

import (
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// Ready says that an agent takes calls: after being away or missed, or to end
// wrap-up early. Who is signed out is signed in at the own station.
type Ready struct {
	Agent id.Agent `json:"agent"`
}

// Away says that an agent takes no calls, and why.
type Away struct {
	Agent  id.Agent `json:"agent"`
	Reason string   `json:"reason"`
}

// SignIn begins an agent's work at a station; "" is the agent's own.
type SignIn struct {
	Agent   id.Agent   `json:"agent"`
	Station id.Station `json:"station"`
}

// SignOut ends it.
type SignOut struct {
	Agent id.Agent `json:"agent"`
}

// reasonMax bounds the reason of being away, in bytes.
const reasonMax = 60

// Decide takes the commands.
func (f *Floor) Decide(now core.Time, who id.Person, c core.Command, out *core.Out) error {
	switch c := c.(type) {
	case *Ready:
		return f.decideReady(c.Agent, out)
	case *Away:
		return f.decideAway(c, out)
	case *SignIn:
		return f.signIn(c.Agent, c.Station, out)
	case *SignOut:
		return f.decideSignOut(c.Agent, out)
	}
	return core.Refuse("unknown-command")
}

// at finds an agent who is signed in and free of a call.
func (f *Floor) at(n id.Agent) (*agent, error) {
	a := f.agents[n]
	switch {
	case a == nil || a.state == signedOut:
		return nil, core.Refuse("not-signed-in", string(n))
	case a.state == presented || a.state == talking:
		return nil, core.Refuse("agent-in-call", string(n))
	}
	return a, nil
}

func (f *Floor) decideReady(n id.Agent, out *core.Out) error {
	if a := f.agents[n]; a == nil || a.state == signedOut {
		return f.signIn(n, "", out)
	}
	a, err := f.at(n)
	if err != nil {
		return err
	}
	if !f.book.Reachable(a.station) {
		return core.Refuse("station-unreachable", string(a.station))
	}
	if a.state != ready {
		f.become(out, a, ready, "", 0)
	}
	return nil
}

func (f *Floor) decideAway(c *Away, out *core.Out) error {
	a, err := f.at(c.Agent)
	if err != nil {
		return err
	}
	if len(c.Reason) > reasonMax || c.Reason == unreachable {
		return core.Refuse("bad-reason")
	}
	f.become(out, a, away, c.Reason, 0)
	return nil
}

func (f *Floor) signIn(n id.Agent, station id.Station, out *core.Out) error {
	p, ok := f.book.Office().PersonByName(id.Person(n))
	if !ok {
		return core.Refuse("unknown-agent", string(n))
	}
	if station == "" {
		station = p.Station
	}
	if _, ok := f.book.Station(station); !ok {
		return core.Refuse("unknown-station", string(station))
	}
	if !f.book.Reachable(station) {
		return core.Refuse("station-unreachable", string(station))
	}
	for _, other := range f.sorted() {
		if other.id != n && other.state != signedOut && other.station == station {
			return core.Refuse("station-taken", string(station), string(other.id))
		}
	}
	if a := f.agents[n]; a != nil && a.state != signedOut {
		if _, err := f.at(n); err != nil {
			return err
		}
	}
	out.Say(&event.AgentChanged{Agent: n, State: ready, Station: station})
	return nil
}

func (f *Floor) decideSignOut(n id.Agent, out *core.Out) error {
	a, err := f.at(n)
	if err != nil {
		return err
	}
	f.become(out, a, signedOut, "", 0)
	return nil
}
