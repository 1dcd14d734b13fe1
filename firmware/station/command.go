package station

import (
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/number"
	"centralita/firmware/order"
)

// Dial rings a station and, when it is lifted, dials for it (click to dial).
type Dial struct {
	Station id.Station `json:"station"`
	To      string     `json:"to"`
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

func (s *Stations) click(now core.Time, d *Dial, out *core.Out) error {
	st, known := s.book.Station(d.Station)
	port, to := call.PortOf(st), number.Clean(d.To)
	switch {
	case !known:
		return core.Refuse("unknown-station", string(d.Station))
	case to == "":
		return core.Refuse("no-number", d.To)
	case !s.book.Reachable(d.Station):
		return core.Refuse("station-unreachable", string(d.Station))
	case s.book.PortBusy(port):
		return core.Refuse("station-busy", string(d.Station))
	}
	n, l := id.Call(out.Number()), id.Leg(out.Number())
	out.Say(&event.CallBegan{Call: n, Leg: l, Port: port, Direction: "inside", From: st.Extension, Name: st.Name, To: to})
	s.book.Route(out, n, "dial/", "clicked")
	out.Say(&event.LegBegan{Leg: l, Call: n, Port: port, Until: now.At + ringMS})
	out.Do(order.Dial{Leg: l, Port: port, From: to, As: st.Extension})
	return nil
}
