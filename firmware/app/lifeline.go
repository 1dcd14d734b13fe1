package app

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/lifeline"
	"centralita/hal"
)

// How the lifeline is kept.
const (
	lifelineTick = 50 * time.Millisecond // of looks; the relay falls ten of them later
	// idleFor is how long line and telephone must be idle before the telephone is
	// taken back from the line: longer than the breaks of dialling and of a recall.
	idleFor = 800 * time.Millisecond
	// What is wrong lets the relay fall once it has lasted: a stopped clock for
	// longer than a restart of the streams, a port for longer than its recovery from
	// a spike, a loop that does not answer for longer than a slow disk.
	clockPatience = 500 * time.Millisecond
	portPatience  = 2 * time.Second
	loopPatience  = 3 * time.Second
	// lineVolts and more are a line at rest.
	lineVolts = 18.0
)

// keeper holds the relay while the box is well. Its tick is one goroutine's.
type keeper struct {
	relay hal.Lifeline
	line  hal.Port
	set   hal.Port
	hooks keeperHooks

	held   bool
	why    string
	idle   time.Time // since then line and telephone are idle, zero when they are not
	frames uint64
	moved  time.Time // when frames last moved
	broken time.Time // since then a port does not work, zero when both do
	test   *relayTest
}

// keeperHooks are the keeper's ways to the rest of the box.
type keeperHooks struct {
	frames  func() uint64    // exchanged with the highway
	asked   func() time.Time // when the loop last answered
	wanted  func() bool      // a test is due
	free    func() bool      // nobody uses line or handset, as the bank knows
	told    func(event.Event)
	changed func(held bool) // the handset's port is the box's, or is not
}

// tick is one look.
func (k *keeper) tick(now time.Time) {
	k.watch(now)
	why := k.ill(now)
	switch {
	case k.test != nil:
		k.stepTest(now, why)
	case k.held && why != "":
		k.move(false, why)
	case k.held && k.hooks.wanted() && k.quiet(now) && k.hooks.free():
		k.begin(now)
	case !k.held && why == "" && k.quiet(now):
		k.move(true, "")
	case !k.held && why == "" && k.why != "in-use" && k.idle.IsZero():
		k.move(false, "in-use")
	}
	if k.held {
		_ = k.relay.Hold() // an error means that it falls, which is what is safe
	}
}

// watch follows the line, the clock and the ports.
func (k *keeper) watch(now time.Time) {
	line, set := k.line.Status(), k.set.Status()
	if n := k.hooks.frames(); n != k.frames || k.moved.IsZero() {
		k.frames, k.moved = n, now
	}
	switch {
	case line.Ready && set.Ready:
		k.broken = time.Time{}
	case k.broken.IsZero():
		k.broken = now
	}
	switch {
	case !line.Ready || line.InUse || line.Ringing || line.OffHook:
		k.idle = time.Time{}
	case k.idle.IsZero():
		k.idle = now
	}
}

// quiet tells that nobody has used the line for long enough.
func (k *keeper) quiet(now time.Time) bool { return !k.idle.IsZero() && now.Sub(k.idle) >= idleFor }

// ill is why the box cannot be trusted with the telephone, "" when it can. A
// telephone that is the box's stays so over what passes by itself.
func (k *keeper) ill(now time.Time) string {
	patience := time.Duration(0)
	if k.held {
		patience = portPatience
	}
	switch {
	case k.frames == 0:
		return "starting"
	case now.Sub(k.moved) > clockPatience:
		return "no-clock"
	case now.Sub(k.hooks.asked()) > loopPatience:
		return "no-answer"
	case !k.broken.IsZero() && now.Sub(k.broken) >= patience:
		return "port"
	}
	return ""
}

// move holds the relay or lets it fall, and tells so.
func (k *keeper) move(held bool, why string) {
	if !held {
		_ = k.relay.Release()
	}
	if k.held == held && k.why == why {
		return
	}
	k.held, k.why = held, why
	k.hooks.changed(held)
	k.hooks.told(&event.LifelineMoved{Line: id.Port(k.line.Name()), Handset: id.Port(k.set.Name()), Held: held, Why: why})
}

// openLifeline makes the keeper, if the board has a lifeline.
func (a *App) openLifeline() error {
	life := a.box.Lifeline
	if life == nil {
		return nil
	}
	line, set := id.Port(life.Line()), id.Port(life.Handset())
	a.lifeline = &keeper{relay: life, line: a.box.Port(life.Line()), set: a.box.Port(life.Handset()), hooks: keeperHooks{
		frames: func() uint64 { return a.box.Highway.Counters().Frames },
		asked:  func() time.Time { return time.Unix(0, a.loop.asked.Load()) },
		wanted: a.loop.wanted.Load,
		free:   func() bool { return a.bank.Idle(line, set) },
		told:   a.tell,
		changed: func(held bool) {
			a.loop.held.Store(held)
			if st, ok := a.bank.Status(set); ok && st.Ready {
				a.portHealth(set, "ready", "")
			}
		},
	}}
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
	asked  atomic.Int64 // Unix ns of its last answer
	wanted atomic.Bool
	held   atomic.Bool // the other way: the handset is the box's
}

// ask has the loop answer; it is also how the keeper knows that it does.
func (a *App) ask(ctx context.Context) (joined bool) {
	said, _, _, err := a.switchboard.Look(ctx, func(core.Time) any {
		k := a.core.Part("lifeline").(*lifeline.Keeper)
		return [2]bool{k.Wanted(), k.Joined()}
	})
	if err != nil {
		return false
	}
	word := said.([2]bool)
	a.loop.wanted.Store(word[0])
	a.loop.asked.Store(time.Now().UnixNano())
	return word[1]
}

// askEvery is how often; well within loopPatience.
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
	tick := time.NewTicker(lifelineTick)
	defer tick.Stop()
	k.move(false, "starting")
	for {
		select {
		case now := <-tick.C:
			k.tick(now)
			continue
		case <-ctx.Done():
		}
		last, cancel := context.WithTimeout(context.Background(), askEvery)
		joined := a.ask(last)
		cancel()
		was := k.held
		k.test = nil
		k.move(false, "stopping")
		if joined && was {
			time.Sleep(k.relay.HoldFor() + lifelineTick)
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

// near tells that two voltages are of the same line: within a quarter, for meters
// are good to a tenth and exchanges sag a little.
func near(a, b float64) bool { return math.Abs(a-b) <= 0.25*math.Max(a, b) }
