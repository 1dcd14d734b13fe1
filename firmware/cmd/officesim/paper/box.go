// Package paper is the box made of paper: the real deciding with every feature,
// no wires and no sound. Stories, fuzz tests and simulated days step it in virtual
// time and hold what it says against the invariants.
package paper

import (
	"fmt"
	"reflect"

	"centralita/firmware/acd"
	"centralita/firmware/alarm"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/desk"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/guard"
	"centralita/firmware/id"
	"centralita/firmware/ivr"
	"centralita/firmware/order"
	"centralita/firmware/paging"
	"centralita/firmware/station"
	"centralita/firmware/trunk"
)

// Features are all that decide.
var Features = []feature.Feature{
	alarm.Feature, desk.Feature, guard.Feature, trunk.Feature, station.Feature, ivr.Feature, acd.Feature, paging.Feature,
}

// Entry is one fact of the journal with its time.
type Entry struct {
	Now  core.Time
	Fact event.Event
}

// Box is the deciding with its journal.
type Box struct {
	Book    *call.Book
	Core    *core.Core
	Journal []Entry
	parts   []core.Part
}

// New makes a box with an empty journal.
func New() *Box {
	b := &Box{Book: call.New()}
	b.parts = feature.Parts(b.Book, Features)
	b.Core = core.New(b.parts...)
	return b
}

// Step feeds one fact and keeps what is to be written down.
func (b *Box) Step(now core.Time, e event.Event) ([]order.Order, []event.Event) {
	orders, said := b.Core.Step(now, e)
	b.keep(now, said)
	return orders, said
}

// Command gives a person's wish.
func (b *Box) Command(now core.Time, who id.Person, feature string, c core.Command) ([]order.Order, []event.Event, error) {
	orders, said, err := b.Core.Command(now, who, feature, c)
	b.keep(now, said)
	return orders, said, err
}

func (b *Box) keep(now core.Time, said []event.Event) {
	for _, e := range said {
		b.Journal = append(b.Journal, Entry{now, e})
	}
}

// Replayed makes a box that only read the journal, as bytes, like after a start.
func (b *Box) Replayed() (*Box, error) {
	twin := New()
	for _, entry := range b.Journal {
		if err := twin.Follow(entry); err != nil {
			return nil, err
		}
	}
	return twin, nil
}

// Follow remembers one entry, by way of its bytes.
func (b *Box) Follow(entry Entry) error {
	body, err := entry.Fact.MarshalMsg(nil)
	if err != nil {
		return err
	}
	e, err := event.Decode(entry.Fact.Kind(), body)
	if err != nil {
		return err
	}
	b.Core.Replay(entry.Now, e)
	b.Journal = append(b.Journal, Entry{entry.Now, e})
	return nil
}

// Differs names the first part that is not deeply equal in two boxes, "" none.
func (b *Box) Differs(twin *Box) string {
	for i, p := range b.parts {
		if !reflect.DeepEqual(p.Reactor, twin.parts[i].Reactor) {
			return fmt.Sprintf("%s: %+v\nwas remembered as %+v", p.Name, p.Reactor, twin.parts[i].Reactor)
		}
	}
	return ""
}
