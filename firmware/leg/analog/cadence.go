package analog

import (
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/media/tone"
)

// Cadences are the ways of ringing that an office can give to its patterns;
// "country" is that of the exchange. Each is one cycle of on and off in ms, with
// a pause at the end that leaves room for caller ID (GR-30: two seconds and more).
var Cadences = map[string][]time.Duration{
	"country":    nil,
	"single":     ms(1000, 3000),
	"long":       ms(2000, 4000),
	"double":     ms(400, 200, 400, 3000),
	"triple":     ms(300, 200, 300, 200, 300, 3000),
	"short-long": ms(300, 200, 1000, 3000),
	"short":      ms(500, 2500),
}

func ms(list ...int) (steps []time.Duration) {
	for _, n := range list {
		steps = append(steps, time.Duration(n)*time.Millisecond)
	}
	return steps
}

// usual is what a pattern rings by where the office sets nothing: calls from
// outside as the exchange rings in this country, calls from inside so that one
// hears the difference.
func usual(plan *tone.Country, p leg.Pattern) string {
	switch p {
	case leg.RingInternal:
		if len(plan.Ring) == 2 {
			return "double"
		}
		return "single"
	case leg.RingRecall:
		return "short-long"
	case leg.RingAlarm:
		return "triple"
	}
	return "country"
}

// cadence is one cycle of a pattern in the office's way.
func (b *Bank) cadence(p leg.Pattern) []time.Duration {
	plan := b.plan.Load()
	if p == "" {
		p = leg.RingExternal
	}
	name, set := b.ringing[p]
	if steps := Cadences[name]; set && (steps != nil || name == "country") {
		return orRing(steps, plan)
	}
	return orRing(Cadences[usual(plan, p)], plan)
}

func orRing(steps []time.Duration, plan *tone.Country) []time.Duration {
	if steps == nil {
		return plan.Ring
	}
	return steps
}

// first turns a cycle so that its longest pause comes last, and says how long that
// is: there caller ID is sent.
func first(cycle []time.Duration) (turned []time.Duration, pause time.Duration) {
	at := 1
	for i := 1; i < len(cycle); i += 2 {
		if cycle[i] > cycle[at] {
			at = i
		}
	}
	turned = append(turned, cycle[at+1:]...)
	turned = append(turned, cycle[:at+1]...)
	return turned, cycle[at]
}
