// Package changeover holds the relay that gives a telephone to the box, and lets it
// fall to the line as soon as the box cannot be trusted with it: a stopped clock, a
// port that fails, a loop that does not answer, an end. It takes the telephone back
// only while line and telephone are idle, and tests the relay when it is asked to.
//
// firmware/app ticks one; what is known of it is kept by firmware/lifeline. It has
// no goroutine, and no way to a chip but the relay and the health of two ports.
package changeover

import (
	"math"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/hal"
)

// How the lifeline is kept.
const (
	// Every is the time between two looks; the relay falls ten of them later.
	Every = 50 * time.Millisecond
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

// Keeper holds the relay while the box is well. One goroutine calls it.
type Keeper struct {
	relay hal.Lifeline
	line  hal.Port
	set   hal.Port
	hooks Hooks

	held   bool
	why    string
	idle   time.Time // since then line and telephone are idle, zero when they are not
	frames uint64
	moved  time.Time // when frames last moved
	broken time.Time // since then a port does not work, zero when both do
	test   *trial
	served uint64 // the wish for a test that was fulfilled last

	contacts contacts
}

// Hooks are the keeper's ways to the rest of the box.
type Hooks struct {
	Frames  func() uint64    // exchanged with the highway
	Asked   func() time.Time // when the loop last answered
	Wanted  func() uint64    // the wish for a test, 0 none; each has a number of its own
	Free    func() bool      // nobody uses line or handset, as the bank knows
	Told    func(event.Event)
	Changed func(held bool) // the handset's port is the box's, or is not
}

// New makes a keeper, which holds nothing before it is ticked.
func New(relay hal.Lifeline, line, set hal.Port, h Hooks) *Keeper {
	return &Keeper{relay: relay, line: line, set: set, hooks: h}
}

// Fall gives the telephone to its line, whatever goes on, and tells whether it was
// the box's.
func (k *Keeper) Fall(why string) (was bool) {
	was, k.test = k.held, nil
	k.contacts.pulling = time.Time{}
	k.move(false, why)
	return was
}

// Tick is one look.
func (k *Keeper) Tick(now time.Time) {
	k.watch(now)
	if k.test == nil {
		k.look(now)
	}
	why := k.ill(now)
	if !k.contacts.pulling.IsZero() && (why != "" || !k.quiet(now)) {
		k.drop(k.why)
	}
	switch {
	case k.test != nil:
		k.stepTest(now, why)
	case k.held && why != "":
		k.move(false, why)
	case k.held && (k.contacts.doubt || k.wanted()) && k.quiet(now) && k.hooks.Free():
		k.begin(now)
	case !k.held && why == "" && k.quiet(now):
		k.take(now)
	case !k.held && why == "" && k.why != "in-use" && k.idle.IsZero():
		k.move(false, "in-use")
	}
	if k.held {
		_ = k.relay.Hold() // an error means that it falls, which is what is safe
	}
}

// wanted tells that a test is due and was not done; the wish is heard for a while
// after that.
func (k *Keeper) wanted() bool {
	wish := k.hooks.Wanted()
	return wish != 0 && wish != k.served
}

// watch follows the line, the clock and the ports.
func (k *Keeper) watch(now time.Time) {
	line, set := k.line.Status(), k.set.Status()
	if n := k.hooks.Frames(); n != k.frames || k.moved.IsZero() {
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
func (k *Keeper) quiet(now time.Time) bool { return !k.idle.IsZero() && now.Sub(k.idle) >= idleFor }

// ill is why the box cannot be trusted with the telephone, "" when it can. A
// telephone that is the box's stays so over what passes by itself.
func (k *Keeper) ill(now time.Time) string {
	patience := time.Duration(0)
	if k.held {
		patience = portPatience
	}
	switch {
	case k.frames == 0:
		return "starting"
	case now.Sub(k.moved) > clockPatience:
		return "no-clock"
	case now.Sub(k.hooks.Asked()) > loopPatience:
		return "no-answer"
	case !k.broken.IsZero() && now.Sub(k.broken) >= patience:
		return "port"
	}
	return ""
}

// move holds the relay or lets it fall, and tells so.
func (k *Keeper) move(held bool, why string) {
	if !held {
		_ = k.relay.Release()
	}
	if k.held == held && k.why == why {
		return
	}
	k.held, k.why = held, why
	k.hooks.Changed(held)
	k.hooks.Told(&event.LifelineMoved{Line: id.Port(k.line.Name()), Handset: id.Port(k.set.Name()), Held: held, Why: why})
}

// near tells that two voltages are of the same line: within a quarter, for meters
// are good to a tenth and exchanges sag a little.
func near(a, b float64) bool { return math.Abs(a-b) <= 0.25*math.Max(a, b) }
