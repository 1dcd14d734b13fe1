package paper

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/desk"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/order"
)

const deskOffice = `
office: {name: Desk, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines:
  - {name: fxo1, rings: queue/q}
  - {name: fxo2, rings: station/101, supervision: polarity}
trunks: [{name: p, server: sip.example.test, rings: menu/m, calls: 3}]
stations:
  - {extension: "101", handset: fxs1, call_waiting: true, transfer_outside: true}
  - {extension: "102", handset: fxs2, call_waiting: true}
  - {extension: "103", handset: fxs3}
  - {extension: "201", sip: {password: x}}
people:
  - {name: ana, role: agent, station: "101", ready: always}
  - {name: eva, role: agent, station: "102", ready: always}
menus: [{name: m, say: [welcome], keys: {"1": queue/q, "2": station/102}}]
queues: [{name: q, agents: [ana, eva], ring: 12s, wrap_up: 5s, max_wait: {after: 1m, then: station/103}, record: {always: true}}]
dial_plan:
  inside: [{dial: "600", to: service/echo}, {dial: "700", to: queue/q}, {dial: "500", to: menu/m}]
  outside: [{prefix: "0", through: [fxo1, trunk/p]}]
`

// people are the ends of all wires: they lift, answer, flash, dial and hang up at
// random, and do at last what the box orders.
type people struct {
	*fuzzer
	r      *rand.Rand
	agenda core.Agenda[func()]
	legs   map[id.Leg]id.Port // live
	rings  map[id.Leg]bool    // begun by the box and not answered
	seen   map[string]int
}

func newPeople(t *testing.T, seed uint64) *people {
	p := &people{
		fuzzer: &fuzzer{t: t, box: New(), twin: New()}, r: rand.New(rand.NewPCG(seed, 'd')),
		legs: map[id.Leg]id.Port{}, rings: map[id.Leg]bool{}, seen: map[string]int{},
	}
	p.do(&event.SettingsCommitted{Rev: 1, Doc: []byte(deskOffice)})
	p.do(&event.BoxStarted{})
	p.do(&event.PhoneChanged{Station: "201", Registered: true})
	return p
}

// do feeds a fact and obeys the orders.
func (p *people) do(e event.Event) {
	orders, said := p.box.Step(p.now(), e)
	p.took(Sentence(e), orders, said)
}

func (p *people) took(what string, orders []order.Order, said []event.Event) {
	p.t.Helper()
	if err := p.check.Check(p.box, said, orders); err != nil {
		p.t.Fatalf("at %d after %s: %v\n%s", p.at, what, err, p.last(40))
	}
	p.follow(said)
	for _, e := range said {
		p.seen[e.Kind()]++
		switch e := e.(type) {
		case *event.LegOffered:
			p.legs[e.Leg] = e.Port
		case *event.LegBegan:
			p.legs[e.Leg], p.rings[e.Leg] = e.Port, true
		case *event.LegEnded:
			delete(p.legs, e.Leg)
			delete(p.rings, e.Leg)
		case *event.CallTransferred:
			p.seen[e.How]++
		}
	}
	for _, o := range orders {
		p.obey(o)
	}
}

func (p *people) obey(o order.Order) {
	switch o := o.(type) {
	case order.Hangup:
		p.later(50, func() {
			if p.legs[o.Leg] != "" {
				p.do(&event.LegEnded{Leg: o.Leg, Cause: o.Cause})
			}
		})
	case order.Answer:
		p.later(200, func() {
			if p.legs[o.Leg] != "" {
				p.do(&event.LegAnswered{Leg: o.Leg, By: "hook"})
			}
		})
	case order.Dial:
		p.later(int64(100+p.r.IntN(3000)), func() {
			if p.rings[o.Leg] {
				p.do(&event.LegRinging{Leg: o.Leg})
			}
		})
	case order.Wake:
		p.later(o.At-p.at, func() { p.do(&event.Woke{}) })
	}
}

func (p *people) later(ms int64, do func()) { p.agenda.Note(p.at+max(ms, 0), do) }

// run lets time pass.
func (p *people) run(ms int64) {
	until := p.at + ms
	for {
		at, ok := p.agenda.Peek()
		if !ok || at > until {
			break
		}
		_, do, _ := p.agenda.Next()
		p.at = max(p.at, at)
		do()
	}
	p.at = until
}

func (p *people) last(n int) string {
	text := ""
	for _, e := range p.box.Journal[max(0, len(p.box.Journal)-n):] {
		text += fmt.Sprintf("%8.1f %s\n", float64(e.Now.At)/1000, Sentence(e.Fact))
	}
	return text
}

// pick is a live leg, mostly of a handset.
func (p *people) pick(want func(id.Leg) bool) id.Leg {
	var list []id.Leg
	for l := range p.legs {
		if want(l) {
			list = append(list, l)
		}
	}
	slices.Sort(list)
	if len(list) == 0 {
		return 0
	}
	return list[p.r.IntN(len(list))]
}

func (p *people) inside(l id.Leg) bool { return !p.legs[l].Outside() && !p.rings[l] }

func (p *people) act() {
	switch n := p.r.IntN(100); {
	case n < 12:
		port := []id.Port{"fxs1", "fxs2", "fxs3", "fxo1", "fxo2", "trunk/p", "sip/201"}[p.r.IntN(7)]
		if !p.box.Book.PortBusy(port) {
			to := ""
			if port.Kind() == "sip" {
				to = p.number()
			}
			p.do(&event.LegOffered{Leg: id.Leg(p.box.Core.Number()), Port: port, From: "600", To: to})
		}
	case n < 34:
		if l := p.pick(func(l id.Leg) bool { return p.rings[l] }); l != 0 {
			delete(p.rings, l)
			p.do(&event.LegAnswered{Leg: l, By: "hook"})
		}
	case n < 60:
		if l := p.pick(p.inside); l != 0 {
			p.do(&event.DigitPressed{Leg: l, Digit: "!"})
		}
	case n < 76:
		if l := p.pick(p.inside); l != 0 {
			p.do(&event.DigitPressed{Leg: l, Digit: "012345"[p.r.IntN(6):][:1]})
		}
	case n < 86:
		if l := p.pick(p.inside); l != 0 {
			for _, d := range p.number() {
				if p.legs[l] != "" {
					p.do(&event.DigitPressed{Leg: l, Digit: string(d)})
				}
			}
		}
	case n < 93:
		if l := p.pick(func(l id.Leg) bool { return true }); l != 0 {
			p.do(&event.LegEnded{Leg: l, Cause: []string{"normal", "busy", "busy-tone"}[p.r.IntN(3)]})
		}
	default:
		p.ask()
	}
}

func (p *people) number() string {
	return []string{"101", "102", "103", "201", "700", "500", "600", "0954123001", "112", "999"}[p.r.IntN(10)]
}

func (p *people) ask() {
	ext := id.Station([]string{"101", "102", "103", "201"}[p.r.IntN(4)])
	var c core.Command
	switch p.r.IntN(6) {
	case 0:
		c = &desk.Hold{Station: ext}
	case 1:
		c = &desk.Resume{Station: ext}
	case 2:
		c = &desk.Swap{Station: ext}
	case 3:
		c = &desk.Conference{Station: ext}
	case 4:
		c = &desk.Transfer{Station: ext}
	default:
		c = &desk.Transfer{Station: ext, To: p.number()}
	}
	orders, said, _ := p.box.Command(p.now(), "ana", "call", c)
	p.took(Sentence(c), orders, said)
}

// Whatever people do at their telephones, in whatever order: the invariants hold
// after every step, and when everybody has hung up the book is empty and every
// telephone usable.
func TestPeopleAtTheirTelephones(t *testing.T) {
	all := map[string]int{}
	runs := uint64(40)
	if testing.Short() {
		runs = 15
	}
	for seed := range runs {
		p := newPeople(t, seed)
		for range 250 {
			p.act()
			p.run(int64(p.r.IntN(1 + p.r.IntN(4000))))
		}
		for len(p.legs) > 0 {
			l := p.pick(func(id.Leg) bool { return true })
			p.do(&event.LegEnded{Leg: l, Cause: "normal"})
			p.run(100)
		}
		p.run(200_000)
		for l := range p.legs { // who was rung once more
			p.do(&event.LegEnded{Leg: l, Cause: "normal"})
		}
		if calls := p.box.Book.Calls(); len(calls) > 0 {
			t.Fatalf("seed %d: %d calls are left: %+v\n%s", seed, len(calls), calls[0], p.last(60))
		}
		for _, s := range p.box.Book.Stations() {
			if p.box.Book.PortBusy(call.PortOf(s)) {
				t.Fatalf("seed %d: station %s is taken for ever", seed, s.Extension)
			}
		}
		for k, n := range p.seen {
			all[k] += n
		}
	}
	for _, k := range []string{"attended", "ringing", "blind", "recall", "ConferenceBegan", "ConferenceEnded", "CallWaits", "CallResumed", "TransferAsked"} {
		if all[k] == 0 {
			t.Errorf("no %s in %d runs: the test tries too little", k, runs)
		}
	}
	t.Log(all)
}
