package paper

import (
	"os"
	"testing"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// A step must cost microseconds: an agent who becomes free is to have the next
// caller within 10 ms, while 100 callers wait and every line talks.
func BenchmarkStepUnderLoad(b *testing.B) {
	office, err := os.ReadFile("../../../../scripts/bench/office.yaml")
	if err != nil {
		b.Fatal(err)
	}
	box := New()
	at := int64(0)
	step := func(e event.Event) int {
		at += 10
		orders, _ := box.Core.Step(core.Time{At: at, Wall: storyStart + at}, e)
		return len(orders)
	}
	step(&event.SettingsCommitted{Rev: 1, Doc: office})
	step(&event.BoxStarted{})
	for _, s := range box.Book.Stations() {
		if s.SIP != nil {
			step(&event.PhoneChanged{Station: id.Station(s.Extension), Registered: true})
		}
	}
	for range 110 { // ten are presented, a hundred wait
		l := id.Leg(box.Core.Number())
		step(&event.LegOffered{Leg: l, Port: "sip/1001", To: "700"})
		step(&event.LegAnswered{Leg: l, By: "sip"})
	}
	b.ResetTimer()
	for range b.N { // one more calls, and gives up
		l := id.Leg(box.Core.Number())
		step(&event.LegOffered{Leg: l, Port: "sip/1002", To: "700"})
		step(&event.LegEnded{Leg: l, Cause: "normal"})
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(2*b.N), "µs/step")
}
