package main

import (
	"fmt"

	"centralita/firmware/acd"
	"centralita/firmware/call"
	"centralita/firmware/desk"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/station"
)

// start is a start of the program: lines and phones say how they are.
func (t *town) start() {
	t.tell(&event.BoxStarted{Version: "sim", Board: "paper"})
	for _, p := range t.box.Book.Ports("fxo") {
		t.later(t.between(1, 2_000), func() { t.tell(&event.LineChanged{Port: p, State: "ready"}) })
	}
	for _, p := range t.box.Book.Ports("trunk") {
		t.later(t.between(1, 5_000), func() { t.tell(&event.TrunkChanged{Trunk: p.Name(), Up: true}) })
	}
	for _, s := range t.phones() {
		t.later(t.between(1, 60_000), func() { t.register(s, true) })
	}
}

func (t *town) phones() (list []id.Station) {
	for _, s := range t.box.Book.Stations() {
		if s.SIP != nil {
			list = append(list, id.Station(s.Extension))
		}
	}
	return list
}

func (t *town) register(s id.Station, up bool) {
	t.registered[s] = up
	t.tell(&event.PhoneChanged{Station: s, Registered: up, Contact: "sip:" + string(s)})
}

// plan notes what will happen in a day that begins at from.
func (t *town) plan(from int64) {
	busy := 1 + t.rnd.IntN(4)
	each := func(times int, happen func()) {
		for range times {
			t.agenda.Note(from+t.daytime(), happen)
		}
	}
	each(60*busy, t.outsideCall)
	each(25*busy, t.insideCall)
	each(12, t.wish)
	each(6, t.fault)
	each(t.rnd.IntN(3), t.powerCut)
	each(t.rnd.IntN(2), t.commit)
	for range 3 { // rushes: everybody calls within a minute
		at := from + t.daytime()
		for range 12 {
			t.agenda.Note(at+t.between(0, 60_000), t.outsideCall)
		}
	}
}

// daytime is mostly office hours, never after people went quiet.
func (t *town) daytime() int64 {
	if t.chance(10) {
		return t.between(1_000, quietMS)
	}
	return t.between(7*3600_000, 21*3600_000)
}

func (t *town) outsideCall() {
	ports := append(t.box.Book.Ports("fxo"), t.box.Book.Ports("trunk")...)
	if len(ports) == 0 {
		return
	}
	p := ports[t.rnd.IntN(len(ports))]
	if e := t.offer(p, "954000000"); e != nil {
		t.patience(e, 300_000)
	}
}

// numbers people inside dial.
func (t *town) number() string {
	prefix := ""
	if out := t.office.tree.DialPlan.Outside; len(out) > 0 {
		prefix = out[0].Prefix
	}
	switch n := t.rnd.IntN(24); {
	case n < 6:
		return prefix + "9" + digits(t, 8)
	case n < 12:
		list := t.box.Book.Stations()
		return list[t.rnd.IntN(len(list))].Extension
	case n == 12:
		return "600"
	case n == 13:
		return "601"
	case n < 17:
		return "700"
	case n == 17:
		return "301"
	case n < 20:
		return t.office.tree.Emergency()[0]
	case n == 20:
		return prefix + t.office.tree.Emergency()[0]
	}
	return digits(t, 1+t.rnd.IntN(6))
}

func (t *town) insideCall() {
	list := t.box.Book.Stations()
	s := list[t.rnd.IntN(len(list))]
	number := t.number()
	if s.Handset == "" {
		if e := t.offer(call.PortOf(s), number); e != nil {
			t.patience(e, 90_000)
		}
		return
	}
	e := t.offer(s.Handset, "")
	if e == nil {
		return
	}
	t.patience(e, 90_000)
	if t.chance(12) {
		return // lifted, and nothing dialled
	}
	at := t.between(500, 4_000)
	for i := range number {
		t.later(at, func() { t.press(e, number[i:i+1]) })
		at += t.between(120, 900)
	}
	if t.chance(10) {
		t.later(at, func() { t.press(e, "#") })
	}
}

// wish is a person's command.
func (t *town) wish() {
	people := t.office.tree.People
	if len(people) == 0 {
		return
	}
	p := people[t.rnd.IntN(len(people))]
	n := id.Agent(p.Name)
	switch t.rnd.IntN(8) {
	case 0, 1, 2:
		t.command("acd", &acd.Ready{Agent: n})
	case 3:
		t.command("acd", &acd.Away{Agent: n, Reason: "break"})
		t.later(20*60_000, func() { t.command("acd", &acd.Ready{Agent: n}) })
	case 4:
		t.command("acd", &acd.SignIn{Agent: n, Station: p.Station})
	case 5:
		t.command("acd", &acd.SignOut{Agent: n})
	case 6:
		t.command("station", &station.Dial{Station: p.Station, To: t.number()})
	case 7:
		if calls := t.box.Book.Calls(); len(calls) > 0 {
			t.command("call", &desk.Hangup{Call: calls[t.rnd.IntN(len(calls))].ID})
		}
	}
}

// fault: a phone is lost, a line has no battery, a provider is down, the clock is
// set; each mends after a while. And words come that make no sense.
func (t *town) fault() {
	mend := t.between(5_000, 30*60_000)
	switch n := t.rnd.IntN(6); {
	case n < 2:
		if phones := t.phones(); len(phones) > 0 {
			s := phones[t.rnd.IntN(len(phones))]
			t.register(s, false)
			t.later(mend, func() { t.register(s, true) })
		}
	case n == 2:
		if lines := t.box.Book.Ports("fxo"); len(lines) > 0 {
			p := lines[t.rnd.IntN(len(lines))]
			t.tell(&event.LineChanged{Port: p, State: "no-battery"})
			t.later(mend, func() { t.tell(&event.LineChanged{Port: p, State: "ready"}) })
		}
	case n == 3:
		for _, p := range t.box.Book.Ports("trunk") {
			t.tell(&event.TrunkChanged{Trunk: p.Name(), Text: "503"})
			t.later(mend, func() { t.tell(&event.TrunkChanged{Trunk: p.Name(), Up: true}) })
		}
	case n == 4:
		by := t.between(-7200_000, 7200_000)
		t.wall += by
		t.tell(&event.ClockStepped{ByMS: by})
	default:
		unknown := id.Leg(t.box.Core.Number() + 1000)
		t.tell(&event.LegAnswered{Leg: unknown, By: string(leg.ByHook)})
		t.tell(&event.DigitPressed{Leg: unknown, Digit: "5"})
		t.tell(&event.PlayEnded{Leg: unknown, Play: 1})
		t.tell(&event.LegEnded{Leg: unknown, Cause: string(leg.Normal)})
	}
}

// commit takes an agent out of a queue, or brings everybody back.
func (t *town) commit() {
	tree := t.office.tree.Clone()
	if len(tree.Queues) > 0 && t.chance(2) {
		q := &tree.Queues[t.rnd.IntN(len(tree.Queues))]
		q.Agents = q.Agents[:len(q.Agents)/2]
	}
	t.tell(&event.SettingsCommitted{Rev: t.box.Book.Rev() + 1, Who: "sim", Doc: tree.Marshal()})
}

// powerCut: the world keeps nothing of the box, the box keeps its journal.
func (t *town) powerCut() {
	t.cuts++
	t.life++
	clear(t.legs)
	clear(t.registered)
	twin, err := t.box.Replayed()
	if err == nil {
		if d := t.box.Differs(twin); d != "" {
			err = fmt.Errorf("replay differs: %s", d)
		}
	}
	if err != nil {
		t.broken = fmt.Errorf("power cut at %.1f s: %w", float64(t.at)/1000, err)
		return
	}
	t.box = twin
	t.at += t.between(500, 3_000)
	t.start()
}
