package alarm_test

import (
	"strings"
	"testing"

	"centralita/firmware/alarm"
	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/words"
)

// Three poor calls of the last five over a trunk are told once, and over when fewer
// are; short calls, unrated ones and telephones do not count.
func TestPoorCallsOverATrunk(t *testing.T) {
	d := paper.NewDrive("office: {name: A, country: ES, time_zone: UTC, languages: [es]}\n", t.Fatalf)
	at := 0.0
	call := func(port id.Port, mos, far float32, ms int64) string {
		at++
		return d.At(at, &event.LegMeasured{Leg: id.Leg(at), Port: port, Sound: event.Quality{MS: ms, MOS: mos, FarMOS: far}})
	}
	list := func() []alarm.Alarm {
		return alarm.Feature.Views[0].Look(d.Core.Part("alarm"), d.Now(at)).(alarm.Picture).Alarms
	}
	for range 5 {
		call("sip/101", 1.5, 1.5, 60_000)
		call("trunk/prov", 1.5, 0, 19_000)
		call("trunk/prov", 0, 0, 60_000)
	}
	call("trunk/prov", 2.5, 0, 60_000)
	call("trunk/prov", 4.3, 3.0, 20_000) // there they hear it poorly
	call("trunk/prov", 3.1, 3.1, 60_000)
	call("trunk/other", 2, 2, 60_000)
	if l := list(); len(l) != 0 {
		t.Fatalf("too early: %+v", l)
	}
	text := call("trunk/prov", 2.9, 0, 60_000)
	l := list()
	if len(l) != 1 || l[0].Key != "sound/prov" || l[0].Severity != "minor" || strings.Join(l[0].Args, " ") != "prov 3 4 2.5" || !words.Has(l[0].Text) {
		t.Fatalf("%s: %+v", text, l)
	}
	if text := call("trunk/prov", 2.8, 0, 60_000); strings.Contains(text, "Alarm") {
		t.Errorf("told again: %s", text)
	}
	call("trunk/prov", 4, 4, 60_000) // 3.0 3.1 2.9 2.8 4
	if text := call("trunk/prov", 4, 4, 60_000); !strings.Contains(text, "AlarmCleared") || len(list()) != 0 {
		t.Errorf("not over: %s %+v", text, list())
	}
	for range 3 {
		call("trunk/prov", 2, 2, 60_000)
	}
	if text := d.At(at+1, &event.TrunkChanged{Trunk: "prov", Code: "removed"}); !strings.Contains(text, "AlarmCleared") || len(list()) != 0 {
		t.Errorf("the trunk is no more: %s %+v", text, list())
	}
}
