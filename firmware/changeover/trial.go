package changeover

import (
	"math"
	"time"

	"centralita/firmware/event"
)

// Times of a test. The relay falls within the hold of its charge pump and a moment,
// and pulls within milliseconds.
const (
	fallMost = 500 * time.Millisecond // on top of the hold
	restFor  = 400 * time.Millisecond // on the line, while its voltage is measured
	pullMost = 300 * time.Millisecond
)

// trial is a test under way: the relay is let go, must fall, must leave the line
// its voltage, and must pull again.
type trial struct {
	stage  testStage
	since  time.Time
	before float64 // V of the line
	volts  float64 // the same with the telephone on it
	fall   time.Duration
}

type testStage uint8

const (
	falling testStage = iota
	resting
	pulling
)

// begin lets the relay go. A line without voltage needs no test to be useless.
func (k *Keeper) begin(now time.Time) {
	volts := math.Abs(k.line.Status().Volts)
	if volts < lineVolts {
		k.served = k.hooks.Wanted()
		k.hooks.Told(&event.LifelineTested{Fault: "no-line", Volts: volts})
		return
	}
	k.test = &trial{since: now, before: volts}
	k.move(false, "testing")
}

// stepTest goes on with it. Whoever wants to telephone meanwhile, and any trouble,
// ends it without result: the telephone stays on the line until that is over, and
// the test is done another time.
func (k *Keeper) stepTest(now time.Time, why string) {
	t := k.test
	if why != "" || k.idle.IsZero() || !k.hooks.Free() {
		k.test = nil
		if why == "" {
			why = "in-use"
		}
		k.move(false, why)
		return
	}
	passed := now.Sub(t.since)
	switch t.stage {
	case falling:
		if k.relay.AtRest() {
			t.fall = passed
			t.stage, t.since = resting, now
		} else if passed > k.relay.HoldFor()+fallMost {
			k.finish("stuck", passed, 0)
		}
	case resting:
		t.volts = math.Abs(k.line.Status().Volts)
		if passed < restFor {
			return
		}
		if !near(t.volts, t.before) {
			k.finish("lost", t.fall, 0)
			return
		}
		t.stage, t.since = pulling, now
		_ = k.relay.Hold()
	case pulling:
		if !k.relay.AtRest() {
			k.finish("", t.fall, passed)
		} else if passed > pullMost {
			k.finish("dead", t.fall, passed)
		} else {
			_ = k.relay.Hold()
		}
	}
}

// finish tells the result and takes the telephone back.
func (k *Keeper) finish(fault string, fall, pull time.Duration) {
	t := k.test
	k.test, k.served = nil, k.hooks.Wanted()
	k.contacts = contacts{fault: fault}
	k.hooks.Told(&event.LifelineTested{Fault: fault, Volts: t.volts, FallMS: fall.Milliseconds(), PullMS: pull.Milliseconds()})
	k.move(true, "")
	_ = k.relay.Hold()
}
