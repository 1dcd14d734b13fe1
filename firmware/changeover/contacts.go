package changeover

import (
	"math"
	"time"

	"centralita/firmware/event"
)

const (
	// strayFor is how long contacts may be elsewhere than told before they are
	// believed to be: a relay bounces, and pulls within milliseconds.
	strayFor = 2 * Every
	// pullAgain is how long after a relay has not pulled it is tried again, so that
	// one that was mended is known within the five seconds of any other fault.
	pullAgain = 2 * time.Second
)

// contacts is what the relay makes of what it is told.
type contacts struct {
	astray  time.Time // since then they are not where they should be, zero when they are
	pulling time.Time // since then the coil is driven without effect, zero when it is not
	after   time.Time // no try to pull before
	fault   string    // that was told: "dead", "stuck"
	doubt   bool      // they obey again: a test shall tell whether the fault is over
}

// look compares where the contacts are with where they should be.
func (k *Keeper) look(now time.Time) {
	c := &k.contacts
	rest := k.relay.AtRest()
	if rest != k.held || !c.pulling.IsZero() {
		if c.astray = (time.Time{}); c.fault == "stuck" && rest {
			c.doubt = true
		}
		return
	}
	if c.astray.IsZero() {
		c.astray = now
	}
	switch lasts := now.Sub(c.astray); {
	case rest && lasts >= strayFor: // the telephone is not the box's, whoever holds
		k.disobeys("dead", now)
		k.move(false, "relay")
	case !rest && lasts > k.relay.HoldFor()+fallMost:
		k.disobeys("stuck", now)
	}
}

// disobeys tells of a relay that does not do what it is told, once.
func (k *Keeper) disobeys(fault string, now time.Time) {
	c := &k.contacts
	c.astray, c.pulling, c.after = time.Time{}, time.Time{}, now.Add(pullAgain)
	if c.fault != fault {
		c.fault, c.doubt = fault, false
		k.hooks.Told(&event.LifelineTested{Fault: fault, Volts: math.Abs(k.line.Status().Volts)})
	}
}

// take pulls the relay; the telephone is the box's when the contacts say so.
func (k *Keeper) take(now time.Time) {
	c := &k.contacts
	if now.Before(c.after) {
		return
	}
	if c.pulling.IsZero() {
		c.pulling = now
	}
	_ = k.relay.Hold()
	switch {
	case !k.relay.AtRest():
		c.pulling, c.doubt = time.Time{}, c.doubt || c.fault == "dead"
		k.move(true, "")
	case now.Sub(c.pulling) > pullMost:
		k.disobeys("dead", now)
		k.drop("relay")
	}
}

// drop ends an attempt to pull.
func (k *Keeper) drop(why string) {
	if k.contacts.pulling = (time.Time{}); !k.held {
		_ = k.relay.Release()
		k.move(false, why)
	}
}
