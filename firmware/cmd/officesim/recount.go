package main

import (
	"fmt"

	"centralita/firmware/acd"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
)

// recount counts the queues' day from the journal and holds it against what the
// floor shows. A clock that was set back over midnight makes two days of one; such
// runs are left out.
func (t *town) recount() error {
	type figures struct{ offered, answered, abandoned int }
	today := t.box.Book.Day(t.now().Wall)
	counted := map[id.Queue]figures{}
	for _, entry := range t.box.Journal {
		if _, ok := entry.Fact.(*event.ClockStepped); ok {
			return nil
		}
		if t.box.Book.Day(entry.Now.Wall) != today {
			continue
		}
		switch e := entry.Fact.(type) {
		case *event.CallQueued:
			f := counted[e.Queue]
			f.offered++
			counted[e.Queue] = f
		case *event.CallLeft:
			f := counted[e.Queue]
			f.answered += b2i(e.Why == "connected")
			f.abandoned += b2i(e.Why == "abandoned")
			counted[e.Queue] = f
		}
	}
	for _, row := range view(acd.Feature, "floor").Look(t.box.Core.Part("acd"), t.now()).(acd.Picture).Queues {
		if shown := (figures{row.Offered, row.Answered, row.Abandoned}); shown != counted[row.Queue] {
			return fmt.Errorf("queue %s shows %+v, the journal counts %+v", row.Queue, shown, counted[row.Queue])
		}
	}
	return nil
}

func view(f feature.Feature, name string) feature.View {
	for _, v := range f.Views {
		if v.Name == name {
			return v
		}
	}
	panic("officesim: no view " + name)
}
