package fax

import (
	"math"

	"centralita/firmware/media"
)

// flags hears the flags of V.21 channel 2, 300 bit/s with 1650 Hz for one and
// 1850 Hz for zero: a flag is six ones between zeros.
type flags struct {
	z     [smooth]complex64 // sums of step samples, oldest first
	past  [2]complex64      // sums of all z, two steps ago and one
	one   bool              // the bit that lasts
	run   int               // steps that it has lasted
	odd   int               // steps in a row of the other bit
	apart bool              // the zeros before were as many as between flags
	count int               // flags in a row
	held  [4]float32        // mean square in the channel, last frames
	total [4]float32        // and of everything
	n     int               // frames, modulo the above
	told  bool
}

// Times in steps of 0.5 ms: a bit is 6.7 steps. A flag has six ones; between two
// stand one zero, shared, or two.
const (
	step     = 4
	smooth   = 6 // 3 ms, nearly a bit
	change   = 3 // steps of the other bit that make a change
	onesMin  = 37
	onesMax  = 43
	zeroMin  = 4
	zeroMax  = 16
	flagsRun = 7   // flags that make sure: 160 to 190 ms
	inBand   = 0.5 // of the power; smoothing leaves 0.7 of what lies in the channel
)

// middle shifts 1750 Hz, between one and zero, to zero: 17.5 turns in a frame, so
// it is as long as two.
var middle = func() (w [2 * media.Narrow]complex64) {
	for i := range w {
		sin, cos := math.Sincos(-2 * math.Pi * 1750 / 8000 * float64(i))
		w[i] = complex(float32(cos), float32(sin))
	}
	return w
}()

// frame takes 10 ms of the given mean square and reports whether they make sure
// of a preamble, once for each.
func (f *flags) frame(x *[media.Narrow]float32, power float32) bool {
	if power < minPower {
		*f = flags{}
		return false
	}
	w := middle[f.n%2*int(media.Narrow):][:media.Narrow]
	var held float32
	for i := 0; i < len(x); i += step {
		copy(f.z[:], f.z[1:])
		f.z[smooth-1] = mixed(x[i:i+step], w[i:i+step])
		var sum complex64
		for _, z := range f.z {
			sum += z
		}
		held += square(sum)
		f.bit(imag(sum*conj(f.past[0])) < 0)
		f.past[0], f.past[1] = f.past[1], sum
	}
	const n = step * smooth
	f.held[f.n] = 2 * held / (n * n) / (float32(media.Narrow) / step)
	f.total[f.n] = power
	f.n = (f.n + 1) % len(f.held)
	if f.told || f.count < flagsRun || !f.inside() {
		return false
	}
	f.told = true
	return true
}

// inside reports whether nearly everything lies in the channel.
func (f *flags) inside() bool {
	var held, total float32
	for i := range f.held {
		held += f.held[i]
		total += f.total[i]
	}
	return held > inBand*total
}

// bit takes the bit of a step.
func (f *flags) bit(one bool) {
	if f.run++; one == f.one {
		f.odd = 0
		return
	}
	if f.odd++; f.odd < change {
		return
	}
	f.ended(f.run - change)
	f.one, f.run, f.odd = one, change, 0
}

// ended takes a run of bits.
func (f *flags) ended(steps int) {
	switch {
	case !f.one:
		f.apart = steps >= zeroMin && steps <= zeroMax
		return
	case f.apart && steps >= onesMin && steps <= onesMax:
		f.count++
	default:
		f.count, f.told = 0, false
	}
}
