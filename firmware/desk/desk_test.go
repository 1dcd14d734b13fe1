package desk_test

import (
	"strings"
	"testing"

	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/desk"
	"centralita/firmware/event"
)

const office = `
office: {name: Desk, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines: [{name: fxo1, rings: station/101}]
stations: [{extension: "101", handset: fxs1}]
`

// A call is followed through the picture; hold is for who asked to take back.
func TestLiveAndHold(t *testing.T) {
	d := paper.NewDrive(office, t.Fatalf)
	row := func() desk.Row {
		p := desk.Feature.Views[0].Look(d.Core.Part("call"), d.Now(60)).(desk.Picture)
		if len(p.Calls) == 0 {
			t.Fatal("no calls")
		}
		return p.Calls[0]
	}
	d.Offer(1, "fxo1", "")
	d.At(2, &event.LegRinging{Leg: 3})
	if r := row(); r.State != "ringing" || r.Where != "station/101" || r.From != "600123123" || len(r.Legs) != 2 || r.Legs[1].State != "ringing" {
		t.Errorf("ringing: %+v", r)
	}
	d.At(3, &event.LegAnswered{Leg: 3, By: "hook"})
	if r := row(); r.State != "talking" || r.Station != "101" || r.ConnectedAt != 3000 {
		t.Errorf("talking: %+v", r)
	}
	if text := d.At(4, &event.DigitPressed{Leg: 3, Digit: "!"}); !strings.Contains(text, "Play leg=1") || row().State != "held" {
		t.Errorf("held: %s", text)
	}
	if text := d.At(5, &event.DigitPressed{Leg: 1, Digit: "!"}); strings.Contains(text, "CallResumed") {
		t.Errorf("the held end resumed: %s", text)
	}
	if text := d.At(6, &event.DigitPressed{Leg: 3, Digit: "!"}); !strings.Contains(text, "Connect a=1 b=3") || row().State != "talking" {
		t.Errorf("resumed: %s", text)
	}
	if text := d.Ask(7, "call", &desk.Hangup{Call: 2}); !strings.Contains(text, "CallEnded call=2") {
		t.Errorf("hung up: %s", text)
	}
	if text := d.Ask(8, "call", &desk.Hangup{Call: 2}); text != "refused no-such-call" {
		t.Errorf("again: %s", text)
	}
}
