package db

import (
	"context"
	"iter"
	"testing"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/journal"
)

// watched tells of each record that was folded.
type watched struct {
	*journal.Journal
	folded chan uint64
}

func (w watched) Follow(ctx context.Context, from uint64) iter.Seq2[*event.Record, error] {
	return func(yield func(*event.Record, error) bool) {
		for r, err := range w.Journal.Follow(ctx, from) {
			if !yield(r, err) {
				return
			}
			w.folded <- r.Seq
		}
	}
}

func TestFoldFollowsLive(t *testing.T) {
	o := newOffice(t)
	ctx, cancel := context.WithCancel(t.Context())
	w := watched{o.book, make(chan uint64)}
	f := NewFold(o.db, w)
	f.rest = time.Millisecond
	ended := make(chan error)
	go func() { ended <- f.Serve(ctx) }()
	for call := id.Call(1); call <= 3; call++ {
		o.say(&event.CallBegan{Call: call, Leg: id.Leg(call), Direction: "in"})
		if seq := <-w.folded; seq != uint64(call) {
			t.Errorf("folded %d", seq)
		}
		list, _, err := o.db.List(t.Context(), 0, 1, "")
		if err != nil || len(list) != 1 || list[0].Call != call {
			t.Errorf("newest call %+v, %v", list, err)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
