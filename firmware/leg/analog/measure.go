package analog

import (
	"fmt"
	"math"
	"time"

	"centralita/firmware/leg"
	items "centralita/firmware/line"
	"centralita/hal"
)

// What a call shows of its line beside the call itself, for the line's profile.

// settleTime is what the driver waits from closing the loop to telling Settled.
const settleTime = 650 * time.Millisecond

// measureSeized reads the meters of a line off-hook.
func (l *line) measureSeized() {
	l.closed = time.Now().Add(-settleTime)
	s := l.fxo.Status()
	if s.MilliAmp > 0 {
		l.port.read(items.LoopCurrent, s.MilliAmp, "")
		l.port.read(items.LoopVoltage, math.Abs(s.Volts), "")
	}
	if l.resting > 0 {
		l.port.read(items.IdleVoltage, l.resting, "")
		l.resting = 0
	}
}

// bursts are the rings of one cycle.
type bursts struct {
	begun, ended time.Time // of the last burst
	n            int       // in this cycle
}

// cyclePause parts cycles from bursts within one, as the two of Britain.
const cyclePause = 900 * time.Millisecond

// burst takes the end of one.
func (l *line) burst(e hal.Event) {
	b := &l.cycle
	begun := e.At.Add(-e.Duration)
	pause := begun.Sub(b.ended)
	if b.n > 0 && pause >= cyclePause && pause < ringingPause {
		l.port.read(items.RingOff, float64(pause.Milliseconds()), "")
		l.port.read(items.RingBursts, float64(b.n), fmt.Sprint(b.n))
	}
	if b.n == 0 || pause >= cyclePause {
		l.port.read(items.RingOn, float64(e.Duration.Milliseconds()), "")
		b.n = 0
	}
	b.begun, b.ended = begun, e.At
	b.n++
}

// loopGone is a loop that opened and stays open: the far end's hang-up in a call,
// and a line that does not work before.
func (l *line) loopGone() {
	if l.state == waiting || l.state == dialling {
		l.hangupBecause(leg.OutOfOrder, "no loop current")
		return
	}
	l.hangupBecause(leg.LoopBreak, "loop opened")
}

// lineCut ends what a line at rest was about when its battery goes.
func (l *line) lineCut() {
	switch {
	case l.state == ringing && l.offered:
		l.port.end(leg.OutOfOrder, "the line was cut while it rang")
	case l.state == ringing:
		l.unheard()
	case l.state == standing:
		l.hangupBecause(leg.OutOfOrder, "no voltage from the exchange")
	}
}
