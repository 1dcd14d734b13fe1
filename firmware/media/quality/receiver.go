package quality

// Receiver counts RTP packets as RFC 3550 appendices A.1, A.3 and A.8 do. One
// goroutine only. It allocates nothing.
type Receiver struct {
	begun    bool
	base     uint32 // extended sequence number of the first packet
	max      uint16
	cycles   uint32
	received uint32
	twice    uint32
	gaps     uint32 // times that numbers were passed over, and how many in all
	missed   uint32
	bad      uint32  // next sequence number if the stream has begun anew
	timed    bool    // transit is of a packet
	transit  int32   // arrival minus time stamp
	jitter   float32 // units of the time stamp
	earlier  struct{ expected, received uint32 }
	seen     [4]uint64 // the last 256 sequence numbers below max
	past     Totals    // of streams that ended
	sum      float64   // of jitter over the packets, all streams
	most     float32
	timings  uint32
}

// Totals are counts over all streams of a call.
type Totals struct {
	Expected uint64 // sent, as far as the numbers tell
	Received uint64 // doubles not counted
	Twice    uint64
	Gaps     uint64 // how often packets were missing
	Missed   uint64 // in these gaps, before late ones came after all
}

// The limits of RFC 3550 A.1: a sequence number this much ahead is a gap, this
// much behind is disorder, anything else a new stream.
const (
	maxDropout  = 3000
	maxMisorder = 100
)

// Verdict is what a packet was.
type Verdict uint8

// The verdicts.
const (
	Fresh   Verdict = iota // of the stream, first seen
	Twice                  // seen before
	Strange                // of no stream known; not counted
	Anew                   // the stream begins with it
)

// Seen takes one packet.
func (r *Receiver) Seen(seq uint16) Verdict {
	if !r.begun {
		r.Begin(seq)
		return Anew
	}
	return r.place(seq)
}

// Begin starts a new stream with its first packet, as when the SSRC is another.
func (r *Receiver) Begin(seq uint16) {
	past := r.Totals()
	*r = Receiver{
		begun: true, base: uint32(seq), max: seq, bad: 1 << 16, received: 1,
		past: past, sum: r.sum, most: r.most, timings: r.timings,
	}
	r.mark(seq)
}

// Timed takes the times of a packet: now is the arrival in units of the time stamp
// on any clock of even pace. Packets whose time stamp is not that of their sending,
// such as the repetitions of a telephone event, are left out. A jump of more than
// leap units is the sender's clock set anew and no jitter.
func (r *Receiver) Timed(ts, now, leap uint32) {
	transit := int32(now - ts)
	if r.timed {
		d := transit - r.transit
		if d < 0 {
			d = -d
		}
		if uint32(d) <= leap {
			r.jitter += (float32(d) - r.jitter) / 16
		}
	}
	r.timed, r.transit = true, transit
	r.sum += float64(r.jitter)
	r.timings++
	r.most = max(r.most, r.jitter)
}

// place sorts a sequence number: ahead, behind, again, or of another stream.
func (r *Receiver) place(seq uint16) Verdict {
	ahead := seq - r.max
	switch {
	case ahead == 0:
		r.twice++
		return Twice
	case ahead < maxDropout:
		r.advance(seq, ahead)
	case ahead > 1<<16-maxMisorder:
		if r.has(seq) {
			r.twice++
			return Twice
		}
	case uint32(seq) == r.bad:
		r.Begin(seq)
		return Anew
	default:
		r.bad = uint32(seq + 1)
		return Strange
	}
	r.mark(seq)
	r.received++
	return Fresh
}

func (r *Receiver) advance(seq, ahead uint16) {
	if seq < r.max {
		r.cycles += 1 << 16
	}
	if ahead > 1 {
		r.gaps++
		r.missed += uint32(ahead - 1)
	}
	for n := r.max + 1; n != seq && ahead <= 256; n++ {
		r.clear(n)
	}
	if ahead > 256 {
		r.seen = [4]uint64{}
	}
	r.max = seq
}

func (r *Receiver) mark(n uint16)     { r.seen[n>>6&3] |= 1 << (n & 63) }
func (r *Receiver) clear(n uint16)    { r.seen[n>>6&3] &^= 1 << (n & 63) }
func (r *Receiver) has(n uint16) bool { return r.seen[n>>6&3]>>(n&63)&1 == 1 }

// Begun reports whether any packet came.
func (r *Receiver) Begun() bool { return r.begun }

// Highest is the extended highest sequence number received.
func (r *Receiver) Highest() uint32 { return r.cycles | uint32(r.max) }

// Expected is how many were sent of the stream as far as the numbers tell.
func (r *Receiver) Expected() uint32 {
	if !r.begun {
		return 0
	}
	return r.Highest() - r.base + 1
}

// Lost is the cumulative loss of the stream for a report: doubles make it less, and
// even less than none (RFC 3550 section 6.4.1).
func (r *Receiver) Lost() int64 { return int64(r.Expected()) - int64(r.received) - int64(r.twice) }

// Jitter is the interarrival jitter now, in units of the time stamp.
func (r *Receiver) Jitter() float64 { return float64(r.jitter) }

// Jitters are the mean and the greatest of it, over all streams.
func (r *Receiver) Jitters() (mean, most float64) {
	if r.timings == 0 {
		return 0, 0
	}
	return r.sum / float64(r.timings), float64(r.most)
}

// Fraction is the loss since it was last asked for, in 1/256, for a report.
func (r *Receiver) Fraction() uint8 {
	all := r.received + r.twice
	expected, received := r.Expected()-r.earlier.expected, all-r.earlier.received
	r.earlier.expected, r.earlier.received = r.Expected(), all
	if expected == 0 || received >= expected {
		return 0
	}
	return uint8(min(255, uint64(expected-received)*256/uint64(expected)))
}

// Totals counts all streams so far.
func (r *Receiver) Totals() Totals {
	return Totals{
		Expected: r.past.Expected + uint64(r.Expected()), Received: r.past.Received + uint64(r.received),
		Twice: r.past.Twice + uint64(r.twice), Gaps: r.past.Gaps + uint64(r.gaps), Missed: r.past.Missed + uint64(r.missed),
	}
}

// Lost is how many never came.
func (t Totals) Lost() uint64 { return t.Expected - min(t.Received, t.Expected) }

// Burst is the mean length of a gap in packets, 0 where there was none.
func (t Totals) Burst() float64 {
	if t.Gaps == 0 || t.Lost() == 0 {
		return 0
	}
	return max(1, float64(t.Missed)/float64(t.Gaps))
}
