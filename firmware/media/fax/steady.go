package fax

import (
	"math"

	"centralita/firmware/media"
)

// part is how many samples are taken together: 5 ms. From part to part a tone
// turns by its distance from the nominal frequency, which is clear up to 100 Hz
// either way; what lies 200 Hz off and would turn full circle falls into the null
// of such a sum.
const (
	part  = 40
	parts = 4 // in the window of 20 ms
)

// steady follows one tone: how long it has been there, pure, even and near its
// frequency.
type steady struct {
	shift *[media.Narrow]complex64 // brings its frequency to zero; whole turns in 10 ms
	off   float32                  // Hz that it may be off
	z     [parts]complex64
	power float32   // mean square of the frame before
	level float32   // mean square of the tone in this run
	turn  complex64 // sum of the turns from part to part in this run
	run   int       // frames that the tone has lasted
	odd   int       // frames in a row that did not fit it
}

// What a run bears: clicks and a turn of the phase, which spoils a window, and
// the amplitude modulation of ANSam.
const (
	oddMost  = 3
	evenMost = 2    // in power
	pure     = 0.6  // of the power in the window is the tone's; 15 dB over noise has 0.97
	slack    = 12.0 // Hz: a window's frequency is less sure than a run's
	settled  = 8    // frames after which the run's frequency counts
)

// newSteady makes the follower of a tone; hz is a multiple of 100.
func newSteady(hz, off float32) steady {
	s := steady{off: off, shift: new([media.Narrow]complex64)}
	for i := range s.shift {
		sin, cos := math.Sincos(-2 * math.Pi * float64(hz) / 8000 * float64(i))
		s.shift[i] = complex(float32(cos), float32(sin))
	}
	return s
}

// frame takes 10 ms of the given mean square and reports whether they belong to
// the tone; run is 0 from the frame on with which it is over.
func (s *steady) frame(x *[media.Narrow]float32, power float32) bool {
	s.z[0], s.z[1] = s.z[2], s.z[3]
	s.z[2] = mixed(x[:part], s.shift[:part])
	s.z[3] = mixed(x[part:], s.shift[part:])
	window := (s.power + power) / 2
	s.power = power
	if s.fits(window) {
		s.run++
		s.odd = 0
		return true
	}
	if s.odd++; s.odd > oddMost || power < s.level/8 {
		s.run, s.level = 0, 0
	}
	return false
}

// fits measures the window and takes it into the run if it is of one tone.
func (s *steady) fits(power float32) bool {
	if power < minPower {
		return false
	}
	level, turn := s.tone()
	if level < pure*power || abs(hertz(turn)) > s.off+slack {
		return false
	}
	if s.run == 0 {
		s.level, s.turn = level, 0
	}
	if level > evenMost*s.level && s.run > 2 || evenMost*level < s.level || s.run > settled && abs(hertz(s.turn+turn)) > s.off {
		return false
	}
	s.level += (level - s.level) / 8
	s.turn += turn
	return true
}

// tone is what the window holds of one tone, wherever it lies near the nominal
// frequency: its mean square, and how it turns.
func (s *steady) tone() (level float32, turn complex64) {
	for k := 1; k < parts; k++ {
		turn += s.z[k] * conj(s.z[k-1])
	}
	back := conj(unit(turn))
	sum := s.z[parts-1]
	for k := parts - 2; k >= 0; k-- { // each is one turn further behind
		sum = s.z[k] + sum*back
	}
	const n = part * parts
	lost := math.Pi * hertz(turn) * part / 8000 // a part's sum is (sin lost)/lost
	return 2 * square(sum) / (n * n) * (1 + lost*lost/3), turn
}

// hertz is the distance from the nominal frequency that turns so.
func hertz(turn complex64) float32 {
	return float32(math.Atan2(float64(imag(turn)), float64(real(turn)))) * 8000 / (2 * math.Pi * part)
}

// mixed is the sum of a sound with its frequency shifted.
func mixed(x []float32, shift []complex64) complex64 {
	var re, im float32
	for i, v := range x {
		w := shift[i]
		re += v * real(w)
		im += v * imag(w)
	}
	return complex(re, im)
}

func abs(x float32) float32 {
	if x < 0 {
		return -x
	}
	return x
}

func conj(z complex64) complex64 { return complex(real(z), -imag(z)) }

func square(z complex64) float32 { return real(z)*real(z) + imag(z)*imag(z) }

func unit(z complex64) complex64 {
	m := float32(math.Sqrt(float64(square(z))))
	if m == 0 {
		return 1
	}
	return complex(real(z)/m, imag(z)/m)
}
