package soak

import (
	"context"
	"sync/atomic"
	"time"

	"centralita/firmware/changeover"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/lifeline"
)

// The lifeline, which one box in two has, is between these.
const (
	lifeLine = "fxo1"
	lifeSet  = "fxs1"
)

// relay is the lifeline of a box as the program keeps it.
type relay struct {
	box    *box
	keeper *changeover.Keeper
	asked  atomic.Int64 // Unix ns of the loop's last answer
	wanted atomic.Uint64
	holds  atomic.Bool // as the keeper has it: the relay lies half a second after its last edge
}

func newRelay(b *box) *relay {
	r := &relay{box: b}
	r.keeper = changeover.New(b.sim.Lifeline, b.sim.Port(lifeLine), b.sim.Port(lifeSet), changeover.Hooks{
		Frames: func() uint64 { return b.sim.Highway.Counters().Frames },
		Asked:  func() time.Time { return time.Unix(0, r.asked.Load()) },
		Wanted: r.wanted.Load,
		Free:   func() bool { return b.bank.Idle(lifeLine, lifeSet) },
		Told:   b.board.Tell, Changed: r.holds.Store,
	})
	return r
}

// serve is the keeper's work and the questions to the loop.
func (r *relay) serve(ctx context.Context) error {
	r.keeper.Fall("starting")
	for n := 0; ctx.Err() == nil; n++ {
		if n%10 == 0 {
			wanted, _, _, err := r.box.board.Look(ctx, func(core.Time) any { return r.box.core.Part("lifeline").(*lifeline.Keeper).Wanted() })
			if err == nil {
				r.asked.Store(time.Now().UnixNano())
				r.wanted.Store(wanted.(uint64))
			}
		}
		r.keeper.Tick(time.Now())
		time.Sleep(changeover.Every)
	}
	r.keeper.Fall("stopping")
	return ctx.Err()
}

// backMost is how long the telephone may take to be the box's once all hands are
// off: a broken relay is tried every two seconds, and tested when it obeys.
const backMost = 8 * time.Second

// held tells that the telephone is the box's, or that there is no lifeline.
func (b *box) held() bool { return b.relay == nil || b.relay.holds.Load() && !b.sim.Lifeline.AtRest() }

// calm waits until the telephone is the box's and nothing is said against the relay.
// Contacts that stuck and let go unseen are proven by a test, as a person would.
func (b *box) calm() error {
	if b.relay == nil {
		return nil
	}
	if err := b.until("the telephone is the box's again", backMost, b.held); err != nil || !b.book.alarmed("lifeline") {
		return err
	}
	b.board.Tell(&event.LifelineTestDue{})
	return b.until("a good test of the lifeline", backMost, func() bool { return b.held() && !b.book.alarmed("lifeline") })
}

// proven is a test at the end of all, with its result.
func (b *box) proven() error {
	if b.relay == nil {
		return nil
	}
	from := time.Since(b.book.began)
	b.board.Tell(&event.LifelineTestDue{})
	return b.until("a good test of the lifeline in the end", backMost, func() bool {
		return b.held() && b.book.each(from, func(s said) bool {
			e, ok := s.Event.(*event.LifelineTested)
			return ok && e.Fault == ""
		})
	})
}
