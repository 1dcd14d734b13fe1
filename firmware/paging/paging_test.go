package paging_test

import (
	"fmt"
	"strings"
	"testing"

	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/paging"
	"centralita/firmware/station"
)

const office = `
office: {name: Paging, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines: [{name: fxo1, rings: station/201}]
stations:
  - {extension: "101", handset: fxs1}
  - {extension: "201", sip: {secret: a}}
  - {extension: "202", sip: {secret: b}}
  - {extension: "203", sip: {secret: c}}
  - {extension: "204", sip: {secret: d}}
pages:
  - {name: taller, number: "1", stations: ["101", "202", "203", "204"]}
  - {name: todos, number: "12", both_ways: true}
dial_plan:
  inside: [{dial: "700", to: page/taller}]
  outside: [{prefix: "0", through: [fxo1]}]
`

func drive(t *testing.T) *paper.Drive {
	d := paper.NewDrive(office, t.Fatalf)
	for _, s := range []id.Station{"201", "202", "203"} {
		d.At(0, &event.PhoneChanged{Station: s, Registered: true})
	}
	return d
}

func has(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, w := range wants {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}

func hasNot(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, w := range wants {
		if strings.Contains(text, w) {
			t.Errorf("%q in\n%s", w, text)
		}
	}
}

func rows(d *paper.Drive) []paging.Row {
	return paging.Feature.Views[0].Look(d.Core.Part("paging"), d.Now(99)).(paging.Picture).Pages
}

// The speaker hears a beep when the telephones listen; they hear only, and go with the
// speaker. Handsets and who is not there are left out.
func TestPage(t *testing.T) {
	d := drive(t)
	l, text := d.Offer(1, "sip/201", "*411")
	has(t, text, "to=page/taller", "port=sip/202", "port=sip/203", "auto=true", fmt.Sprintf("Answer leg=%d", l))
	hasNot(t, text, "port=fxs1", "port=sip/204")
	a, b := d.LegOn("sip/202"), d.LegOn("sip/203")
	d.At(1, &event.LegAnswered{Leg: l, By: "sip"})
	text = d.At(1.2, &event.LegAnswered{Leg: a, By: "sip"})
	has(t, text, fmt.Sprintf("Listen leg=%d to=%d", a, l))
	hasNot(t, text, "prompt/beep", fmt.Sprintf("Listen leg=%d", l))
	text = d.At(1.4, &event.LegAnswered{Leg: b, By: "sip"})
	has(t, text, "PageOpened", "listening=2", "clips=[prompt/beep]", "CallConnected")
	r := rows(d)[0]
	if r.State != "speaking" || r.Listening != 2 || r.Speaker != "201" || fmt.Sprint(r.Skipped) != "[{101 handset} {204 unreachable}]" {
		t.Errorf("%+v", r)
	}
	if rows(d)[1].State != "idle" {
		t.Error("the other group speaks")
	}
	text = d.At(3, &event.LegEnded{Leg: a, Cause: "normal"}) // one puts it away
	hasNot(t, text, "CallEnded")
	has(t, d.At(5, &event.LegEnded{Leg: l, Cause: "normal"}), "CallEnded", fmt.Sprintf("Hangup leg=%d", b))
	if rows(d)[0].State != "idle" {
		t.Error("it goes on")
	}
}

// A telephone that does not answer by itself stops ringing soon, and the speaker does not
// wait for it for long.
func TestPageWaitsForNobodyLong(t *testing.T) {
	d := drive(t)
	l, _ := d.Offer(1, "sip/201", "700")
	d.At(1, &event.LegAnswered{Leg: l, By: "sip"})
	d.At(2, &event.LegAnswered{Leg: d.LegOn("sip/202"), By: "sip"})
	hasNot(t, d.At(3, &event.Woke{}), "PageOpened")
	has(t, d.At(3.5, &event.Woke{}), "PageOpened", "listening=1")
	has(t, d.At(6.1, &event.Woke{}), fmt.Sprintf("LegDropped leg=%d cause=no-answer", d.LegOn("sip/203")))
}

func TestPageBothWays(t *testing.T) {
	d := drive(t)
	l, text := d.Offer(1, "sip/203", "*4112")
	has(t, text, "group=todos", "port=sip/201", "port=sip/202")
	d.At(1, &event.LegAnswered{Leg: l, By: "sip"})
	a := d.LegOn("sip/201")
	has(t, d.At(2, &event.LegAnswered{Leg: a, By: "sip"}), fmt.Sprintf("Listen leg=%d to=%d", a, l), fmt.Sprintf("Listen leg=%d to=%d", l, a))
}

// Who is in a call, rings or wants not to be disturbed is left alone; a group has one
// page at a time; nobody outside speaks through the office.
func TestPageLeavesAlone(t *testing.T) {
	d := drive(t)
	d.Offer(1, "sip/203", "201") // 203 dials, 201 rings
	d.Ask(1, "station", &station.Disturb{Station: "202", On: false})
	_, text := d.Offer(2, "fxs1", "*4112")
	has(t, text, "cause=busy")
	hasNot(t, text, "Dial leg=")
	d = drive(t)
	l, _ := d.Offer(1, "sip/201", "*411")
	d.At(1, &event.LegAnswered{Leg: l, By: "sip"})
	_, text = d.Offer(2, "sip/202", "700")
	has(t, text, "CallEnded", "cause=busy")
	d = drive(t)
	out, text := d.Offer(1, "fxo1", "")
	_ = out
	hasNot(t, text, "page/")
}

// A telephone that calls for help leaves the page; the others go on listening.
func TestEmergencyLeavesThePage(t *testing.T) {
	d := drive(t)
	l, _ := d.Offer(1, "sip/201", "*411")
	d.At(1, &event.LegAnswered{Leg: l, By: "sip"})
	a, b := d.LegOn("sip/202"), d.LegOn("sip/203")
	d.At(2, &event.LegAnswered{Leg: a, By: "sip"})
	d.At(2, &event.LegAnswered{Leg: b, By: "sip"})
	_, text := d.Offer(3, "sip/202", "112")
	has(t, text, "port=fxo1", fmt.Sprintf("LegDropped leg=%d", a))
	hasNot(t, text, fmt.Sprintf("LegDropped leg=%d", b), "CallEnded")
}

// A page that nobody hears ends.
func TestPageOfNobody(t *testing.T) {
	d := drive(t)
	l, _ := d.Offer(1, "sip/201", "*411")
	d.At(1, &event.LegAnswered{Leg: l, By: "sip"})
	d.At(2, &event.LegEnded{Leg: d.LegOn("sip/202"), Cause: "rejected", SIP: 603})
	has(t, d.At(2, &event.LegEnded{Leg: d.LegOn("sip/203"), Cause: "rejected", SIP: 603}), "CallEnded", "cause=rejected")
}
