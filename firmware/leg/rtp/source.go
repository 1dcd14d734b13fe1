package rtp

import (
	"net/netip"
	"time"
)

const (
	// lockAfter packets in sequence from one place make it the place.
	lockAfter = 5
	// relearnAfter is how long the locked place must be silent before another may
	// be learned: a NAT box that rebooted gives its phone another port.
	relearnAfter = 2 * time.Second
)

// source decides whose packets are believed (symmetric RTP, RFC 4961): those of
// the agreed address, or those that come from the agreed or the signalling
// address through another port, five in sequence, as a phone behind NAT does.
// Once locked, nobody else is heard, so a stranger who sprays packets at our
// ports is neither played nor sent sound to. Under the receiver's mutex.
type source struct {
	locked    netip.AddrPort
	heard     time.Duration // last packet of locked
	candidate candidate
	agreed    candidate
}

// candidate is a place on trial.
type candidate struct {
	from netip.AddrPort
	ssrc uint32
	seq  uint16
	run  int
}

// next counts a packet and reports whether the trial is passed.
func (c *candidate) next(from netip.AddrPort, ssrc uint32, seq uint16) bool {
	if c.run > 0 && c.from == from && c.ssrc == ssrc && c.seq+1 == seq {
		c.run++
	} else {
		*c = candidate{from: from, ssrc: ssrc, run: 1}
	}
	c.seq = seq
	return c.run >= lockAfter
}

func (s *source) accepts(r *Remote, from netip.AddrPort, ssrc uint32, seq uint16, now time.Duration) bool {
	if s.locked.IsValid() && from == s.locked {
		s.heard = now
		return true
	}
	if s.locked.IsValid() && now-s.heard < relearnAfter {
		return false
	}
	if from == r.Addr {
		if s.agreed.next(from, ssrc, seq) {
			s.lock(from, now)
		}
		return true
	}
	if from.Addr() != r.Addr.Addr() && from.Addr() != r.Signal {
		return false
	}
	if s.agreed.run > 0 && !s.locked.IsValid() {
		return false // the agreed place is speaking already
	}
	if !s.candidate.next(from, ssrc, seq) {
		return false
	}
	s.lock(from, now)
	return true
}

func (s *source) lock(from netip.AddrPort, now time.Duration) {
	*s = source{locked: from, heard: now}
}
