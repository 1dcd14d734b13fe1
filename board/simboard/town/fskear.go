package town

import (
	"math"

	"centralita/hal/sim/wire"
)

// The ear's carrier lies between mark and space of V.23 and Bell 202 alike, so
// one receiver takes both. Its period is 80 samples, one frame.
const (
	centreHz = 1700
	fskTaps  = 8
	fskFloor = -42.0 // dBm0 of a frame worth listening to

	bitSamples  = float64(rate) / baud
	markBefore  = 20 // bits of mark that announce a message
	markBetween = 30 // more than so many bits of mark within a message end it
	messageMax  = 258
)

var (
	centreCos, centreSin [wire.FrameSamples]float64
	fskFIR               [fskTaps]float64
)

func init() {
	for i := range centreCos {
		centreCos[i] = math.Cos(2 * math.Pi * centreHz * float64(i) / rate)
		centreSin[i] = math.Sin(2 * math.Pi * centreHz * float64(i) / rate)
	}
	for i := range fskFIR {
		fskFIR[i] = 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/fskTaps)
	}
}

// fskEar receives caller ID messages. It brings the sound down to its carrier's
// middle and takes the sign of the turning of the phasor as the bit.
type fskEar struct {
	re, im       [fskTaps]float64
	at           int
	lastRe, last float64
	turn         [3]float64

	mark    bool
	marked  int     // samples of mark before the running character
	idle    int     // samples of mark since the last character
	clock   float64 // samples since the start bit began; negative while waiting
	bit     int
	current byte
	heard   bool // inside a message
	message [messageMax]byte
	n       int
}

func (e *fskEar) reset() { *e = fskEar{clock: -1} }

// hear takes 10 ms of sound and returns a whole message (valid until the next
// call) or nil. Wrong checksums are returned too: the display tells.
func (e *fskEar) hear(s *wire.Sound) []byte {
	if levelOf(energy(s)) < fskFloor {
		if e.clock >= 0 || e.heard || e.idle > 0 {
			e.reset()
		}
		return nil
	}
	var whole []byte
	for i, x := range s {
		if b, ok := e.character(e.demodulate(float64(x), i)); ok {
			if m := e.collect(b); m != nil {
				whole = m
			}
		}
	}
	return whole
}

// demodulate is true for mark.
func (e *fskEar) demodulate(x float64, i int) bool {
	e.re[e.at], e.im[e.at] = x*centreCos[i], -x*centreSin[i]
	e.at = (e.at + 1) % fskTaps
	var re, im float64
	for k, h := range fskFIR {
		j := (e.at + k) % fskTaps
		re += h * e.re[j]
		im += h * e.im[j]
	}
	turn := e.lastRe*im - e.last*re
	e.lastRe, e.last = re, im
	e.turn[0], e.turn[1], e.turn[2] = e.turn[1], e.turn[2], turn
	return e.turn[0]+e.turn[1]+e.turn[2] < 0
}

// character is an asynchronous receiver: start bit, eight bits, stop bit.
func (e *fskEar) character(mark bool) (byte, bool) {
	was := e.mark
	e.mark = mark
	if e.clock < 0 {
		if mark {
			e.idle++
		} else if was {
			e.clock, e.bit, e.current = 0, 0, 0
			e.marked, e.idle = e.idle, 0
		}
		return 0, false
	}
	e.clock++
	if e.clock < (float64(e.bit)+0.5)*bitSamples {
		return 0, false
	}
	n := e.bit
	e.bit++
	switch {
	case n == 0 && mark: // too short for a start bit
		e.clock = -1
	case n >= 1 && n <= 8 && mark:
		e.current |= 1 << (n - 1)
	case n == 9:
		e.clock = -1
		if !mark {
			e.heard = false
			return 0, false
		}
		e.idle = 0
		return e.current, true
	}
	return 0, false
}

// collect gathers octets into a message that a long mark announced.
func (e *fskEar) collect(b byte) []byte {
	if float64(e.marked) >= markBefore*bitSamples && !e.heard {
		e.heard, e.n = true, 0
	} else if float64(e.marked) > markBetween*bitSamples {
		e.heard = false
	}
	if !e.heard {
		return nil
	}
	e.message[e.n] = b
	e.n++
	if e.n >= 2 && e.n == int(e.message[1])+3 || e.n == messageMax {
		e.heard = false
		return e.message[:e.n]
	}
	return nil
}
