package town

// What an exchange reads from loop current, in frames of 10 ms.
const (
	seizeFrames    = 5  // a shorter closure on an idle line is a terminal's wetting pulse or noise
	tripFrames     = 3  // ring trip; exchanges take 20 to 200 ms
	pulseMin       = 3  // a dial pulse breaks 40 to 80 ms ...
	pulseMax       = 12 // ... and anything longer is a recall or the end
	pulseGap       = 20 // a closure this long ends a digit
	closedMilliAmp = 3.0
)

// loop watches the current of a line: seizure, dial pulses, recalls, clearing.
type loop struct {
	closed  bool
	frames  int // in the present state
	pulses  int
	flashes int
}

// watch takes the present state and returns the digit that pulses have completed,
// or 0.
func (l *loop) watch(closed bool, clear int) byte {
	if closed == l.closed {
		l.frames++
	} else {
		if closed && l.frames >= pulseMin && l.frames <= pulseMax {
			l.pulses++
		} else if closed && l.frames > pulseMax && l.frames < clear {
			l.flashes++
		}
		l.closed, l.frames = closed, 1
	}
	if l.closed && l.pulses > 0 && l.frames >= pulseGap {
		n := l.pulses
		l.pulses = 0
		if n <= 10 {
			return '0' + byte(n%10)
		}
	}
	return 0
}

// cleared tells that the loop has been open long enough to end the call.
func (l *loop) cleared(clear int) bool { return !l.closed && l.frames >= clear }
