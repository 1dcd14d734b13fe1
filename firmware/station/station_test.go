package station_test

import (
	"strings"
	"testing"

	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/event"
	"centralita/firmware/station"
)

const office = `
office: {name: Phones, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines: [{name: fxo1, rings: station/101}]
stations:
  - {extension: "101", name: Desk, handset: fxs1}
  - {extension: "201", name: Ana, sip: {password: x}}
  - {extension: "202", sip: {password: x}}
dial_plan:
  inside: [{dial: "600", to: service/echo}, {dial: "601", to: service/fax}]
  outside: [{prefix: "0", through: [fxo1]}]
`

func has(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, w := range wants {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}

// A phone tells the whole number: it is rung, refused, or sent outside at once.
func TestPhoneDials(t *testing.T) {
	for to, want := range map[string]string{
		"101": "Dial leg=3 port=fxs1 from=201 name=Ana", "202": "Hangup leg=1 cause=not-registered", "201": "Hangup leg=1 cause=busy",
		"999": "Hangup leg=1 cause=unknown-number", "": "Hangup leg=1 cause=unknown-number", "601": "cause=unknown-number",
		"600": "Answer leg=1", "112": "Dial leg=3 port=fxo1 to=112", "0954123001": "to=954123001", "+34954123001": "to=954123001",
	} {
		d := paper.NewDrive(office, t.Fatalf)
		d.At(0.5, &event.PhoneChanged{Station: "201", Registered: true})
		_, text := d.Offer(1, "sip/201", to)
		has(t, text, want)
	}
}

// The echo service answers, then lets the caller hear the caller.
func TestEcho(t *testing.T) {
	d := paper.NewDrive(office, t.Fatalf)
	d.Offer(1, "sip/201", "600")
	has(t, d.At(1.1, &event.LegAnswered{Leg: 1, By: "sip"}), "CallConnected", "Echo leg=1")
}

// A phone is not answered for before the other end is: ringing is a word, and the
// answer goes through.
func TestAnswerGoesThrough(t *testing.T) {
	d := paper.NewDrive(office, t.Fatalf)
	d.Offer(1, "sip/201", "101")
	has(t, d.At(1.2, &event.LegRinging{Leg: 3}), "Progress leg=1")
	has(t, d.At(4, &event.LegAnswered{Leg: 3, By: "hook"}), "Answer leg=1", "Connect a=1 b=3")
}

// Clicking a number is refused where it cannot ring.
func TestClickRefused(t *testing.T) {
	d := paper.NewDrive(office, t.Fatalf)
	d.Offer(1, "fxs1", "")
	for want, c := range map[string]*station.Dial{
		"station-busy": {Station: "101", To: "600"}, "station-unreachable": {Station: "202", To: "600"},
		"unknown-station": {Station: "7", To: "600"}, "no-number": {Station: "201", To: "abc"},
	} {
		has(t, d.Ask(2, "station", c), "refused "+want)
	}
}

// A way out is tried by its name, whatever the dial plan has; an emergency number
// still goes as one.
func TestClickThrough(t *testing.T) {
	for to, want := range map[string]string{"954123001": "CallRouted call=1 to=outside/954123001", "112": "emergency=true"} {
		d := paper.NewDrive(office, t.Fatalf)
		d.At(0.5, &event.PhoneChanged{Station: "201", Registered: true})
		has(t, d.Ask(1, "station", &station.Dial{Station: "201", To: to, Through: "fxo9"}), "refused unknown-port")
		has(t, d.Ask(1, "station", &station.Dial{Station: "201", To: to, Through: "fxo1"}), "Dial leg=2 port=sip/201")
		text := d.At(2, &event.LegAnswered{Leg: 2, By: "sip"})
		has(t, text, want, "port=fxo1", "to="+to)
	}
}

func TestView(t *testing.T) {
	d := paper.NewDrive(office, t.Fatalf)
	d.At(0.5, &event.PhoneChanged{Station: "201", Registered: true, Contact: "sip:a", Device: "soft"})
	d.Offer(1, "sip/201", "101")
	p := station.Feature.Views[0].Look(d.Core.Part("station"), d.Now(2)).(station.Picture).Stations
	if p[0].State != "ringing" || p[0].Call != 2 || p[0].Kind != "handset" || p[1].State != "dialling" || p[1].Device != "soft" || p[2].State != "unreachable" {
		t.Errorf("%+v", p)
	}
}

// TestMessages: a station is told how many messages wait, hears them in its dial
// tone where it is set so, and is told again after a start; a wrong count is
// refused.
func TestMessages(t *testing.T) {
	d := paper.NewDrive(office, t.Fatalf)
	has(t, d.Ask(1, "station", &station.Messages{Station: "101", Count: 3}), "MessagesWaiting station=101 count=3", "MessageWaiting port=fxs1 count=3")
	_, text := d.Offer(2, "fxs1", "")
	has(t, text, "tone/stutter")
	d.At(3, &event.LegEnded{Leg: 1, Cause: "normal"})
	has(t, d.At(4, &event.BoxStarted{}), "MessageWaiting port=fxs1 count=3")
	for want, m := range map[string]*station.Messages{
		"message-count": {Station: "101", Count: 100}, "unknown-station": {Station: "7", Count: 1},
	} {
		has(t, d.Ask(5, "station", m), "refused "+want)
	}
	has(t, d.Ask(6, "station", &station.Messages{Station: "101"}), "MessageWaiting port=fxs1")
	_, text = d.Offer(7, "fxs1", "")
	has(t, text, "tone/dial")
	d.At(8, &event.LineChanged{Port: "fxs1", State: "off-hook"})
	p := station.Feature.Views[0].Look(d.Core.Part("station"), d.Now(9)).(station.Picture).Stations
	if p[0].Messages != 0 {
		t.Errorf("%+v", p[0])
	}
}
