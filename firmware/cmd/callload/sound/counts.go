package sound

import "time"

// Counts are the figures of a stretch of sound.
type Counts struct {
	Sent      uint64 // packets while measuring
	Lost      uint64 // packets of which nothing was heard
	Cut       uint64 // packets of which a part was not heard
	LostCells uint64 // 2 ms each
	Doubled   uint64 // cells heard twice
	Crossed   uint64 // cells heard at an end they were not for
	Strange   uint64 // cells nobody said, or more than 10 s ago
	Late      uint64 // packets this program sent more than 5 ms after their time
	Delay     Histogram
	Jitter    time.Duration // mean over the streams, RFC 3550
}

// Loss is the share of the sound that was not heard.
func (c *Counts) Loss() float64 {
	if c.Sent == 0 {
		return 0
	}
	return float64(c.LostCells) / float64(c.Sent*Cells)
}

// step and steps: delays are counted in steps of 10 µs up to 400 ms; what is
// longer counts as that.
const (
	step  = 10 * time.Microsecond
	steps = 40_000
)

// Histogram counts delays.
type Histogram struct {
	n     uint64
	sum   int64
	most  int64
	steps [steps]uint32
}

func (h *Histogram) add(ns int64) {
	h.n++
	h.sum += ns
	h.most = max(h.most, ns)
	h.steps[min(max(ns/int64(step), 0), steps-1)]++
}

// Mean is 0 where nothing was heard.
func (h *Histogram) Mean() time.Duration {
	if h.n == 0 {
		return 0
	}
	return time.Duration(h.sum / int64(h.n))
}

// Most is the longest.
func (h *Histogram) Most() time.Duration { return time.Duration(h.most) }

// At is the delay that a share of all did not pass.
func (h *Histogram) At(share float64) time.Duration {
	want, n := share*float64(h.n), 0.0
	for i, c := range h.steps {
		if n += float64(c); c > 0 && n >= want {
			return time.Duration(i+1) * step
		}
	}
	return 0
}
