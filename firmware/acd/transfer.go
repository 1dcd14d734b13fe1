package acd

import (
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// transferred follows calls that change hands: who gave a call away wraps it up,
// and who speaks at the other end of what became one call keeps it. A call that
// comes back to its agent is the agent's still.
func (f *Floor) transferred(now core.Time, e *event.CallTransferred, out *core.Out) {
	for _, a := range f.sorted() {
		if a.state != talking || a.call == 0 || a.call != e.Call && a.call != e.Via {
			continue
		}
		switch {
		case a.station == e.Station && e.How == "recall":
		case a.station == e.Station || e.How != "attended":
			f.wrap(now, a, out)
		case a.call == e.Via:
			out.Say(&event.AgentChanged{Agent: a.id, State: talking, Station: a.station, Call: e.Call, Queue: a.queue})
		}
	}
}

// moved lets agents go whose call went on without them: it was not taken back.
func (f *Floor) moved(now core.Time, c id.Call, out *core.Out) {
	for _, a := range f.sorted() {
		if a.state == talking && a.call == c {
			f.wrap(now, a, out)
		}
	}
}

// wrap ends an agent's talk.
func (f *Floor) wrap(now core.Time, a *agent, out *core.Out) {
	q, _ := f.queue(a.queue)
	if a.state == talking && q.WrapUp > 0 {
		f.become(out, a, wrapUp, "", now.At+q.WrapUp.MS())
	} else {
		f.free(out, a)
	}
}
