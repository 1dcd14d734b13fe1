package linecare_test

import (
	"testing"

	"centralita/firmware/event"
	"centralita/firmware/line"
	"centralita/firmware/order"
)

// A line is told of tones and dial tone once a few calls agree, and of nothing
// before.
func TestProfileDrivesDetection(t *testing.T) {
	b := newBox(t)
	call := &event.LineMeasured{Port: "fxo3", Leg: 1, Readings: []event.Reading{
		reading(line.CallWay, 0, "out"), reading(line.DialToneDelay, 3900, ""), reading(line.ToneBusy, 452, ""),
		reading(line.ToneBusyOn, 262, ""), reading(line.ToneBusyOff, 149, ""),
	}}
	known := func() (k order.KnowLine) {
		orders, said := b.core.Step(b.now, call)
		b.keep(said)
		for _, o := range orders {
			if x, ok := o.(order.KnowLine); ok {
				k = x
			}
		}
		return k
	}
	if k := known(); len(k.Tones) != 0 || k.DialTone {
		t.Errorf("after one call: %+v", k)
	}
	for range 5 {
		known()
	}
	k := known()
	want := order.LineTone{Signal: "busy", Hz: 450, OnMS: 260, OffMS: 150}
	if !k.DialTone || k.DelayMS != 4000 || len(k.Tones) != 1 || k.Tones[0] != want {
		t.Errorf("after seven calls: %+v", k)
	}
}
