package app

import (
	"context"
	"sync/atomic"
	"time"

	"centralita/firmware/changeover"
	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/lifeline"
)

// openLifeline makes the keeper, if the board has a lifeline.
func (a *App) openLifeline() error {
	life := a.box.Lifeline
	if life == nil {
		return nil
	}
	line, set := id.Port(life.Line()), id.Port(life.Handset())
	a.lifeline = changeover.New(life, a.box.Port(life.Line()), a.box.Port(life.Handset()), changeover.Hooks{
		Frames: func() uint64 { return a.box.Highway.Counters().Frames },
		Asked:  func() time.Time { return time.Unix(0, a.loop.asked.Load()) },
		Wanted: a.loop.wanted.Load,
		Free:   func() bool { return a.bank.Idle(line, set) },
		Told:   a.tell,
		Changed: func(held bool) {
			a.loop.held.Store(held)
			if st, ok := a.bank.Status(set); ok && st.Ready {
				a.portHealth(set, "ready", "")
			}
		},
	})
	return nil
}

// onLifeline tells that a handset's telephone is on a line and not the box's.
func (a *App) onLifeline(port id.Port) bool {
	return a.box.Lifeline != nil && string(port) == a.box.Lifeline.Handset() && !a.loop.held.Load()
}

// ready tells that every port works and every telephone is the box's.
func (a *App) ready() bool {
	return a.box.Ready() && (a.box.Lifeline == nil || a.loop.held.Load())
}

// loopWord is what the loop last said of the lifeline.
type loopWord struct {
	asked  atomic.Int64  // Unix ns of its last answer
	wanted atomic.Uint64 // the wish for a test of the relay, 0 none
	held   atomic.Bool   // the other way: the handset is the box's
}

// ask has the loop answer; it is also how the keeper knows that it does.
func (a *App) ask(ctx context.Context) (joined bool) {
	said, _, _, err := a.switchboard.Look(ctx, func(core.Time) any {
		k := a.core.Part("lifeline").(*lifeline.Keeper)
		return lifelineWord{k.Wanted(), k.Joined()}
	})
	if err != nil {
		return false
	}
	word := said.(lifelineWord)
	a.loop.wanted.Store(word.wish)
	a.loop.asked.Store(time.Now().UnixNano())
	return word.joined
}

// lifelineWord is one answer.
type lifelineWord struct {
	wish   uint64
	joined bool
}

// askEvery is how often; well within the keeper's patience.
const askEvery = 500 * time.Millisecond

// serveLifeline keeps the relay until ctx ends, and then lets it fall. A call
// between its line and its telephone goes on: the telephone is on the line before
// the box leaves it.
func (a *App) serveLifeline(ctx context.Context) error {
	k := a.lifeline
	asking, done := context.WithCancel(ctx)
	answered := make(chan struct{})
	go func() { defer close(answered); a.keepAsking(asking) }()
	defer func() { done(); <-answered }()
	tick := time.NewTicker(changeover.Every)
	defer tick.Stop()
	k.Fall("starting")
	for {
		select {
		case now := <-tick.C:
			k.Tick(now)
			continue
		case <-ctx.Done():
		}
		last, cancel := context.WithTimeout(context.Background(), askEvery)
		joined := a.ask(last)
		cancel()
		if k.Fall("stopping") && joined {
			time.Sleep(a.box.Lifeline.HoldFor() + changeover.Every)
		}
		return ctx.Err()
	}
}

func (a *App) keepAsking(ctx context.Context) {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		a.ask(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
