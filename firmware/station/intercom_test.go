package station_test

import (
	"strings"
	"testing"

	"centralita/firmware/event"
	"centralita/firmware/station"
)

func TestIntercom(t *testing.T) {
	d := forwards(t)
	_, text := d.Offer(1, "sip/203", "*40202") // 202 forwards everything else
	has(t, text, "to=intercom/202", "port=sip/202", "auto=true")
	d.At(2, &event.LegAnswered{Leg: d.LegOn("sip/202"), By: "sip"})
	_, text = d.Offer(3, "sip/204", "*40202")
	has(t, text, "cause=busy")
	d = forwards(t)
	d.Offer(1, "sip/203", "*40201")
	text = d.At(2, &event.LegEnded{Leg: d.LegOn("sip/201"), Cause: "no-answer"})
	if strings.Contains(text, "CallForwarded") {
		t.Errorf("an intercom call goes nowhere else:\n%s", text)
	}
}

func TestWriteFromThePage(t *testing.T) {
	d := forwards(t)
	for _, bad := range []station.Message{{Station: "999", Text: "x"}, {Station: "201", Text: " "}, {Station: "201", Text: strings.Repeat("x", 1001)}, {Station: "201", Text: "a\x00b"}} {
		if text := d.Ask(1, "station", &bad); !strings.HasPrefix(text, "refused") {
			t.Errorf("%+v: %s", bad, text)
		}
	}
	has(t, d.Ask(1, "station", &station.Message{Station: "201", Text: "llámame"}), "Message port=sip/201 name=Forward", "text=llámame")
	d.At(2, &event.PhoneChanged{Station: "201"})
	has(t, d.Ask(3, "station", &station.Message{Station: "201", Text: "x"}), "refused station-unreachable")
}
