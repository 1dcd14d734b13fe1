package switchboard

import (
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

// alert tells a leg of a waiting caller, where it knows what to do with it.
func alert(l leg.Leg, o order.Alert) {
	if w, ok := l.(leg.Waiter); ok {
		w.Waiting(leg.Caller{
			Number: o.From, Name: o.Name,
			Absent: leg.Absent(o.Absent), Pattern: leg.Pattern(o.Pattern),
		})
	}
}

func alertOver(l leg.Leg) {
	if w, ok := l.(leg.Waiter); ok {
		w.WaitingOver()
	}
}

// show tells every maker whose telephones watch stations what one of them does.
func (s *Switchboard) show(o order.ShowStation) {
	for _, m := range s.opt.Makers {
		if w, ok := m.(leg.Shower); ok {
			w.ShowStation(leg.StationState(o))
			return // phones and providers share one maker
		}
	}
}

// mind shows at a port how many messages wait.
func (s *Switchboard) mind(o order.MessageWaiting) {
	if m, ok := s.opt.Makers[o.Port.Kind()].(leg.Minder); ok {
		m.MessageWaiting(o.Port, o.Count)
	}
}
