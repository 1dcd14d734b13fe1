package rtp

import (
	"net/netip"
	"sync"
	"time"

	"github.com/pion/rtp"
)

// datagramMax holds the largest packet we can use: 40 ms of G.711 with header,
// extensions and some room. Longer ones are cut by the kernel and then refused.
const datagramMax = 1500

// receiver is what the reader knows of the far end's stream. The mutex is for
// the reporter and for Connect; the engine never takes it.
type receiver struct {
	mu     sync.Mutex
	source source
	stream stream
	event  eventIn
	last   time.Duration // arrival of the last packet or report, since begun; 0 is never
	told   bool          // silence was told
	hushed bool          // it said last that it says nothing now
	way    *way          // of a relay, nil while the engine mixes

	far     farSide
	sender  senderReport
	control netip.AddrPort // where the last report came from
	left    bool           // the far end said goodbye and no packet came since
}

func (r *receiver) forget() {
	r.mu.Lock()
	r.source, r.control = source{}, netip.AddrPort{}
	r.mu.Unlock()
}

func (r *receiver) fill(c *Counts) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.Lost = r.stream.Lost()
	c.JitterMS = r.stream.Jitter() * 1000 / clockRate
	c.FarLost, c.FarJitterMS = r.far.fraction, float64(r.far.jitter)*1000/clockRate
	c.RoundTripMS = float64(r.far.trip) / float64(time.Millisecond)
}

// receive judges one datagram. It never panics and allocates nothing.
func (s *Session) receive(p *rtp.Packet, b []byte, from netip.AddrPort, now time.Duration) {
	remote := s.remote.Load()
	if remote == nil {
		return // nothing agreed yet
	}
	if len(b) < headerSize || b[0]>>6 != 2 {
		s.counts.malformed.Add(1) // STUN and keep-alives of NAT boxes end here too
		return
	}
	if remote.deaf {
		return
	}
	if remote.Mux && b[1] >= typeFirst && b[1] <= typeLast {
		s.receiveReport(b, from, s.begun.Add(now))
		return
	}
	if sec := remote.secure; sec != nil {
		if b = sec.unprotect(b); b == nil {
			s.counts.unauthentic.Add(1)
			return
		}
	}
	// A stale extension or padding must not survive from the packet before.
	p.Header = rtp.Header{CSRC: p.CSRC[:0], Extensions: p.Extensions[:0]}
	if err := p.Unmarshal(b); err != nil {
		s.counts.malformed.Add(1)
		return
	}
	r := &s.receiver
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.closed.Load() {
		return // asked under the lock: Close waits for it
	}
	if !r.source.accepts(remote, from, p.SSRC, p.SequenceNumber, now) {
		s.counts.foreign.Add(1)
		return
	}
	if to := s.target.Load(); r.source.locked.IsValid() && (to == nil || *to != r.source.locked) {
		learned := r.source.locked // allocates once for each lock
		s.target.Store(&learned)
	}
	s.counts.received.Add(1)
	r.last, r.told, r.left = max(now, 1), false, false
	if turned := r.stream.arrived(p.SSRC, p.SequenceNumber); turned {
		s.counts.ssrcTurns.Add(1)
		r.event = eventIn{} // the play-out buffer finds the new stream by itself
	}
	c, sound := remote.heard(p.PayloadType)
	if sound {
		r.hushed = false
		r.stream.sounded(p.Timestamp, c, now)
	}
	switch {
	case sound && r.way != nil:
		r.way.passSound(c, p, b, s.begun.Add(now))
	case sound:
		s.hearing.put(c, p, s.beat, s.begun.Add(now))
	case p.PayloadType == CN && len(p.Payload) > 0: // from some who did not ask, too
		r.hushed = true
		if r.way != nil {
			r.way.passComfort(p, b, s.begun.Add(now))
		} else {
			s.hearing.comfort(p)
		}
	case remote.tells(p.PayloadType):
		s.heardEvent(p.Timestamp, p.Payload)
		if r.way != nil {
			r.way.passEvent(p, b, s.begun.Add(now))
		}
	default:
		s.counts.unknownPayload.Add(1)
	}
}
