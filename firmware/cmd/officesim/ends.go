package main

import (
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
)

// dial: somewhere a telephone rings, or not.
func (t *town) dial(o order.Dial) {
	e := &end{id: o.Leg, port: o.Port}
	if t.taken(o.Port) {
		t.legs[o.Leg] = e
		t.endLater(e, 1, string(leg.Busy))
		return
	}
	t.legs[o.Leg] = e
	switch {
	case t.chance(40):
		t.endLater(e, t.between(1, 3_000), string(leg.OutOfOrder))
	case o.Port.Outside():
		t.outside(e)
	default:
		t.inside(e)
	}
}

// taken reports sockets in use.
func (t *town) taken(p id.Port) bool {
	if k := p.Kind(); k != "fxs" && k != "fxo" {
		return false
	}
	for _, e := range t.legs {
		if e.port == p {
			return true
		}
	}
	return false
}

func (t *town) rings(e *end) {
	if !e.gone {
		t.tell(&event.LegRinging{Leg: e.id})
	}
}

func (t *town) lift(e *end, by leg.By) {
	if !e.gone && !e.answered {
		e.answered = true
		t.tell(&event.LegAnswered{Leg: e.id, By: string(by), Sure: 90})
		t.patience(e, 120_000) // whoever was rung for a click may end in a queue
	}
}

// inside: most people lift after a few rings, some are not there, some refuse.
func (t *town) inside(e *end) {
	t.later(t.between(10, 300), func() { t.rings(e) })
	switch n := t.rnd.IntN(20); {
	case n < 15:
		t.later(t.between(500, 18_000), func() { t.lift(e, leg.ByHook) })
	case n == 15 && e.port.Kind() == "sip":
		t.endLater(e, t.between(100, 8_000), string(leg.Rejected))
	case n == 16 && e.port.Kind() == "sip":
		t.endLater(e, t.between(50, 400), string(leg.Busy))
	}
}

// outside: ringback is heard, then somebody answers, or it is busy, or nobody.
func (t *town) outside(e *end) {
	t.later(t.between(300, 4_000), func() {
		if !e.gone && t.chance(2) {
			t.tell(&event.LegEarly{Leg: e.id})
		}
		t.rings(e)
	})
	switch n := t.rnd.IntN(10); {
	case n < 7:
		t.later(t.between(3_000, 30_000), func() { t.lift(e, leg.ByPolarity) })
	case n == 7:
		t.endLater(e, t.between(800, 6_000), string(leg.Busy))
	case n == 8:
		t.endLater(e, t.between(400, 2_000), string(leg.Congestion))
	}
}

// offer: somebody outside or inside wants a call.
func (t *town) offer(port id.Port, to string) *end {
	if t.taken(port) {
		return nil
	}
	e := &end{id: id.Leg(t.box.Core.Number()), port: port, offered: true, answered: port.Kind() == "fxs"}
	t.legs[e.id] = e
	from := ""
	if port.Outside() && !t.chance(5) {
		from = "6" + digits(t, 8)
	}
	t.tell(&event.LegOffered{Leg: e.id, Port: port, From: from, To: to})
	if port.Outside() && from == "" {
		t.later(1500, func() {
			if !e.gone {
				t.tell(&event.LegUpdated{Leg: e.id, From: "6" + digits(t, 8)})
			}
		})
	}
	return e
}

func digits(t *town, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + t.rnd.IntN(10))
	}
	return string(b)
}

// patience: whoever called and talks to nobody gives up some time.
func (t *town) patience(e *end, most int64) {
	t.later(t.between(2_000, most), func() {
		if !e.gone && e.with == 0 {
			t.ended(e, string(leg.Normal))
		}
	})
}
