package analog

import (
	"strings"
	"time"

	"centralita/firmware/leg"
	items "centralita/firmware/line"
	"centralita/firmware/media/tone"
)

// awaitTone among the digits waits for a dial tone before the next.
const awaitTone = 'w'

// pauseDigit is a rest of digitComma.
const pauseDigit = ','

// dialled is what a line dials, in the order given to it.
func (s *Line) dialled(number string) string {
	if s.SecondTone == "" {
		return number
	}
	return s.SecondTone + string(awaitTone) + number
}

// noDialTone decides what happens without one.
func (l *line) noDialTone() {
	switch {
	case l.set.NoDialTone == Never, l.set.NoDialTone == AsKnown && l.toneKnown && !l.second:
		l.hangupBecause(leg.NoDialTone, "no dial tone within "+l.toneMost().String())
	default:
		l.dialNow()
	}
}

// dialToneHeard begins to dial.
func (l *line) dialToneHeard(s tone.Signal) {
	if s != tone.Dial && s != tone.Stutter {
		return
	}
	l.toneKnown = true
	if !l.dialTone.IsZero() {
		l.port.read(items.DialToneDelay, float64(l.dialTone.Sub(l.closed).Milliseconds()), "")
		l.dialTone = time.Time{}
	}
	l.dialNow()
}

// dialNow dials what is left, part by part.
func (l *line) dialNow() {
	l.port.ear.Store(nil)
	l.enter(dialling)
	switch {
	case l.dial == "":
		l.enter(proceeding)
		l.wait(answerAssumed)
		l.port.tell(l.port.leg, leg.Report{Kind: leg.EarlySound})
	case l.dial[0] == awaitTone:
		l.dial, l.second = l.dial[1:], true
		l.enter(waiting)
		l.wait(l.toneMost())
	case l.set.Pulse:
		l.pulse()
	default:
		part, _, _ := strings.Cut(l.dial, string(awaitTone))
		l.dial = l.dial[len(part):]
		l.port.sayDigits(part, l.dialOn)
	}
}

// pulse dials the next run of digits by the hook; Dialled goes on.
func (l *line) pulse() {
	run := strings.IndexFunc(l.dial+".", func(r rune) bool { return r < '0' || r > '9' })
	switch {
	case l.dial[0] == pauseDigit:
		l.dial = l.dial[1:]
		l.rest = time.Now().Add(digitComma)
		l.port.wake(l.rest)
	case run == 0:
		l.hangupBecause(leg.UnknownNumber, "a line that dials by pulses has no "+l.dial[:1])
	default:
		err := l.fxo.Pulse(l.dial[:run], pulsesOf(l.port.bank.plan.Load().Code))
		if err != nil {
			l.hangupBecause(leg.OutOfOrder, err.Error())
			return
		}
		l.dial = l.dial[run:]
		l.wait(time.Duration(run) * pulseDigitMost)
	}
}

// diallingDue ends a pause, and a dialling that does not come to an end.
func (l *line) diallingDue(now time.Time) {
	switch {
	case !l.rest.IsZero() && now.Before(l.rest):
		l.port.wake(l.rest)
	case !l.rest.IsZero():
		l.rest = time.Time{}
		l.dialOn()
	case l.set.Pulse && l.over(now, pulseAllMost):
		l.hangupBecause(leg.OutOfOrder, "the dial pulses do not come to an end")
	}
}

// More than any digit takes, ten pulses and the pause, and than any number.
const (
	pulseDigitMost = 3 * time.Second
	pulseAllMost   = 2 * time.Minute
)

// pulseLate is what a pulse may be late before it is worth a remark; exchanges
// take some 10 ms more or less. With one that was pulseWrong late, ten pulses a
// second are less than eight, which no exchange has to count: the number that it
// has is not the one that was dialled.
const (
	pulseLate  = 8 * time.Millisecond
	pulseWrong = 20 * time.Millisecond
	dialsMost  = 3 // in one call, before it is given up
)

func (l *line) pulsesOut(late time.Duration) {
	if late > pulseLate && l.port.leg != nil {
		l.port.tell(l.port.leg, leg.Report{Kind: leg.Trouble, Text: "a dial pulse was " + late.String() + " late"})
	}
	if late > pulseWrong && l.state == dialling {
		l.dialAgain()
		return
	}
	l.dialOn()
}

// dialAgain lets the exchange forget what it may have misunderstood and calls anew:
// late is better than a stranger.
func (l *line) dialAgain() {
	if l.dials++; l.dials >= dialsMost || l.port.leg == nil {
		l.hangupBecause(leg.OutOfOrder, "the dial pulses were not in time")
		return
	}
	l.ended()
	l.port.taken.Store(true)
}

// dialOn goes on after a part was dialled.
func (l *line) dialOn() {
	if l.state == dialling {
		l.dialNow()
	}
}
