package linecare_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"centralita/firmware/alarm"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/line"
	"centralita/firmware/line/release"
	"centralita/firmware/linecare"
	"centralita/firmware/order"
	"centralita/firmware/words"
)

// box is a core with the features under test, and the journal it wrote.
type box struct {
	t       *testing.T
	core    *core.Core
	now     core.Time
	journal []core.Time
	events  []event.Event
}

const office = "office: {name: Lines, country: ES, time_zone: Europe/Madrid, languages: [es]}\nlines: [{name: fxo1, rings: station/1}, {name: fxo3, rings: station/1}]\nstations: [{extension: \"1\", handset: fxs1}]\n"

func newBox(t *testing.T) *box {
	b := &box{t: t}
	b.make()
	b.step(&event.BoxStarted{})
	b.step(&event.SettingsCommitted{Rev: 1, Doc: []byte(office)})
	return b
}

func (b *box) make() {
	b.core = core.New(feature.Parts(call.New(), []feature.Feature{alarm.Feature, linecare.Feature})...)
}

// restart replays the journal into a fresh core and starts it.
func (b *box) restart() {
	b.make()
	for i, e := range b.events {
		b.core.Replay(b.journal[i], e)
	}
	b.step(&event.BoxStarted{})
}

func (b *box) keep(said []event.Event) []event.Event {
	for _, e := range said {
		b.events, b.journal = append(b.events, e), append(b.journal, b.now)
	}
	return said
}

func (b *box) step(e event.Event) []event.Event {
	_, said := b.core.Step(b.now, e)
	return b.keep(said)
}

// at moves the clock to a moment in Madrid.
func (b *box) at(stamp string) *box {
	zone, _ := time.LoadLocation("Europe/Madrid")
	when, err := time.ParseInLocation("2006-01-02 15:04", stamp, zone)
	if err != nil {
		b.t.Fatal(err)
	}
	b.now = core.Time{At: when.UnixMilli(), Wall: when.UnixMilli()}
	return b
}

func (b *box) measured(readings ...event.Reading) []event.Event {
	return b.step(&event.LineMeasured{Port: "fxo3", Leg: 1, Readings: readings})
}

func (b *box) alarms() []alarm.Alarm {
	return alarm.Feature.Views[0].Look(b.core.Part("alarm"), b.now).(alarm.Picture).Alarms
}

var (
	pulse = []event.Reading{{Item: line.ReleaseBreak, Value: 600}}
	none  = []event.Reading{{Item: line.ReleaseBusy, Value: 0}, {Item: line.ReleaseMissed + "loop-break"}}
)

// A line that loses its disconnect pulse on a Tuesday says so in three languages;
// the alarm outlives a restart and ends when the pulse is back.
func TestLostPulse(t *testing.T) {
	b := newBox(t)
	for day := range 12 {
		b.at("2026-11-0" + string(rune('1'+day%9)) + " 10:00").measured(pulse...)
	}
	b.at("2026-11-17 14:10").measured(none...)
	b.at("2026-11-17 16:00").measured(none...)
	b.at("2026-11-18 09:00").measured(none...)
	for i := 0; len(b.alarms()) == 0; i++ {
		if i > 5 {
			t.Fatal("no alarm")
		}
		b.measured(none...)
	}
	a := b.alarms()[0]
	for lang, want := range map[string]string{
		"en": "Line fxo3 has lost its disconnect pulse since Tuesday 17 November 14:10.",
		"es": "La línea fxo3 ha perdido su pulso de desconexión desde el martes 17 de noviembre a las 14:10.",
		"it": "La linea fxo3 ha perso il suo impulso di disconnessione da martedì 17 novembre alle 14:10.",
	} {
		if got := words.T(lang, a.Text, a.Args...); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	b.restart()
	if list := b.alarms(); len(list) != 1 || list[0].Key != a.Key {
		t.Errorf("after a restart: %+v", list)
	}
	b.measured(pulse...)
	b.measured(pulse...)
	if list := b.alarms(); len(list) != 0 {
		t.Errorf("the pulse is back, but %+v", list)
	}
}

// A changed value is told with both values, and accepted by a person.
func TestAccept(t *testing.T) {
	b := newBox(t)
	b.at("2026-03-02 08:00")
	for range 8 {
		b.measured(event.Reading{Item: line.IdleVoltage, Value: 48})
	}
	if err := b.accept(line.IdleVoltage); err == nil || !strings.Contains(err.Error(), "no-drift") {
		t.Errorf("nothing to accept, but %v", err)
	}
	for range 3 {
		b.measured(event.Reading{Item: line.IdleVoltage, Value: 33})
	}
	list := b.alarms()
	if len(list) != 1 {
		t.Fatalf("%+v", list)
	}
	for lang, want := range map[string]string{
		"en": "Line fxo3: idle voltage: was 48 V, is 33 V since Monday 2 March 08:00.",
		"es": "Línea fxo3: tensión en reposo: antes 48 V, ahora 33 V, desde el lunes 2 de marzo a las 08:00.",
		"it": "Linea fxo3: tensione a riposo: prima 48 V, ora 33 V, da lunedì 2 marzo alle 08:00.",
	} {
		if got := words.T(lang, list[0].Text, list[0].Args...); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	if err := b.accept(line.IdleVoltage); err != nil || len(b.alarms()) != 0 {
		t.Errorf("accepted: %v, %+v", err, b.alarms())
	}
}

func (b *box) accept(item string) error {
	_, said, err := b.core.Command(b.now, "ana", "line", &linecare.Accept{Port: "fxo3", Item: item})
	b.keep(said)
	return err
}

// Every item that can drift and every sign that can be lost has its words.
func TestWords(t *testing.T) {
	for _, i := range line.Items {
		if !words.Has("item." + i.Name) {
			t.Errorf("item.%s", i.Name)
		}
	}
	for _, s := range line.Signs {
		if !words.Has("alarm.lost.release." + s) {
			t.Errorf("alarm.lost.release.%s", s)
		}
	}
}

// A person who says that a call was cut is believed once: it counts, and the sign
// that released the line is trusted less, also after a restart.
func TestCutIsBelieved(t *testing.T) {
	b := newBox(t)
	b.step(&event.LegOffered{Leg: 5, Port: "fxo1", From: "912345678"})
	b.step(&event.CallBegan{Call: 7, Leg: 5, Direction: "in", Port: "fxo1"})
	b.step(&event.LineMeasured{Port: "fxo1", Leg: 5, Readings: []event.Reading{
		{Item: line.ReleaseTalk, Value: 60}, {Item: line.ReleaseHeld, Value: 3}, {Item: line.ReleaseBusy, Value: 0}, {Item: line.ReleaseBy, Text: "busy-tone"}}})
	b.step(&event.LegEnded{Leg: 5, Cause: "busy-tone"})
	var told release.Habits
	cut := func() error {
		orders, said, err := b.core.Command(b.now, "ana", "line", &linecare.Cut{Call: 7})
		b.keep(said)
		for _, o := range orders {
			if k, ok := o.(order.KnowLine); ok {
				if err := json.Unmarshal(k.Habits, &told); err != nil {
					t.Fatal(err)
				}
			}
		}
		return err
	}
	if err := cut(); err != nil {
		t.Fatal(err)
	}
	if err := cut(); err == nil {
		t.Error("the same call was cut twice")
	}
	if s := told.Signs[release.Busy]; s.Seen != 0 || s.False != 1 {
		t.Errorf("the line was told that its busy tone is worth %+v", s)
	}
	for _, when := range []string{"now", "after a restart"} {
		v := linecare.Feature.Views[0].Look(b.core.Part("line"), b.now).(linecare.Profiles).Lines
		if len(v) != 1 || v[0].Cuts != 1 || v[0].Releases != 1 {
			t.Errorf("%s: %+v", when, v)
		}
		b.restart()
	}
}
