package rtp

import "time"

// maxDropout is how far a sequence number may jump forward before it is taken
// for a stream that began anew (RFC 3550 appendix A.1).
const maxDropout = 3000

// stream keeps the receiver's statistics of RFC 3550 appendices A.1, A.3 and A.8.
type stream struct {
	ssrc     uint32
	begun    bool
	first    uint32 // extended sequence number
	highest  uint32 // extended
	received uint32

	transit int64   // arrival minus timestamp, in timestamp units
	jitter  float64 // timestamp units

	expectedPrior, receivedPrior uint32
}

// arrived counts one packet and reports whether another stream began.
func (s *stream) arrived(ssrc uint32, seq uint16, ts uint32, now time.Duration) (turned bool) {
	if s.begun && s.ssrc != ssrc {
		turned = true
	}
	if !s.begun || turned {
		s.begin(ssrc, seq)
	} else if delta := seq - uint16(s.highest); delta < maxDropout {
		s.highest += uint32(delta) // wraps into the upper half by itself
	} else if delta < 1<<16-100 { // not a reordered packet either: the sender restarted
		s.begin(ssrc, seq)
		turned = true
	}
	s.received++
	transit := int64(now/(time.Second/8000)) - int64(ts)
	if s.received > 1 {
		d := int64(int32(transit - s.transit)) // wraps with the timestamp
		s.jitter += (float64(max(d, -d)) - s.jitter) / 16
	}
	s.transit = transit
	return turned
}

func (s *stream) begin(ssrc uint32, seq uint16) {
	*s = stream{ssrc: ssrc, begun: true, first: 1<<16 + uint32(seq), highest: 1<<16 + uint32(seq)}
}

func (s *stream) expected() uint32 {
	if !s.begun {
		return 0
	}
	return s.highest - s.first + 1
}

func (s *stream) lost() int64 { return int64(s.expected()) - int64(s.received) }

// fraction is the share lost since it was last asked, in 1/256 (appendix A.3).
func (s *stream) fraction() uint8 {
	expected, received := s.expected()-s.expectedPrior, s.received-s.receivedPrior
	s.expectedPrior, s.receivedPrior = s.expected(), s.received
	if expected == 0 || received >= expected {
		return 0
	}
	return uint8(min(255, (uint64(expected-received)<<8)/uint64(expected)))
}
