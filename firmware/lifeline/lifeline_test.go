package lifeline

import (
	"testing"
	"time"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
)

// office is an open office with a lifeline, at a moment of the wall clock.
type office struct {
	*core.Core
	keeper *Keeper
	now    core.Time
}

func open(t *testing.T, settings string) *office {
	t.Helper()
	book := call.New()
	o := &office{keeper: New(book), now: core.Time{At: 1000, Wall: time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC).UnixMilli()}}
	o.Core = core.New(core.Part{Name: "book", Reactor: book}, core.Part{Name: "lifeline", Reactor: o.keeper})
	o.step(&event.BoxStarted{})
	o.step(&event.SettingsCommitted{Rev: 1, Doc: []byte("office: {name: x, country: ES, time_zone: Europe/Madrid, languages: [es]}\n" + settings)})
	o.step(&event.LifelineMoved{Line: "fxo1", Handset: "fxs1", Held: true})
	return o
}

func (o *office) step(e event.Event) (said []event.Event) {
	_, said = o.Step(o.now, e)
	return said
}

func (o *office) at(wall time.Time) {
	d := wall.UnixMilli() - o.now.Wall
	o.now = core.Time{At: o.now.At + d, Wall: o.now.Wall + d}
}

func find[T event.Event](said []event.Event) (x T, ok bool) {
	for _, e := range said {
		if x, ok = e.(T); ok {
			return x, true
		}
	}
	return x, false
}

// TestPlan: a test is asked for on Sunday at four in the office's zone, once, and
// again the week after its result.
func TestPlan(t *testing.T) {
	o := open(t, "")
	four := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	if p := o.keeper.look(); p.Next != four.UnixMilli() || p.Wanted {
		t.Errorf("%+v", p)
	}
	for _, c := range []struct {
		at  time.Time
		due bool
	}{{four.Add(-time.Minute), false}, {four.Add(time.Second), true}, {four.Add(time.Hour), false}} {
		o.at(c.at)
		if _, due := find[*event.LifelineTestDue](o.step(&event.Woke{})); due != c.due {
			t.Errorf("at %s asked for: %t", c.at, due)
		}
	}
	o.step(&event.LifelineTested{Volts: 48, FallMS: 500, PullMS: 10})
	if p := o.keeper.look(); p.Wanted || p.Last == nil || p.Last.Fault != "" || p.Next != four.Add(7*24*time.Hour).UnixMilli() {
		t.Errorf("after the test: %+v", p)
	}
	if o := open(t, "box: {lifeline: {test: never}}"); o.keeper.Due() != 0 {
		t.Error("never is some time")
	}
}

// TestAlarm: a failing test raises one alarm, which outlives a restart; the next
// good one clears it.
func TestAlarm(t *testing.T) {
	o := open(t, "")
	raised, _ := find[*event.AlarmRaised](o.step(&event.LifelineTested{Fault: "stuck"}))
	if raised == nil || raised.Text != "alarm.lifeline-stuck" || raised.Args[0] != "fxo1" || raised.Args[1] != "fxs1" {
		t.Fatalf("%+v", raised)
	}
	if again, _ := find[*event.AlarmRaised](o.step(&event.BoxStarted{})); again == nil {
		t.Error("forgotten over a restart")
	}
	if _, ok := find[*event.AlarmCleared](o.step(&event.LifelineTested{})); !ok {
		t.Error("a good test does not clear it")
	}
	if said := o.step(&event.LifelineTested{}); len(said) > 1 {
		t.Errorf("nothing stands, yet %+v", said)
	}
}

// TestCommand: a test is asked for once, and only where there is a relay.
func TestCommand(t *testing.T) {
	o := open(t, "")
	_, said, err := o.Command(o.now, "ana", "lifeline", &Test{})
	if _, ok := find[*event.LifelineTestDue](said); err != nil || !ok || o.keeper.Wanted() == 0 {
		t.Errorf("%+v, %v", said, err)
	}
	o.step(&event.BoxStarted{})
	if _, _, err := o.Command(o.now, "ana", "lifeline", &Test{}); err == nil {
		t.Error("a board without a relay is tested")
	}
}
