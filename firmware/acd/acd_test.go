package acd_test

import (
	"strings"
	"testing"

	"centralita/firmware/acd"
	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

const office = `
office: {name: Floor, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines:
  - {name: fxo1, rings: queue/sales}
  - {name: fxo2, rings: queue/sales}
  - {name: fxo3, rings: queue/help}
  - {name: fxo4, rings: queue/help}
stations:
  - {extension: "101", handset: fxs1}
  - {extension: "102", handset: fxs2}
  - {extension: "201", sip: {password: x}}
people:
  - {name: ada, role: agent, station: "101"}
  - {name: bea, role: agent, station: "102"}
  - {name: cleo, role: agent, station: "201", ready: always}
queues:
  - {name: sales, agents: [ada, bea, cleo], ring: 12s, wrap_up: 20s}
  - {name: help, agents: [ada], ring: 12s}
dial_plan: {inside: [{dial: "600", to: service/echo}]}
`

func drive(t *testing.T) *paper.Drive { return paper.NewDrive(office, t.Fatalf) }

func has(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, w := range wants {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}

func not(t *testing.T, text, unwanted string) {
	t.Helper()
	if strings.Contains(text, unwanted) {
		t.Errorf("%q in\n%s", unwanted, text)
	}
}

func floor(d *paper.Drive, seconds float64) acd.Picture {
	return acd.Feature.Views[0].Look(d.Core.Part("acd"), d.Now(seconds)).(acd.Picture)
}

// call lets a caller in at a line, answered.
func call(d *paper.Drive, seconds float64, port id.Port) (id.Leg, string) {
	l, text := d.Offer(seconds, port, "")
	return l, text + d.At(seconds+0.5, &event.LegAnswered{Leg: l, By: "hook"})
}

// The agent idle longest is taken, and who is in no conversation of a queue but
// has the handset lifted is not.
func TestLongestIdleWithAFreePhone(t *testing.T) {
	d := drive(t)
	d.Ask(1, "acd", &acd.Ready{Agent: "bea"})
	d.Ask(2, "acd", &acd.Ready{Agent: "ada"})
	_, text := call(d, 10, "fxo1")
	has(t, text, "agent=bea state=presented")
	own, _ := d.Offer(11, "fxs1", "")
	d.At(11.5, &event.DigitPressed{Leg: own, Digit: "6"})
	_, text = call(d, 12, "fxo2")
	not(t, text, "CallPresented")
	text = d.At(13, &event.LegEnded{Leg: own, Cause: "normal"})
	has(t, text, "agent=ada state=presented", "port=fxs1") // at once, in the same step
}

// An agent who becomes free gets the caller who waits longest of all queues
// served, in the same step; wrap-up is respected to the end.
func TestNextCallerAtOnce(t *testing.T) {
	d := drive(t)
	d.Ask(1, "acd", &acd.Ready{Agent: "ada"})
	first, _ := call(d, 10, "fxo1")
	d.At(12, &event.LegAnswered{Leg: d.LegOn("fxs1"), By: "hook"})
	call(d, 20, "fxo3") // help, which only ada serves
	call(d, 21, "fxo2")
	text := d.At(30, &event.LegEnded{Leg: first, Cause: "loop-break"})
	has(t, text, "agent=ada state=wrap-up", "until=50.0s")
	d.At(31, &event.LegEnded{Leg: d.LegOn("fxs1"), Cause: "normal"})
	not(t, d.At(49, &event.Woke{}), "CallPresented")
	text = d.At(50, &event.Woke{})
	has(t, text, "agent=ada state=ready", "CallPresented call=6 queue=help agent=ada")
}

// Who does not answer is missed until saying ready, and always-ready people for
// ten seconds; the caller keeps the place at the front.
func TestMissed(t *testing.T) {
	d := drive(t)
	d.At(1, &event.PhoneChanged{Station: "201", Registered: true})
	d.Ask(2, "acd", &acd.Ready{Agent: "ada"})
	_, text := call(d, 10, "fxo1")
	has(t, text, "agent=cleo state=presented")
	text = d.At(22, &event.Woke{})
	has(t, text, "CallReturned call=2 agent=cleo why=no-answer", "agent=cleo state=missed", "until=32.0s", "agent=ada state=presented")
	d.At(22.1, &event.LegEnded{Leg: d.LegOn("sip/201"), Cause: "cancelled"})
	text = d.At(34, &event.Woke{})
	has(t, text, "agent=ada state=missed", "agent=cleo state=ready", "CallPresented call=2 queue=sales agent=cleo")
	has(t, d.Ask(35, "acd", &acd.Ready{Agent: "ada"}), "agent=ada state=ready")
	d.At(35.1, &event.LegEnded{Leg: d.LegOn("fxs1"), Cause: "cancelled"})
	// A phone that refuses gives the call on without waiting.
	text = d.At(36, &event.LegEnded{Leg: d.LegOn("sip/201"), Cause: "rejected"})
	has(t, text, "CallReturned call=2 agent=cleo why=rejected", "CallPresented call=2 queue=sales agent=ada")
}

// A caller who gives up while a phone rings costs the agent no place.
func TestCallerGivesUp(t *testing.T) {
	d := drive(t)
	d.Ask(1, "acd", &acd.Ready{Agent: "ada"})
	d.Ask(2, "acd", &acd.Ready{Agent: "bea"})
	l, _ := call(d, 10, "fxo1")
	text := d.At(15, &event.LegEnded{Leg: l, Cause: "busy-tone"})
	has(t, text, "CallLeft call=2 queue=sales why=abandoned", "agent=ada state=ready", "Hangup leg=3")
	d.At(15.2, &event.LegEnded{Leg: 3, Cause: "normal"})
	_, text = call(d, 20, "fxo2")
	has(t, text, "agent=ada state=presented")
}

// A ready agent whose phone is lost is not shown ready, and comes back with it.
func TestPhoneLost(t *testing.T) {
	d := drive(t)
	has(t, d.At(1, &event.PhoneChanged{Station: "201", Registered: true}), "agent=cleo state=ready")
	has(t, d.At(2, &event.PhoneChanged{Station: "201"}), "agent=cleo state=signed-out reason=unreachable")
	has(t, d.At(3, &event.PhoneChanged{Station: "201", Registered: true}), "agent=cleo state=ready")
	d.Ask(4, "acd", &acd.SignOut{Agent: "cleo"})
	not(t, d.At(5, &event.PhoneChanged{Station: "201", Registered: true}), "AgentChanged") // signed out by a person
	has(t, d.Ask(6, "acd", &acd.SignIn{Agent: "ada", Station: "201"}), "agent=ada state=ready station=201")
	has(t, d.At(7, &event.PhoneChanged{Station: "201"}), "agent=ada state=away reason=unreachable")
	has(t, d.At(8, &event.PhoneChanged{Station: "201", Registered: true}), "agent=ada state=ready")
}

// Commands that cannot be are refused by name.
func TestRefusals(t *testing.T) {
	d := drive(t)
	d.Ask(1, "acd", &acd.Ready{Agent: "ada"})
	call(d, 10, "fxo1")
	for want, c := range map[string]any{
		"agent-in-call":       &acd.Away{Agent: "ada", Reason: "tea"},
		"not-signed-in":       &acd.Away{Agent: "bea"},
		"unknown-agent":       &acd.Ready{Agent: "zoe"},
		"unknown-station":     &acd.SignIn{Agent: "bea", Station: "999"},
		"station-taken":       &acd.SignIn{Agent: "bea", Station: "101"},
		"station-unreachable": &acd.SignIn{Agent: "bea", Station: "201"},
	} {
		has(t, d.Ask(11, "acd", c), "refused "+want)
	}
}

// The day's figures follow the facts and begin again at the office's midnight.
func TestFigures(t *testing.T) {
	d := drive(t)
	d.Ask(1, "acd", &acd.Ready{Agent: "ada"})
	quick, _ := call(d, 10, "fxo1")
	gone, _ := call(d, 11, "fxo2")
	q := floor(d, 12).Queues[0]
	if q.Offered != 2 || len(q.Waiting) != 2 || q.Waiting[1].Position != 2 || q.LongestSinceAt != 10_000 || q.AgentsSignedIn != 1 {
		t.Errorf("while two wait: %+v", q)
	}
	d.At(14, &event.LegAnswered{Leg: d.LegOn("fxs1"), By: "hook"})
	d.At(40, &event.LegEnded{Leg: gone, Cause: "normal"})
	d.At(50, &event.LegEnded{Leg: quick, Cause: "normal"})
	q = floor(d, 51).Queues[0]
	if q.Offered != 2 || q.Answered != 1 || q.Abandoned != 1 || q.WithinTarget != 1 || q.TargetMS != 20_000 || q.TargetShare != 80 {
		t.Errorf("after: %+v", q)
	}
	const tenInTheMorning = 10 * 3600
	if q := floor(d, 24*3600-tenInTheMorning-1).Queues[0]; q.Offered != 2 {
		t.Errorf("before midnight: %+v", q)
	}
	if q := floor(d, 24*3600-tenInTheMorning).Queues[0]; q.Offered != 0 {
		t.Errorf("after midnight: %+v", q)
	}
}

// Callers of a queue that a commit takes away are not lost in it.
func TestQueueTakenAway(t *testing.T) {
	d := drive(t)
	call(d, 10, "fxo3")
	smaller := strings.Replace(office, "  - {name: help, agents: [ada], ring: 12s}\n", "", 1)
	text := d.At(11, &event.SettingsCommitted{Rev: 2, Doc: []byte(smaller)})
	has(t, text, "CallEnded call=2 cause=out-of-order", "CallLeft call=2 queue=help why=ended")
}
