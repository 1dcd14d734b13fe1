package rtp

import (
	"sync/atomic"

	"centralita/firmware/media/jitter"
)

// counts are written by the engine thread and the reader and read by anybody.
type counts struct {
	sent, sendFailed               atomic.Uint64
	received, foreign, malformed   atomic.Uint64
	unknownPayload, digitsLost     atomic.Uint64
	reports, badReports, ssrcTurns atomic.Uint64
	unauthentic                    atomic.Uint64
}

// Counts is how a session went, in packets.
type Counts struct {
	Sent           uint64
	SendFailed     uint64 // socket full or no route
	Received       uint64 // sound and digits from the right source
	Lost           int64  // expected by sequence number, not received (RFC 3550 A.3); below 0 with duplicates
	Foreign        uint64 // from a source neither agreed nor learned
	Malformed      uint64
	Unauthentic    uint64 // SRTP that was forged, broken or heard before
	UnknownPayload uint64
	DigitsLost     uint64
	Reports        uint64 // RTCP packets understood
	SourceChanges  uint64 // the far end began a new stream
	JitterMS       float64
	FarLost        float64 // share of our packets the far end missed in its last report, 0..1
	FarJitterMS    float64
	RoundTripMS    float64 // 0 is not known
	Played         jitter.Counters
}

// Counts reads all counters. It may be called at any time.
func (s *Session) Counts() Counts {
	c := Counts{
		Sent: s.counts.sent.Load(), SendFailed: s.counts.sendFailed.Load(),
		Received: s.counts.received.Load(), Foreign: s.counts.foreign.Load(),
		Malformed: s.counts.malformed.Load(), Unauthentic: s.counts.unauthentic.Load(), UnknownPayload: s.counts.unknownPayload.Load(),
		DigitsLost: s.counts.digitsLost.Load(), Reports: s.counts.reports.Load(),
		SourceChanges: s.counts.ssrcTurns.Load(),
	}
	s.receiver.fill(&c)
	c.Played = s.hearing.played(s.hearing.buffer.Load())
	return c
}
