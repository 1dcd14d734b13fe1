package trunk_test

import (
	"strings"
	"testing"

	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/trunk"
)

const office = `
office: {name: Lines, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines:
  - {name: fxo1, rings: station/101}
  - {name: fxo2, rings: station/101}
trunks: [{name: prov, server: sip.example.test, calls: 1, rings: station/102}]
stations:
  - {extension: "101", handset: fxs1}
  - {extension: "102", handset: fxs2}
  - {extension: "103", handset: fxs3}
  - {extension: "104", handset: fxs4}
dial_plan:
  outside: [{prefix: "0", through: [fxo1, trunk/prov]}]
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

// dial has a handset dial a number that is given whole.
func dial(d *paper.Drive, seconds float64, from id.Port, number string) (id.Leg, string) {
	return d.Offer(seconds, from, number)
}

// The first free port is taken; a port that fails is followed by the next; a
// number that is busy, wrong or does not answer is not dialled again.
func TestNextPort(t *testing.T) {
	for cause, next := range map[string]bool{
		"out-of-order": true, "no-line": true, "congestion": true, "timeout": true, "failure": true, "forbidden": true, "no-codec": true, "bad-description": true, "encryption": true,
		"no-answer": false, "rejected": false, "unknown-number": false,
	} {
		d := drive(t)
		_, text := dial(d, 1, "fxs1", "0954123001")
		has(t, text, "Dial leg=3 port=fxo1 to=954123001")
		text = d.At(10, &event.LegEnded{Leg: 3, Cause: cause})
		if got := strings.Contains(text, "port=trunk/prov"); got != next {
			t.Errorf("after %s the next port: %v\n%s", cause, got, text)
		}
	}
}

// Busy at once is the port's, busy later the number's.
func TestBusy(t *testing.T) {
	d := drive(t)
	dial(d, 1, "fxs1", "0954123001")
	has(t, d.At(1.2, &event.LegEnded{Leg: 3, Cause: "busy"}), "port=trunk/prov")
	has(t, d.At(6, &event.LegEnded{Leg: 4, Cause: "busy"}), "CallEnded call=2 cause=busy", "tone/busy")
}

// With every port in use there is no line, and lines out of order are not tried;
// an account takes as many calls as it is set to.
func TestNoLine(t *testing.T) {
	d := drive(t)
	d.At(0.5, &event.LineChanged{Port: "fxo1", State: "no-battery"})
	_, text := dial(d, 1, "fxs1", "0954123001")
	has(t, text, "port=trunk/prov")
	_, text = dial(d, 2, "fxs2", "0954123002")
	has(t, text, "cause=no-line", "tone/congestion")
}

// Emergency: the plan's ports first, then every line of the box, then a lesser
// call's, then lines that are said to be out of order.
func TestEmergencyFindsAnyLine(t *testing.T) {
	d := drive(t)
	d.Offer(0.1, "fxo1", "")
	d.Offer(0.2, "trunk/prov", "")
	_, text := dial(d, 1, "fxs3", "112")
	has(t, text, "emergency=true", "Dial leg=9 port=fxo2 to=112")
	d.At(1.5, &event.LineChanged{Port: "fxo2", State: "no-battery"})
	text = d.At(2, &event.LegEnded{Leg: 9, Cause: "out-of-order"})
	has(t, text, "LineSeized", "cause=preempted", "Hangup")
}

// An emergency call loses its line to nobody: the next one waits for no victim,
// and hears congestion when all ports carry emergencies.
func TestEmergenciesDoNotTakeFromEachOther(t *testing.T) {
	d := drive(t)
	for i, port := range []id.Port{"fxs1", "fxs2", "fxs3"} {
		_, text := dial(d, float64(i+1), port, "112")
		has(t, text, "Dial leg=")
	}
	_, text := dial(d, 5, "fxs4", "112")
	has(t, text, "cause=no-line")
	if strings.Contains(text, "LineSeized") {
		t.Errorf("an emergency call was cut:\n%s", text)
	}
}

// With nothing set, a box that only knows its sockets still dials 112.
func TestEmergencyWithoutSettings(t *testing.T) {
	d := paper.NewDrive("office: {name: Empty, country: ES, time_zone: Europe/Madrid, languages: [es]}\n", t.Fatalf)
	d.At(0.5, &event.LineChanged{Port: "fxo3", State: "ready"})
	l, _ := d.Offer(1, "fxs2", "")
	d.At(2, &event.DigitPressed{Leg: l, Digit: "1"})
	d.At(2.2, &event.DigitPressed{Leg: l, Digit: "1"})
	has(t, d.At(2.4, &event.DigitPressed{Leg: l, Digit: "2"}), "Dial leg=4 port=fxo3 to=112")
}

// Calls from outside go where their port rings; a port that rings nowhere is
// refused.
func TestIncoming(t *testing.T) {
	d := drive(t)
	_, text := d.Offer(1, "trunk/prov", "954000000")
	has(t, text, "direction=in", "to=station/102 why=trunk", "Dial leg=3 port=fxs2 from=600123123")
	_, text = d.Offer(2, "fxo7", "")
	has(t, text, "cause=unknown-number", "Hangup leg=4")
}

// An account takes as many calls as it is set to, both ways together.
func TestIncomingLimit(t *testing.T) {
	d := drive(t)
	d.Offer(1, "trunk/prov", "954000000")
	_, text := d.Offer(2, "trunk/prov", "954000000")
	has(t, text, "cause=congestion", "Hangup")
}

func TestView(t *testing.T) {
	d := drive(t)
	d.At(0.5, &event.LineChanged{Port: "fxo2", State: "no-battery", Text: "0 V"})
	d.At(0.6, &event.TrunkChanged{Trunk: "prov", Text: "403 Forbidden"})
	d.Offer(1, "fxo1", "")
	p := trunk.Feature.Views[0].Look(d.Core.Part("trunk"), d.Now(2)).(trunk.Picture)
	if p.Lines[0].State != "ringing" || p.Lines[0].Call != 2 || p.Lines[1].State != "no-battery" || p.Lines[1].Text != "0 V" {
		t.Errorf("lines %+v", p.Lines)
	}
	if p.Trunks[0].Up || p.Trunks[0].Text != "403 Forbidden" {
		t.Errorf("trunks %+v", p.Trunks)
	}
}

// A test is asked for by name, runs until it is told, and its result stays.
func TestCheck(t *testing.T) {
	d := drive(t)
	if text := d.Ask(1, "trunk", &trunk.Test{Trunk: "nobody"}); text != "refused unknown-trunk" {
		t.Error(text)
	}
	has(t, d.Ask(1, "trunk", &trunk.Test{Trunk: "prov"}), "TrunkTestAsked trunk=prov", "TestTrunk trunk=prov")
	look := func() trunk.Check {
		return trunk.Feature.Views[1].Look(d.Core.Part("trunk"), d.Now(2)).(trunk.Checks).Tests[0]
	}
	if c := look(); !c.Running {
		t.Errorf("%+v", c)
	}
	d.At(2, &event.TrunkTested{Trunk: "prov", Steps: []event.TrunkStep{{Step: "name", Good: true, Text: "192.0.2.1:5060"}}})
	if c := look(); c.Running || len(c.Steps) != 1 {
		t.Errorf("%+v", c)
	}
}
