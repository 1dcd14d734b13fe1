package call

import (
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// Port is what is known of a socket, a phone or a provider's account. Ports that
// nobody spoke of are taken as usable: a telephone has to work while the health
// of it is not yet told. Phones are the exception, they register first.
type Port struct {
	Port    id.Port
	State   string // of a line: ready no-battery fault busy-elsewhere; of others: up down
	Text    string
	Contact string
	Device  string

	Code    string // of a provider's account: why it is down
	Server  string // in use
	Servers []event.TrunkServer
}

// Port finds what is known of a port; the zero Port if nothing is.
func (b *Book) Port(p id.Port) Port {
	if known := b.ports[p]; known != nil {
		return *known
	}
	return Port{Port: p}
}

// Ports lists the ports of a kind that the box knows, settings or health, in
// order: all FXO sockets for an emergency call, say.
func (b *Book) Ports(kind string) []id.Port {
	var list []id.Port
	add := func(p id.Port) {
		if p.Kind() == kind && !contains(list, p) {
			list = append(list, p)
		}
	}
	for _, l := range b.office.Lines {
		add(l.Name)
	}
	for _, t := range b.office.Trunks {
		add(id.Port("trunk/" + t.Name))
	}
	var more []id.Port
	for p := range b.ports {
		if p.Kind() == kind && !contains(list, p) {
			more = append(more, p)
		}
	}
	sortPorts(more)
	return append(list, more...)
}

// Healthy reports whether a port could take a call if it were free.
func (b *Book) Healthy(p id.Port) bool {
	known := b.ports[p]
	if known == nil {
		return p.Kind() != "sip" && p.Kind() != "web"
	}
	switch known.State {
	case "ready", "up", "off-hook", "overload": // the last two work, and say what is wrong outside
		return true
	}
	return false
}

// Reachable reports whether a station's phone would ring: handsets always,
// phones while registered.
func (b *Book) Reachable(s id.Station) bool {
	st, ok := b.index.station[s]
	return ok && b.Healthy(PortOf(st))
}

// PortBusy reports whether a leg uses the port, a parked one too, or its handset
// was left off the hook.
func (b *Book) PortBusy(p id.Port) bool { return b.PortLegs(p) > 0 || b.Port(p).State == "off-hook" }

// PortLegs counts the legs that use a port.
func (b *Book) PortLegs(p id.Port) int { return b.use[p] }

// trunkCalls is how many calls a provider takes at once where nothing is set.
const trunkCalls = 30

// PortFree reports whether the port can take one more leg: sockets one, accounts
// as many as they are set to. A SIP phone decides
// that itself, up to the limit that is set for it.
func (b *Book) PortFree(p id.Port) bool {
	switch p.Kind() {
	case "sip":
		st, ok := b.Station(b.StationAt(p))
		return !ok || st.SIP == nil || st.SIP.Calls == 0 || b.PortLegs(p) < st.SIP.Calls
	case "trunk":
		return b.PortLegs(p) < b.TrunkCalls(p)
	}
	return !b.PortBusy(p)
}

// TrunkCalls is how many calls an account takes at once, both ways together.
func (b *Book) TrunkCalls(p id.Port) int {
	if t, ok := b.office.TrunkByName(p.Name()); ok && t.Calls > 0 {
		return t.Calls
	}
	return trunkCalls
}

func (b *Book) applyPort(e event.Event) {
	switch e := e.(type) {
	case *event.PhoneChanged:
		state := "down"
		if e.Registered {
			state = "up"
		}
		p := id.Port("sip/" + string(e.Station))
		if st, ok := b.Station(e.Station); ok && PortOf(st).Kind() == "web" {
			p = PortOf(st)
		}
		b.ports[p] = &Port{Port: p, State: state, Contact: e.Contact, Device: e.Device}
	case *event.TrunkChanged:
		state := "down"
		if e.Up {
			state = "up"
		}
		p := id.Port("trunk/" + e.Trunk)
		b.ports[p] = &Port{Port: p, State: state, Text: e.Text, Code: e.Code, Server: e.Server, Servers: e.Servers}
	case *event.LineChanged:
		b.ports[e.Port] = &Port{Port: e.Port, State: e.State, Text: e.Text}
	}
}

// Releasing reports whether a leg uses the port that was hung up already or whose
// call has ended: the port comes free with its LegEnded.
func (b *Book) Releasing(p id.Port) bool {
	for _, l := range b.legs {
		if l.Port == p && l.Live() && l.State != Parked && (l.Dropped || l.Call != 0 && b.calls[l.Call] == nil) {
			return true
		}
	}
	return false
}

// TellsHangup reports whether a far end behind the port is known to have hung up
// by signal: accounts by their protocol, lines with supervision. Of other lines it
// is known by tones and silence only, which two lines that hear each other may hide.
func (b *Book) TellsHangup(p id.Port) bool {
	l, ok := b.office.LineByPort(p)
	return p.Kind() == "trunk" || ok && l.Supervision != "" && l.Supervision != "none"
}
