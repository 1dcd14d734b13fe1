package si3210

import (
	"time"

	"centralita/hal"
)

var errPowerAlarm = &hal.Trouble{Reason: hal.TooMuchPower, Text: "the line draws too much power: short or foreign voltage"}

const (
	// powerAlarms are Q1 to Q6 in interrupt status 2: a transistor of the linefeed
	// exceeds its power. The chip opens the pair by itself (AOPN).
	powerAlarms = 0xFC
	// overloadFirst is how long the pair stays open after the first alarm, twice as
	// long after each further: 40, 80, 160, 320 ms. So a spark costs a moment, and
	// what lasts is known within a second.
	overloadFirst = 40 * time.Millisecond
	overloadMax   = 4
	// overloadForgiven takes one alarm off the count.
	overloadForgiven = 10 * time.Second
	// overloadPause is how long a port that was given up cools before it is tried
	// again: the transistors are in their limits while the pair is open.
	overloadPause = 3 * time.Second
	// overloadGuard after feeding again, while the set's hook is not judged.
	overloadGuard = 60 * time.Millisecond
)

// overload is what became of too much power.
type overload struct {
	count    int
	until    time.Time // the pair stays open until then, zero when it is not
	forgiven time.Time
}

// overloaded opens the pair for a while; what comes again and again gives the
// port up.
func (p *Port) overloaded(now time.Time) {
	o := &p.overload
	if !p.service.Ready() || now.Before(o.until) {
		return // told already
	}
	o.count++
	o.forgiven = now.Add(overloadForgiven)
	p.stopRing(now)
	p.write(regLinefeed, lfOpen)
	p.feed = lfOpen
	if o.count > overloadMax {
		p.overload = overload{}
		p.giveUp(errPowerAlarm, now)
		return
	}
	o.until = now.Add(overloadFirst << (o.count - 1))
	p.hook.blind(o.until.Add(overloadGuard))
}

// afterOverload feeds again, unless somebody else does.
func (p *Port) afterOverload(now time.Time) {
	o := &p.overload
	if o.until.IsZero() || now.Before(o.until) {
		return
	}
	o.until = time.Time{}
	if err := p.foreign(); err != nil {
		p.giveUp(err, now)
	}
}

// forgive takes alarms off the count.
func (o *overload) forgive(now time.Time) {
	if o.count > 0 && now.After(o.forgiven) {
		o.count--
		o.forgiven = now.Add(overloadForgiven)
	}
}
