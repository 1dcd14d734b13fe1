package town

import "centralita/hal/sim/wire"

// What an exchange reads from loop current, in frames of 10 ms.
const (
	seizeFrames    = 5 // a shorter closure on an idle line is a terminal's wetting pulse or noise
	tripFrames     = 3 // ring trip; exchanges take 20 to 200 ms
	closedMilliAmp = 3.0
)

// Dial pulses and recalls, in ms: an exchange counts 8 to 12 pulses a second with
// a break of half to three quarters of each.
const (
	pulseMin  = 38  // of a break ...
	pulseMax  = 96  // ... anything longer is a recall or the end
	periodMin = 80  // from one break to the next, 12.5 pulses a second
	periodMax = 128 // 7.8
	pulseGap  = 200 // a closure this long ends a digit
	recallMin = 45  // of a break while people talk
)

// samplesPerMS of the 8 kHz in which edges are placed.
const samplesPerMS = rate / 1000

// loop watches the current of a line: seizure, dial pulses, recalls, clearing.
type loop struct {
	closed  bool
	frames  int // in the present state
	samples int // the same, to the sample
	talking bool

	pulses  int
	spoilt  bool // a pulse of the digit was no pulse
	period  int  // samples since the last break began
	flashes int
	flashed int // ms of the recall that the last closing ended; taken by who acts on it
	wetted  int // ms of the last short closure of a resting line
}

// watch takes the present state, with the hook's edges within the frame where the
// set is that exact, and returns the digit that pulses have completed, or 0.
func (l *loop) watch(closed bool, edges []wire.Edge, clear int) byte {
	l.frames++
	at := 0
	for _, e := range edges {
		if e.OffHook != l.closed {
			l.pass(e.At - at)
			at = e.At
			l.turn(clear)
		}
	}
	l.pass(wire.FrameSamples - at)
	if closed != l.closed {
		l.turn(clear)
	}
	if l.closed && l.pulses > 0 && l.samples >= pulseGap*samplesPerMS {
		return l.digit()
	}
	return 0
}

func (l *loop) pass(samples int) {
	l.samples += samples
	l.period += samples
}

// turn is an edge: what ended was what?
func (l *loop) turn(clear int) {
	ms := l.samples / samplesPerMS
	l.closed = !l.closed
	l.frames, l.samples = 1, 0
	switch {
	case !l.closed:
		if ms < seizeFrames*10 {
			l.wetted = ms
		}
		if l.pulses > 0 {
			l.judgePeriod()
		}
		l.period = 0
	case l.talking:
		if ms >= recallMin && ms < clear*10 {
			l.flashes++
			l.flashed = ms
		}
	case ms >= pulseMin && ms <= pulseMax:
		l.pulses++
	case ms > pulseMax && ms < clear*10:
		l.flashes++
		l.flashed = ms
	case l.pulses > 0:
		l.spoilt = true
	}
}

func (l *loop) judgePeriod() {
	if ms := l.period / samplesPerMS; ms < periodMin || ms > periodMax {
		l.spoilt = true
	}
}

// digit ends the pulses of one; what cannot be counted is none.
func (l *loop) digit() byte {
	n, spoilt := l.pulses, l.spoilt
	l.pulses, l.spoilt = 0, false
	if n > 10 || spoilt {
		return 0
	}
	return '0' + byte(n%10)
}

// restart forgets the digit under way, as for a new call.
func (l *loop) restart() { l.pulses, l.spoilt, l.flashes, l.flashed = 0, false, 0, 0 }

// recalled tells once how long a timed break of the terminal was, 0 for none.
func (l *loop) recalled() (ms int) {
	ms = l.flashed
	l.flashed = 0
	return ms
}

// cleared tells that the loop has been open long enough to end the call.
func (l *loop) cleared(clear int) bool { return !l.closed && l.frames >= clear }
