// Package quality counts what a listener would have thought of a stream: loss,
// jitter, delay, and a mean opinion score estimated from them.
//
// leg/rtp keeps one Receiver per stream in its reading goroutine and asks it for
// the numbers of its RTCP reports; the call's end writes Score into the book. It
// measures nothing by itself and asks for no time.
package quality

// Receiver counts RTP packets as RFC 3550 appendices A.1, A.3 and A.8 do. One
// goroutine only.
type Receiver struct {
	first    bool
	base     uint32 // extended sequence number of the first packet
	max      uint16
	cycles   uint32
	received uint32
	twice    uint32
	transit  int32
	jitter   float32 // samples
	bad      uint32  // next sequence number if the stream has begun anew
	earlier  struct{ expected, received uint32 }
	seen     [4]uint64 // the last 256 sequence numbers below max
}

// The limits of RFC 3550 A.1: a sequence number this much ahead is a gap, this
// much behind is disorder, anything else a new stream.
const (
	maxDropout  = 3000
	maxMisorder = 100
)

// Seen takes one packet; now is the arrival in units of the time stamp (8 kHz
// for G.711) on any clock of even pace. It reports false for a duplicate and for
// a packet that belongs to no stream known.
func (r *Receiver) Seen(seq uint16, ts uint32, now uint32) bool {
	if !r.first {
		r.begin(seq)
	} else if !r.place(seq) {
		return false
	}
	r.received++
	transit := int32(now - ts)
	if r.received > 1 {
		d := transit - r.transit
		if d < 0 {
			d = -d
		}
		r.jitter += (float32(d) - r.jitter) / 16
	}
	r.transit = transit
	return true
}

func (r *Receiver) begin(seq uint16) {
	*r = Receiver{first: true, base: uint32(seq), max: seq, bad: 1 << 16}
	r.mark(seq)
}

// place sorts a sequence number: ahead, behind, again, or of another stream.
func (r *Receiver) place(seq uint16) bool {
	ahead := seq - r.max
	switch {
	case ahead == 0:
		r.twice++
		return false
	case ahead < maxDropout:
		if seq < r.max {
			r.cycles += 1 << 16
		}
		for n := r.max + 1; n != seq && ahead <= 256; n++ {
			r.clear(n)
		}
		if ahead > 256 {
			r.seen = [4]uint64{}
		}
		r.max = seq
	case ahead > 1<<16-maxMisorder:
		if r.has(seq) {
			r.twice++
			return false
		}
	case uint32(seq) == r.bad:
		r.begin(seq)
		return true
	default:
		r.bad = uint32(seq + 1)
		return false
	}
	r.mark(seq)
	return true
}

func (r *Receiver) mark(n uint16)     { r.seen[n>>6&3] |= 1 << (n & 63) }
func (r *Receiver) clear(n uint16)    { r.seen[n>>6&3] &^= 1 << (n & 63) }
func (r *Receiver) has(n uint16) bool { return r.seen[n>>6&3]>>(n&63)&1 == 1 }

// Highest is the extended highest sequence number received.
func (r *Receiver) Highest() uint32 { return r.cycles | uint32(r.max) }

// Twice is how many came again.
func (r *Receiver) Twice() uint32 { return r.twice }

// Expected is how many were sent as far as the numbers tell.
func (r *Receiver) Expected() uint32 {
	if !r.first {
		return 0
	}
	return r.Highest() - r.base + 1
}

// Lost is how many never came.
func (r *Receiver) Lost() uint32 {
	if e := r.Expected(); e > r.received {
		return e - r.received
	}
	return 0
}

// Jitter is the interarrival jitter in units of the time stamp.
func (r *Receiver) Jitter() uint32 { return uint32(r.jitter) }

// Fraction is the loss since it was last asked for, in 1/256, for a report.
func (r *Receiver) Fraction() uint8 {
	expected := r.Expected() - r.earlier.expected
	received := r.received - r.earlier.received
	r.earlier.expected, r.earlier.received = r.Expected(), r.received
	if expected == 0 || received >= expected {
		return 0
	}
	return uint8(min(255, uint64(expected-received)*256/uint64(expected)))
}

// Line is what the E-model needs to know of a connection.
type Line struct {
	Loss   float64 // part of the sound lost or late, 0..1
	Burst  float64 // mean length of a loss in packets; below 1 counts as 1 (random)
	Delay  float64 // from mouth to ear, one way, ms
	Analog bool    // one end is a two-wire line (echo and loss of level)
}

// Score is the mean opinion score, 1.0..4.4, that ITU-T G.107 predicts for G.711
// with packet loss concealment: default values, delay impairment by the usual
// piecewise line, loss by Ie-eff with Bpl 25.1 (G.113 Appendix I).
func Score(l Line) float64 {
	r := 93.2 - delayImpairment(max(0, l.Delay))
	if loss := 100 * min(max(l.Loss, 0), 1); loss > 0 {
		r -= 95 * loss / (loss/max(1, l.Burst) + 25.1)
	}
	if l.Analog {
		r -= 2
	}
	return opinion(r)
}

func delayImpairment(ms float64) float64 {
	d := 0.024 * ms
	if ms > 177.3 {
		d += 0.11 * (ms - 177.3)
	}
	return d
}

// opinion turns a rating R into an opinion score (G.107 annex B).
func opinion(r float64) float64 {
	switch {
	case !(r > 0):
		return 1
	case r >= 100:
		return 4.5
	}
	return max(1, 1+0.035*r+r*(r-60)*(100-r)*7e-6)
}
