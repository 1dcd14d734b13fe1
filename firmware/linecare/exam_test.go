package linecare_test

import (
	"errors"
	"reflect"
	"testing"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/linecare"
	"centralita/firmware/order"
	"centralita/firmware/words"
)

const numbered = "office: {name: Lines, country: ES, time_zone: Europe/Madrid, languages: [es]}\n" +
	"lines: [{name: fxo1, number: \"954 123 001\", rings: station/1}, {name: fxo2, number: \"954-123-002\", rings: station/1}, {name: fxo3, rings: station/1}, {name: fxo5, rings: station/1, test_number: \"900 100 200\"}]\n" +
	"stations: [{extension: \"1\", handset: fxs1}]\n"

func (b *box) command(cmd core.Command) ([]order.Order, error) {
	orders, said, err := b.core.Command(b.now, "ana", "line", cmd)
	b.keep(said)
	return orders, err
}

// A test is refused in a sentence that says what to do, and else ordered with both
// numbers as they are dialled.
func TestBeginTest(t *testing.T) {
	b := newBox(t)
	b.step(&event.SettingsCommitted{Rev: 2, Doc: []byte(numbered)})
	b.step(&event.LineChanged{Port: "fxo4", State: "no-battery"})
	for code, cmd := range map[string]linecare.Test{
		"test-no-line": {Port: "fxs1"}, "test-line-down": {Port: "fxo4"}, "test-itself": {Port: "fxo1", With: "fxo1"},
		"test-number": {Port: "fxo1", With: "fxo3"},
	} {
		_, err := b.command(&cmd)
		var no *core.Refusal
		if !errors.As(err, &no) || no.Code != code || !words.Has("refused."+code) {
			t.Errorf("%+v: %v, want %s", cmd, err, code)
		}
	}
	b.step(&event.LegOffered{Leg: 7, Port: "fxo2"})
	if _, err := b.command(&linecare.Test{Port: "fxo1"}); err == nil {
		t.Error("a line in a call was tested, or one without a number")
	}
	b.step(&event.LegEnded{Leg: 7, Cause: "cancelled"})
	orders, err := b.command(&linecare.Test{Port: "fxo1"})
	want := order.TestLine{Port: "fxo1", With: "fxo2", Number: "954123002", Back: "954123001"}
	if err != nil || len(orders) == 0 || !reflect.DeepEqual(orders[0], order.Order(want)) {
		t.Fatalf("%+v, %v", orders, err)
	}
	if _, err := b.command(&linecare.Test{Port: "fxo3", Number: "600111222"}); err == nil {
		t.Error("two tests at once")
	}
	if orders, err := b.command(&linecare.Stop{Port: "fxo2"}); err != nil || len(orders) != 1 {
		t.Errorf("stopped by its other line: %v, %v", orders, err)
	}
	b.step(&event.LineTestEnded{Port: "fxo1", Result: "cancelled"})
	if _, err := b.command(&linecare.Stop{Port: "fxo1"}); err == nil {
		t.Error("a test that is over was stopped")
	}
	orders, err = b.command(&linecare.Test{Port: "fxo5"})
	if err != nil || len(orders) == 0 || !reflect.DeepEqual(orders[0], order.Order(order.TestLine{Port: "fxo5", Number: "900100200"})) {
		t.Errorf("by the line's own test number: %+v, %v", orders, err)
	}
}

// What a test chose is given to the line at every start, until the line is
// forgotten; a test that a restart cut short is over.
func TestTuningLasts(t *testing.T) {
	b := newBox(t)
	b.step(&event.LineTestBegan{Port: "fxo3", Number: "1"})
	b.step(&event.LineTuned{Port: "fxo3", Impedance: 5, Hybrid: "1 2 3 4 5 6 7 8", Capture: 2})
	tuned := func() (list []order.Order) {
		b.make()
		for i, e := range b.events {
			b.core.Replay(b.journal[i], e)
		}
		orders, said := b.core.Step(b.now, &event.BoxStarted{})
		b.keep(said)
		for _, o := range orders {
			if _, ok := o.(order.TuneLine); ok {
				list = append(list, o)
			}
		}
		return list
	}
	want := []order.Order{order.TuneLine{Port: id.Port("fxo3"), Impedance: 5, Hybrid: "1 2 3 4 5 6 7 8", Capture: 2}}
	if got := tuned(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if _, err := b.command(&linecare.Stop{Port: "fxo3"}); err == nil {
		t.Error("the test of the run before still runs")
	}
	b.measured(event.Reading{Item: "noise", Value: -60})
	if _, err := b.command(&linecare.Forget{Port: "fxo3"}); err != nil {
		t.Fatal(err)
	}
	if got := tuned(); len(got) != 0 {
		t.Errorf("forgotten, but %+v", got)
	}
}
