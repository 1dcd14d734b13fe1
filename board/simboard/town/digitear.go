package town

import (
	"math"

	"centralita/hal/sim/wire"
)

// The window of the digit ear: 30 ms under a Hann window, moved by 10 ms. Its
// main lobe reaches 66 Hz, less than the 73 Hz between the two lowest rows.
const (
	digitWindow    = 240
	digitFloor     = -25.0 // dBm0 of each group's tone; ITU-T Q.24 asks to hear it. Echo of a digit we send stays under it.
	digitTwist     = 10.0  // dB either way
	digitHits      = 2     // windows in a row that begin a digit: some 40 ms of tone
	digitMisses    = 2     // windows in a row that end it
	digitPurity    = 0.5   // share of the sound that must be in the two tones; 1.5 % off the frequency costs a third of it
	digitNeighbour = 4.0   // a tone must be so many times stronger than the next of its group
)

var (
	hann        [digitWindow]float64
	hannPower   float64
	digitCoeffs [8]float64
)

func init() {
	for i := range hann {
		hann[i] = 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/digitWindow)
		hannPower += hann[i]
	}
	for i := range 4 {
		digitCoeffs[i] = 2 * math.Cos(2*math.Pi*rowHz[i]/rate)
		digitCoeffs[4+i] = 2 * math.Cos(2*math.Pi*columnHz[i]/rate)
	}
}

// notch takes one frequency out: two zeros on the unit circle, poles just inside.
type notch struct {
	c, r           float64
	x1, x2, y1, y2 float64
}

func notchAt(hz float64) notch {
	return notch{c: 2 * math.Cos(2*math.Pi*hz/rate), r: 0.9}
}

func (n *notch) filter(x float64) float64 {
	y := x - n.c*n.x1 + n.x2 + n.r*n.c*n.y1 - n.r*n.r*n.y2
	n.x2, n.x1, n.y2, n.y1 = n.x1, x, n.y1, y
	return y
}

// digitEar recognises DTMF digits, also over dial tone: two notches take out
// what every dial tone here is made of (350, and 425..440 Hz) before the eight
// Goertzel filters listen.
type digitEar struct {
	low, high notch
	window    [digitWindow]float64

	key          byte // being pressed, 0 is none
	maybe        byte
	hits, misses int
}

func (e *digitEar) reset() {
	*e = digitEar{low: notchAt(350), high: notchAt(433)}
}

// hear takes 10 ms and returns the digit that began in it, or 0.
func (e *digitEar) hear(s *wire.Sound) byte {
	copy(e.window[:], e.window[wire.FrameSamples:])
	for i, x := range s {
		e.window[digitWindow-wire.FrameSamples+i] = e.high.filter(e.low.filter(float64(x)))
	}
	k := e.classify()
	if k == 0 || k != e.key {
		e.misses++
	} else {
		e.misses = 0
	}
	if e.key != 0 && e.misses >= digitMisses {
		e.key = 0
	}
	if k == 0 || k != e.maybe {
		e.maybe, e.hits = k, 0
	}
	if k == 0 {
		return 0
	}
	e.hits++
	if e.hits == digitHits && e.key == 0 {
		e.key, e.misses = k, 0
		return k
	}
	return 0
}

// classify names the key whose two tones fill the window, or 0.
func (e *digitEar) classify() byte {
	var p [8]float64 // mean square of each tone
	var total float64
	for i, x := range e.window {
		w := hann[i] * x
		total += w * x
	}
	total /= hannPower
	if total < meanSquareOf(digitFloor) {
		return 0
	}
	for k, c := range digitCoeffs {
		p[k] = goertzel(&e.window, c)
	}
	row, column := strongest(p[:4]), strongest(p[4:])
	if row < 0 || column < 0 {
		return 0
	}
	lo, hi := p[row], p[4+column]
	floor := meanSquareOf(digitFloor)
	twist := math.Pow(10, digitTwist/10)
	if lo < floor || hi < floor || lo > hi*twist || hi > lo*twist || lo+hi < digitPurity*total {
		return 0
	}
	return keys[row*4+column]
}

// goertzel is the mean square of the tone of coefficient c in the window.
func goertzel(window *[digitWindow]float64, c float64) float64 {
	var s1, s2 float64
	for i, x := range window {
		s1, s2 = hann[i]*x+c*s1-s2, s1
	}
	return 2 * (s1*s1 + s2*s2 - c*s1*s2) / (hannPower * hannPower)
}

// strongest is the index of a tone well above its neighbours, or -1.
func strongest(p []float64) int {
	best := 0
	for i := range p {
		if p[i] > p[best] {
			best = i
		}
	}
	for i := range p {
		if i != best && p[i]*digitNeighbour > p[best] {
			return -1
		}
	}
	return best
}
