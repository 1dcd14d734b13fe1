// Package provision keeps when telephones may fetch their settings from the box,
// which of them did, and which were found that nobody knows yet.
//
// Its commands open and close the window; firmware/app asks here before it gives a
// file, and tells what was asked for. What stands in a file is phonefile's. The
// package knows no secret and sends nothing.
package provision

import (
	"cmp"
	"slices"

	"centralita/firmware/access"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
)

// Feature is the plug.
var Feature = feature.Feature{
	Name: "provision",
	New:  func(b *call.Book) core.Reactor { return New(b) },
	Commands: []feature.Command{
		{Name: "open", New: func() core.Command { return new(Open) }, Role: access.Owner, Help: "help.provision.open"},
		{Name: "close", New: func() core.Command { return new(Close) }, Role: access.Owner, Help: "help.provision.close"},
	},
	Views: []feature.View{{
		Name: "devices", Role: access.Owner, Help: "help.provision.devices",
		Kinds: []string{"ProvisioningOpened", "ProvisioningClosed", "DeviceFound", "DeviceFetched", "DeviceRefused", "PhoneChanged", "SettingsCommitted", "BoxStarted"},
		Look:  func(r core.Reactor, now core.Time) any { return r.(*Keeper).look(now) },
	}},
}

// The window is as long as it takes to walk through a large office, at most a day.
const (
	minutesDefault = 30
	minutesMax     = 24 * 60
)

// foundMax bounds what is remembered of telephones nobody knows: a flood of made-up
// addresses drops the oldest.
const foundMax = 64

// Open lets telephones fetch their settings for some minutes, 30 when not said; said
// again, the time begins anew.
type Open struct {
	Minutes int `json:"minutes,omitempty"`
}

// Close ends that at once.
type Close struct{}

// Keeper is what is known; New makes it.
type Keeper struct {
	book    *call.Book
	until   int64 // of the loop's clock, 0 closed
	devices map[string]seen
	found   []Found // oldest first
}

// seen is when a device last asked.
type seen struct {
	fetchedAt, refusedAt int64 // wall clock, Unix ms
	from, agent          string
}

// New makes it.
func New(b *call.Book) *Keeper { return &Keeper{book: b, devices: map[string]seen{}} }

// Due is when the window is over.
func (k *Keeper) Due() int64 { return k.until }

// Apply remembers.
func (k *Keeper) Apply(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.BoxStarted: // nobody who opened it may still be there
		k.until = 0
	case *event.ProvisioningOpened:
		k.until = e.Until
	case *event.ProvisioningClosed:
		k.until = 0
	case *event.DeviceFetched:
		k.devices[e.Device] = seen{fetchedAt: now.Wall, from: e.From, agent: e.Agent}
		k.forget()
	case *event.DeviceRefused:
		s := k.devices[e.Device]
		s.refusedAt, s.from = now.Wall, e.From
		k.devices[e.Device] = s
		k.forget()
	case *event.DeviceFound:
		k.found = slices.DeleteFunc(k.found, func(f Found) bool { return f.MAC == e.MAC })
		k.found = append(k.found, Found{MAC: e.MAC, Vendor: e.Vendor, Model: e.Model, From: e.From, At: now.Wall})
		k.found = k.found[max(0, len(k.found)-foundMax):]
	case *event.SettingsCommitted:
		k.forget()
	}
}

// forget drops what is kept of devices that are in the settings no more.
func (k *Keeper) forget() {
	for name := range k.devices {
		if _, ok := k.device(name); !ok {
			delete(k.devices, name)
		}
	}
}

func (k *Keeper) device(name string) (at int, ok bool) {
	for i, d := range k.book.Office().Devices {
		if d.Name == name {
			return i, true
		}
	}
	return 0, false
}

// React closes the window in time.
func (k *Keeper) React(now core.Time, e event.Event, out *core.Out) {
	if _, ok := e.(*event.Woke); ok && k.until != 0 && now.At >= k.until {
		out.Say(&event.ProvisioningClosed{})
	}
}

// Decide takes the commands.
func (k *Keeper) Decide(now core.Time, who id.Person, c core.Command, out *core.Out) error {
	switch c := c.(type) {
	case *Open:
		minutes := cmp.Or(c.Minutes, minutesDefault)
		if minutes < 1 || minutes > minutesMax {
			return core.Refuse("provision-minutes")
		}
		out.Say(&event.ProvisioningOpened{Who: who, Until: now.At + int64(minutes)*60_000})
	case *Close:
		if k.until != 0 {
			out.Say(&event.ProvisioningClosed{Who: who})
		}
	default:
		return core.Refuse("unknown-command")
	}
	return nil
}

// Open reports whether a file may be given now.
func (k *Keeper) Open(now core.Time) bool { return now.At < k.until }
