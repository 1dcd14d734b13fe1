package station_test

import (
	"strings"
	"testing"

	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/station"
)

const forwarding = `
office: {name: Forward, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines: [{name: fxo1, rings: station/201}]
trunks: [{name: prov, server: "203.0.113.1", rings: station/201}]
stations:
  - {extension: "201", sip: {secret: a}, forward: {no_answer: "202", after: 10s}, call_waiting: true}
  - {extension: "202", sip: {secret: b}, forward: {always: "203"}}
  - {extension: "203", sip: {secret: c}, forward: {busy: "201"}}
  - {extension: "204", sip: {secret: d}, forward: {always: "0600111222"}}
  - {extension: "205", sip: {secret: d}, transfer_outside: true, forward: {always: "0600111222"}}
dial_plan:
  outside: [{prefix: "0", through: [trunk/prov]}]
`

func forwards(t *testing.T) *paper.Drive {
	d := paper.NewDrive(forwarding, t.Fatalf)
	for _, s := range []id.Station{"201", "202", "203", "204", "205"} {
		d.At(0, &event.PhoneChanged{Station: s, Registered: true})
	}
	d.At(0, &event.TrunkChanged{Trunk: "prov", Up: true})
	return d
}

// Nobody lifts at 201 within its ten seconds; 202 sends everything on to 203, and what
// finds that busy does not go round for ever.
func TestForwardedAndNotRound(t *testing.T) {
	d := forwards(t)
	d.Offer(1, "trunk/prov", "912000001")
	a := d.LegOn("sip/201")
	d.At(2, &event.LegRinging{Leg: a})
	has(t, d.At(11, &event.Woke{}), "LegDropped", "CallForwarded", "station=201 when=no-answer to=202", "station=202 when=always to=203", "Dial leg=", "port=sip/203", "diverted=")
	d.At(12, &event.LegEnded{Leg: a, Cause: "cancelled"})
	text := d.At(13, &event.LegEnded{Leg: d.LegOn("sip/203"), Cause: "busy", SIP: 486})
	has(t, text, "station=203 when=busy to=201") // its only way is where the call was already
	if n := strings.Count(text, "CallForwarded"); n != 1 {
		t.Errorf("%d times sent on:\n%s", n, text)
	}
	d.At(14, &event.LegEnded{Leg: d.LegOn("sip/201"), Cause: "busy", SIP: 486})
	if calls := d.Book.Calls(); len(calls) != 0 {
		t.Errorf("%+v", calls[0])
	}
}

func TestForwardToTheOutsideNeedsTheRight(t *testing.T) {
	d := forwards(t)
	d.Offer(1, "fxo1", "")
	d.Ask(1, "station", &station.Forward{Station: "201", When: "busy", To: "204"})
	text := d.At(2, &event.LegEnded{Leg: d.LegOn("sip/201"), Cause: "busy"})
	has(t, text, "station=201 when=busy to=204", "to=station/204")
	if strings.Contains(text, "when=always to=0600111222") {
		t.Errorf("two lines outside are left together:\n%s", text)
	}
	d.Offer(10, "sip/201", "204") // a colleague may be sent out
	has(t, d.At(10, &event.Woke{}), "")
	if l := d.LegOn("trunk/prov"); l == 0 {
		t.Error("a call from inside was not sent out")
	}
	d = forwards(t)
	d.Ask(1, "station", &station.Forward{Station: "201", When: "always", To: "205"})
	_, text = d.Offer(2, "trunk/prov", "912000001")
	has(t, text, "station=205 when=always to=0600111222", "port=trunk/prov")
}

func TestForwardAtRunTime(t *testing.T) {
	d := forwards(t)
	for _, bad := range []station.Forward{
		{Station: "999", When: "always", To: "202"}, {Station: "201", When: "sometimes", To: "202"},
		{Station: "201", When: "always", To: "2x2"}, {Station: "201", When: "always", To: "201"},
		{Station: "201", When: "always", To: "299"}, {Station: "201", When: "always", To: "112"},
	} {
		if text := d.Ask(1, "station", &bad); !strings.HasPrefix(text, "refused") {
			t.Errorf("%+v: %s", bad, text)
		}
	}
	has(t, d.Ask(1, "station", &station.Forward{Station: "203", When: "always", To: "201"}), "ForwardSet")
	_, text := d.Offer(2, "sip/204", "203")
	has(t, text, "to=station/201", "port=sip/201")
	d.Ask(3, "station", &station.Forward{Station: "203", When: "always", To: ""})
	d.Ask(3, "station", &station.Forward{Station: "202", When: "always", To: ""}) // the settings' own
	_, text = d.Offer(4, "sip/204", "202")
	has(t, text, "port=sip/202")
	p := station.Feature.Views[0].Look(d.Core.Part("station"), d.Now(5)).(station.Picture)
	if p.Stations[0].ForwardNoAnswer != "202" || p.Stations[1].ForwardAlways != "" || p.Stations[2].ForwardBusy != "201" {
		t.Errorf("%+v", p.Stations)
	}
}

// A telephone may send a call elsewhere by itself (SIP 302), within the same rules.
func TestTelephoneDeflects(t *testing.T) {
	d := forwards(t)
	d.Offer(1, "trunk/prov", "912000001")
	has(t, d.At(2, &event.LegEnded{Leg: d.LegOn("sip/201"), Cause: "redirected", SIP: 302, To: "203"}), "when=deflected to=203", "port=sip/203")
	d = forwards(t)
	d.Offer(1, "trunk/prov", "912000001")
	has(t, d.At(2, &event.LegEnded{Leg: d.LegOn("sip/201"), Cause: "redirected", SIP: 302, To: "0600111222"}), "cause=rejected")
}
