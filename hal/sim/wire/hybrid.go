package wire

import "math"

// Echo is what a hybrid returns of the sound that goes out through it.
type Echo struct {
	LossDB  float64 // echo return loss; 0 with Delay 0 means no echo at all
	Samples int     // delay, 1..HybridSamples
}

// HybridSamples is the longest echo: 8 ms, a long local loop.
const HybridSamples = 64

// Line is the echo of an ordinary line end: 18 dB down after half a millisecond.
var Line = Echo{LossDB: 18, Samples: 4}

// Hybrid adds echo to what comes in. The zero value is a perfect one.
type Hybrid struct {
	gain  int32 // 1/65536, of one reflection
	delay int
	taps  []int32              // 1/65536, of a whole response; nil is one reflection
	past  [HybridSamples]int16 // the newest played samples, last is newest
}

// Set makes the echo one reflection and forgets the past.
func (h *Hybrid) Set(e Echo) {
	*h = Hybrid{delay: min(max(e.Samples, 1), HybridSamples)}
	if e != (Echo{}) {
		h.gain = int32(math.Round(65536 * math.Pow(10, -e.LossDB/20)))
	}
}

// Shape makes the echo a response of up to HybridSamples, the first for the sample
// before; the past stays, as the wire does.
func (h *Hybrid) Shape(response []float64) {
	h.taps = make([]int32, min(len(response), HybridSamples))
	for i := range h.taps {
		h.taps[i] = int32(math.Round(65536 * response[i]))
	}
}

// Clear forgets the past.
func (h *Hybrid) Clear() { h.past = [HybridSamples]int16{} }

// Add puts the echo of what was played into what came in.
func (h *Hybrid) Add(in, played *Sound) {
	if h.taps != nil {
		h.filter(in, played)
		copy(h.past[:], played[FrameSamples-HybridSamples:])
		return
	}
	if h.gain == 0 {
		return
	}
	for i := range in {
		var old int16
		if k := i - h.delay; k >= 0 {
			old = played[k]
		} else {
			old = h.past[HybridSamples+k]
		}
		in[i] = add(in[i], (int64(old)*int64(h.gain)+32768)>>16)
	}
	copy(h.past[:], played[FrameSamples-HybridSamples:])
}

func (h *Hybrid) filter(in, played *Sound) {
	var all [HybridSamples + FrameSamples]int16
	copy(all[:], h.past[:])
	copy(all[HybridSamples:], played[:])
	for i := range in {
		sum := int64(32768)
		for k, c := range h.taps {
			sum += int64(c) * int64(all[HybridSamples+i-1-k])
		}
		in[i] = add(in[i], sum>>16)
	}
}

func add(a int16, b int64) int16 {
	return int16(min(max(int64(a)+b, math.MinInt16), math.MaxInt16))
}
