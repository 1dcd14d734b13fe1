package station_test

import (
	"strings"
	"testing"

	"centralita/firmware/event"
	"centralita/firmware/station"
)

// Codes forward the calls of the telephone that dials them, which hears where to.
func TestForwardByCode(t *testing.T) {
	d := forwards(t)
	_, text := d.Offer(1, "sip/203", "*72201")
	has(t, text, "to=forward/always/201", "ForwardSet station=203 when=always to=201", "Answer leg=")
	d2, text := d.Offer(2, "sip/204", "203")
	has(t, text, "to=station/201", "port=sip/201")
	d.At(2, &event.LegEnded{Leg: d2, Cause: "cancelled"})
	l, _ := d.Offer(3, "sip/203", "*73")
	has(t, d.At(3, &event.LegAnswered{Leg: l, By: "sip"}), "clips=[prompt/forward-off]")
	_, text = d.Offer(4, "sip/204", "203")
	has(t, text, "port=sip/203")

	d = forwards(t)
	l, text = d.Offer(1, "sip/203", "*900600111222")
	has(t, text, "ForwardSet station=203 when=busy to=0600111222")
	has(t, d.At(1, &event.LegAnswered{Leg: l, By: "sip"}), "clips=[prompt/forward-on digits/0600111222]")
	_, text = d.Offer(2, "sip/203", "*92202")
	has(t, text, "when=no-answer to=202")
	d.Offer(3, "sip/203", "*93")
	p := station.Feature.Views[0].Look(d.Core.Part("station"), d.Now(5)).(station.Picture)
	if s := p.Stations[2]; s.ForwardAlways != "" || s.ForwardBusy != "0600111222" || s.ForwardNoAnswer != "" {
		t.Errorf("%+v", s)
	}
}

// Nobody's calls go to themselves, to nobody or to the emergency services.
func TestForwardByCodeRefused(t *testing.T) {
	for _, dialled := range []string{"*72203", "*72", "*72299", "*72112", "*720112", "*72*73"} {
		d := forwards(t)
		_, text := d.Offer(1, "sip/203", dialled)
		has(t, text, "cause=unknown-number")
		if strings.Contains(text, "ForwardSet") {
			t.Errorf("%s:\n%s", dialled, text)
		}
	}
	d := forwards(t)
	_, text := d.Offer(1, "trunk/prov", "912000001")
	if strings.Contains(text, "ForwardSet") {
		t.Error(text)
	}
}
