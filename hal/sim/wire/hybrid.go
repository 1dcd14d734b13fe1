package wire

import "math"

// Echo is what a hybrid returns of the sound that goes out through it.
type Echo struct {
	LossDB  float64 // echo return loss; 0 with Delay 0 means no echo at all
	Samples int     // delay, 1..HybridSamples
}

// HybridSamples is the longest delay of an echo: 8 ms, a long local loop.
const HybridSamples = 64

// Line is the echo of an ordinary line end: 18 dB down after half a millisecond.
var Line = Echo{LossDB: 18, Samples: 4}

// Hybrid adds echo to what comes in. The zero value is a perfect one.
type Hybrid struct {
	gain  int32 // 1/65536
	delay int
	past  [HybridSamples]int16 // the newest played samples, last is newest
}

// Set changes the echo and forgets the past.
func (h *Hybrid) Set(e Echo) {
	*h = Hybrid{delay: min(max(e.Samples, 1), HybridSamples)}
	if e != (Echo{}) {
		h.gain = int32(math.Round(65536 * math.Pow(10, -e.LossDB/20)))
	}
}

// Clear forgets the past.
func (h *Hybrid) Clear() { h.past = [HybridSamples]int16{} }

// Add puts the echo of what was played into what came in.
func (h *Hybrid) Add(in, played *Sound) {
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
		v := int32(in[i]) + int32((int64(old)*int64(h.gain)+32768)>>16)
		in[i] = int16(min(max(v, math.MinInt16), math.MaxInt16))
	}
	copy(h.past[:], played[FrameSamples-HybridSamples:])
}
