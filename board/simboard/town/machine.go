package town

import "centralita/hal/sim/wire"

// Machine is a program at an end of the town in place of a person: a fax machine, a
// modem, a meter. Exchange is called in every step of the board, talking or not,
// takes 10 ms of what the end hears and gives what it says; false means that the
// program is gone. The board waits for it, so it has to come back soon.
type Machine interface {
	Exchange(heard, says *wire.Sound) bool
}

// plug is where a machine hangs.
type plug struct{ machine Machine }

// exchange lets the machine live; off the call it hears nothing and is not heard.
func (p *plug) exchange(talking bool, heard, says *wire.Sound) {
	if p.machine == nil {
		return
	}
	var nothing, lost wire.Sound
	if !talking {
		heard, says = &nothing, &lost
	}
	*says = wire.Sound{}
	if !p.machine.Exchange(heard, says) {
		p.machine = nil
	}
}

// Attach hangs a machine on the outside end of a line. From then on it speaks in
// calls in place of the party's voice; what the party's script does goes on.
func (l *Line) Attach(m Machine) Pending { return l.end().attach(m) }

// Attach hangs a machine on the telephone, in place of the person's voice.
func (h *Handset) Attach(m Machine) Pending { return h.end().attach(m) }

// attach takes the machine between two steps; one at a time.
func (e end) attach(m Machine) Pending {
	return e.town.ask(func() error {
		if e.plug.machine != nil {
			return wrong("attached", "%s: a program hangs on it already", e.name)
		}
		e.plug.machine = m
		return nil
	})
}
