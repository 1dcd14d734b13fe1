package analog

import (
	"fmt"
	"math"
	"time"

	"centralita/firmware/leg"
	items "centralita/firmware/line"
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

// bursts are the rings of one cycle, by the sound clock: the exchange's is no other.
type bursts struct {
	begins, ended time.Duration // of the running burst, and of the one before it
	n             int           // in this cycle
}

// cyclePause parts cycles from bursts within one, as the two of Britain.
const cyclePause = 900 * time.Millisecond

// burstLeast is less than any exchange rings.
const burstLeast = 100 * time.Millisecond

// burst takes the end of one.
func (l *line) burst(ended time.Duration) {
	b := &l.cycle
	lasted, pause := ended-b.begins, b.begins-b.ended
	if lasted < burstLeast { // the sound clock stood still
		*b = bursts{}
		return
	}
	if b.n > 0 && pause >= cyclePause && pause < ringingPause {
		l.port.read(items.RingOff, float64(pause.Milliseconds()), "")
		l.port.read(items.RingBursts, float64(b.n), fmt.Sprint(b.n))
	}
	if b.n == 0 || pause >= cyclePause {
		l.port.read(items.RingOn, float64(lasted.Milliseconds()), "")
		b.n = 0
	}
	b.ended = ended
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
