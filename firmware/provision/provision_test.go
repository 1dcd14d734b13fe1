package provision

import (
	"errors"
	"fmt"
	"testing"

	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
)

type office struct {
	*core.Core
	keeper *Keeper
	now    core.Time
}

const devices = `office: {name: x, country: ES, time_zone: Europe/Madrid, languages: [es]}
stations: [{extension: "201", name: Ana, sip: {secret: phone-201}}]
devices: [{name: ana, vendor: snom, mac: "00-04-13-AA-BB-CC", extension: "201"}]
`

func open(t *testing.T) *office {
	t.Helper()
	book := call.New()
	o := &office{keeper: New(book), now: core.Time{At: 1000, Wall: 1_800_000_000_000}}
	o.Core = core.New(core.Part{Name: "book", Reactor: book}, core.Part{Name: "provision", Reactor: o.keeper})
	o.step(&event.BoxStarted{})
	o.step(&event.SettingsCommitted{Rev: 1, Doc: []byte(devices)})
	return o
}

func (o *office) step(e event.Event) (said []event.Event) {
	_, said = o.Step(o.now, e)
	return said
}

func (o *office) wish(t *testing.T, c core.Command) error {
	t.Helper()
	_, _, err := o.Command(o.now, "installer", "provision", c)
	return err
}

func (o *office) later(ms int64) { o.now.At += ms; o.now.Wall += ms }

// TestWindow: it opens for as long as is asked, closes by itself, by a person and by
// a start of the box.
func TestWindow(t *testing.T) {
	o := open(t)
	if o.keeper.Open(o.now) || o.keeper.Due() != 0 {
		t.Error("open at the start")
	}
	for _, minutes := range []int{-1, 1441} {
		var no *core.Refusal
		if err := o.wish(t, &Open{Minutes: minutes}); !errors.As(err, &no) || no.Code != "provision-minutes" {
			t.Errorf("%d minutes: %v", minutes, err)
		}
	}
	if err := o.wish(t, &Open{}); err != nil {
		t.Fatal(err)
	}
	if p := o.keeper.look(o.now); p.Until != o.now.Wall+30*60_000 {
		t.Errorf("%+v", p)
	}
	o.later(30*60_000 - 1)
	if said := o.step(&event.Woke{}); len(said) != 0 || !o.keeper.Open(o.now) {
		t.Errorf("a moment before its end: %v", said)
	}
	o.later(1)
	if o.keeper.Open(o.now) {
		t.Error("open at its end")
	}
	o.step(&event.Woke{})
	if o.keeper.Due() != 0 {
		t.Error("not closed")
	}
	for name, end := range map[string]func(){
		"close": func() { _ = o.wish(t, &Close{}) }, "start": func() { o.step(&event.BoxStarted{}) },
	} {
		_ = o.wish(t, &Open{Minutes: 5})
		if end(); o.keeper.Open(o.now) {
			t.Errorf("open after %s", name)
		}
	}
}

// TestPicture: what a device did is shown until it leaves the plan; telephones that
// nobody knows are shown newest first, a bounded number of them, known ones not.
func TestPicture(t *testing.T) {
	o := open(t)
	o.step(&event.DeviceRefused{Device: "ana", From: "10.0.0.7"})
	o.later(1000)
	o.step(&event.DeviceFetched{Device: "ana", From: "10.0.0.7", Agent: "snom"})
	o.step(&event.DeviceFetched{Device: "gone", From: "10.0.0.8"})
	o.step(&event.DeviceFound{MAC: "000413aabbcc", Vendor: "snom"})
	for i := range foundMax + 10 {
		o.step(&event.DeviceFound{MAC: fmt.Sprintf("%012x", i), Vendor: "yealink"})
	}
	p := o.keeper.look(o.now)
	if len(p.Devices) != 1 || p.Devices[0].Agent != "snom" || p.Devices[0].FetchedAt != o.now.Wall || p.Devices[0].MAC != "000413aabbcc" || p.Devices[0].Label != "Ana" {
		t.Errorf("%+v", p.Devices)
	}
	if len(p.Found) != foundMax || p.Found[0].MAC != fmt.Sprintf("%012x", foundMax+9) {
		t.Errorf("%d found, first %+v", len(p.Found), p.Found[0])
	}
	if len(o.keeper.devices) != 1 {
		t.Errorf("%d kept", len(o.keeper.devices))
	}
}
