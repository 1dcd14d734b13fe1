package station

import (
	"slices"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/number"
	"centralita/firmware/order"
)

// Dial rings a station and, when it is lifted, dials for it (click to dial): as the
// dial plan has it or, to try a way out, Through one of the office's own.
type Dial struct {
	Station id.Station `json:"station"`
	To      string     `json:"to"`
	Through id.Port    `json:"through,omitempty"`
}

// Decide takes the commands.
func (s *Stations) Decide(now core.Time, who id.Person, c core.Command, out *core.Out) error {
	switch c := c.(type) {
	case *Dial:
		return s.click(now, c, out)
	case *Disturb:
		return s.disturb(who, c, out)
	case *Messages:
		return s.messages(who, c, out)
	case *Message:
		return s.message(who, c, out)
	case *Forward:
		return s.forward(who, c, out)
	}
	return core.Refuse("unknown-command")
}

// clicked is why a call rings its own caller first.
const clicked = "clicked"

func (s *Stations) click(now core.Time, d *Dial, out *core.Out) error {
	st, known := s.book.Station(d.Station)
	port, to := call.PortOf(st), number.Clean(d.To)
	switch {
	case !known:
		return core.Refuse("unknown-station", string(d.Station))
	case d.Through != "" && !slices.Contains(s.book.Office().Ports(), d.Through):
		return core.Refuse("unknown-port", string(d.Through))
	case to == "":
		return core.Refuse("no-number", d.To)
	case !s.book.Reachable(d.Station):
		return core.Refuse("station-unreachable", string(d.Station))
	case s.book.PortBusy(port):
		return core.Refuse("station-busy", string(d.Station))
	}
	n, l := id.Call(out.Number()), id.Leg(out.Number())
	out.Say(&event.CallBegan{Call: n, Leg: l, Port: port, Direction: "inside", From: st.Extension, Name: st.Name, To: to})
	routed := &event.CallRouted{Call: n, To: "dial/", Why: clicked}
	if d.Through != "" {
		routed.Through = []id.Port{d.Through}
	}
	out.Say(routed)
	out.Say(&event.LegBegan{Leg: l, Call: n, Port: port, Until: now.At + ringMS})
	out.Do(order.Dial{Leg: l, Port: port, From: to, As: st.Extension})
	return nil
}
