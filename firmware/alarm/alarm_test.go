package alarm_test

import (
	"strings"
	"testing"

	"centralita/firmware/alarm"
	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/event"
	"centralita/firmware/words"
)

// A condition is raised once, shown while it lasts, cleared once; a new run of
// the program begins without the old ones.
func TestRaisedOnceClearedOnce(t *testing.T) {
	d := paper.NewDrive("office: {name: A, country: ES, time_zone: UTC, languages: [es]}\n", t.Fatalf)
	count := func(text, kind string) int { return strings.Count(text, kind) }
	list := func() []alarm.Alarm {
		return alarm.Feature.Views[0].Look(d.Core.Part("alarm"), d.Now(100)).(alarm.Picture).Alarms
	}
	if text := d.At(1, &event.LineChanged{Port: "fxo2", State: "no-battery"}); count(text, "AlarmRaised") != 1 {
		t.Errorf("first: %s", text)
	}
	if text := d.At(2, &event.LineChanged{Port: "fxo2", State: "no-battery"}); count(text, "AlarmRaised") != 0 {
		t.Errorf("again: %s", text)
	}
	if text := d.At(3, &event.LineChanged{Port: "fxo2", State: "fault", Text: "si3050"}); count(text, "alarm.line-fault") != 1 {
		t.Errorf("worse: %s", text)
	}
	if l := list(); len(l) != 1 || l[0].Key != "line/fxo2" || l[0].Text != "alarm.line-fault" || l[0].SinceAt != 1000 {
		t.Errorf("list %+v", l)
	}
	if text := d.At(4, &event.LineChanged{Port: "fxo2", State: "ready"}); count(text, "AlarmCleared") != 1 || len(list()) != 0 {
		t.Errorf("mended: %s", text)
	}
	// A socket says in plain words what is wrong with it, and says it anew when more
	// is known.
	for state, text := range map[string]string{
		"foreign-voltage": "alarm.handset-foreign-voltage", "short": "alarm.handset-short", "leak": "alarm.handset-leak",
		"ground": "alarm.handset-ground", "power": "alarm.handset-power", "no-high-voltage": "alarm.handset-no-high-voltage",
		"off-hook": "alarm.handset-off-hook", "fault": "alarm.handset-fault",
	} {
		if said := d.At(4, &event.LineChanged{Port: "fxs1", State: state}); !strings.Contains(said, text) || !words.Has(text) {
			t.Errorf("%s: %s", state, said)
		}
		if said := d.At(4, &event.LineChanged{Port: "fxs1", State: "ready"}); count(said, "AlarmCleared") != 1 {
			t.Errorf("%s mended: %s", state, said)
		}
	}
	for _, ren := range []string{"5.5", "6.1", "6.1"} {
		d.At(4, &event.LineChanged{Port: "fxs1", State: "overload", Text: ren})
	}
	if l := list(); len(l) != 1 || len(l[0].Args) != 2 || l[0].Args[1] != "6.1" {
		t.Errorf("more bells: %+v", l)
	}
	if said := d.At(4, &event.LineChanged{Port: "fxs1", State: "busy-elsewhere"}); count(said, "AlarmCleared") != 1 {
		t.Errorf("in use: %s", said)
	}
	d.At(5, &event.TrunkChanged{Trunk: "prov", Text: "503"})
	d.At(6, &event.RecordingEnded{Call: 1, File: "x.wav", Error: "disk full"})
	d.At(7, &event.AlarmRaised{Key: "disk", Severity: "critical", Text: "alarm.disk"})
	if len(list()) != 3 {
		t.Errorf("list %+v", list())
	}
	if text := d.At(8, &event.BoxStarted{}); count(text, "AlarmCleared") != 3 || len(list()) != 0 {
		t.Errorf("new run: %s", text)
	}
}
