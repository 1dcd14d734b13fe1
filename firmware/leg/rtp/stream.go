package rtp

import (
	"time"

	"centralita/firmware/media/quality"
)

// clockRate is that of the time stamps of G.711 (RFC 3551 table 4).
const clockRate = 8000

// maxDropout is how far a sequence number may jump forward before it is taken
// for a stream that began anew (RFC 3550 appendix A.1).
const maxDropout = 3000

// stream keeps the receiver's statistics of the far end's stream.
type stream struct {
	quality.Receiver
	ssrc  uint32
	codec Codec
}

// arrived counts one packet and reports whether another stream began.
func (s *stream) arrived(ssrc uint32, seq uint16) (turned bool) {
	first := !s.Begun()
	if s.ssrc != ssrc && !first {
		s.ssrc = ssrc
		s.Begin(seq)
		return true
	}
	s.ssrc = ssrc
	return s.Seen(seq) == quality.Anew && !first
}

// sounded takes the times of a packet of sound, for its jitter, which is counted on
// the clock of G.711 whatever the codec's is.
func (s *stream) sounded(ts uint32, c Codec, now time.Duration) {
	s.codec = c
	s.Timed(ts/(c.clock()/8), uint32(now/(time.Second/clockRate)), clockRate)
}
