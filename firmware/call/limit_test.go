package call_test

import (
	"strings"
	"testing"

	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/event"
)

// A SIP phone is rung for as many calls as it may have; the next caller finds it busy.
func TestCallsAtOnceOfAPhone(t *testing.T) {
	d := paper.NewDrive(`
office: {name: Limit, country: ES, time_zone: Europe/Madrid, languages: [es]}
stations:
  - {extension: "201", sip: {secret: a, calls: 2}, call_waiting: true}
  - {extension: "202", sip: {secret: b}}
`, t.Fatalf)
	d.At(0, &event.PhoneChanged{Station: "201", Registered: true})
	d.At(0, &event.PhoneChanged{Station: "202", Registered: true})
	for i := range 3 {
		_, text := d.Offer(float64(1+i), "sip/202", "201")
		if rings := strings.Contains(text, "Dial leg="); rings != (i < 2) {
			t.Errorf("call %d rings: %v\n%s", i, rings, text)
		}
		if i == 2 && !strings.Contains(text, "cause=busy") {
			t.Errorf("%s", text)
		}
	}
}

// Who was answered and cannot be connected hears why, whatever went wrong outside.
func TestWhatAPersonHearsWhenTheTrunkIsDown(t *testing.T) {
	for cause, tone := range map[string]string{"no-codec": "tone/congestion", "bad-description": "tone/congestion", "encryption": "tone/congestion", "timeout": "tone/congestion", "forbidden": "tone/congestion", "busy": "tone/busy", "unknown-number": "tone/sit"} {
		d := paper.NewDrive(`
office: {name: Down, country: ES, time_zone: Europe/Madrid, languages: [es]}
trunks: [{name: prov, server: "203.0.113.1", rings: station/101}]
stations: [{extension: "101", handset: fxs1}]
dial_plan: {outside: [{prefix: "0", through: [trunk/prov]}]}
`, t.Fatalf)
		d.At(0, &event.TrunkChanged{Trunk: "prov", Up: true})
		l, _ := d.Offer(1, "fxs1", "")
		for i, digit := range "0600111222" {
			d.At(2+float64(i)/10, &event.DigitPressed{Leg: l, Digit: string(digit)})
		}
		d.At(9, &event.Woke{})
		out := d.LegOn("trunk/prov")
		if out == 0 {
			t.Fatal("not dialled")
		}
		text := d.At(10, &event.LegEnded{Leg: out, Cause: cause, SIP: 499, Q850: 99})
		if !strings.Contains(text, tone) || !strings.Contains(text, "sip=499 q850=99") {
			t.Errorf("%s:\n%s", cause, text)
		}
	}
}

// A call that somebody outside sent on to us says so in its story and at the telephone.
func TestWhoSentTheCallOnIsKept(t *testing.T) {
	d := paper.NewDrive(`
office: {name: Sent on, country: ES, time_zone: Europe/Madrid, languages: [es]}
trunks: [{name: prov, server: "203.0.113.1", rings: station/201}]
stations: [{extension: "201", sip: {secret: a}}]
`, t.Fatalf)
	d.At(0, &event.PhoneChanged{Station: "201", Registered: true})
	way := []event.Diverted{{Number: "912000002", When: "busy"}, {When: "always"}}
	text := d.At(1, &event.LegOffered{Leg: 50, Port: "trunk/prov", From: "600111222", To: "954123001", Diverted: way})
	for _, want := range []string{"CallBegan call=51 leg=50", "diverted=[{912000002 busy} { always}]", "Dial leg=52 port=sip/201"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Count(text, "912000002") < 3 { // offered, begun, told to the telephone
		t.Error(text)
	}
}
