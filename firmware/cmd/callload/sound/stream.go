package sound

import (
	"net/netip"
	"time"
)

// remembered is how many packets of a stream may be under way: 10 s. What comes
// later counts as lost.
const remembered = 512

// Stream is one direction of one call: what one end says.
type Stream struct {
	id   int
	sock *socket
	to   netip.AddrPort // zero: not yet known
	ssrc uint32
	slot int // of 20, one a millisecond

	next     uint32 // number of the next packet
	underway [remembered]flight
	heardAt  uint16 // the server's port it comes from, 0: not heard yet
	lastWay  int64  // transit of the packet before, ns
	jitter   float64
}

// flight is a packet under way.
type flight struct {
	packet  uint32
	sent    int64  // ns of the system's clock, 0: none
	cells   uint16 // heard, one bit each
	counted bool   // sent while measuring
}

// sending notes that the next packet goes out at a time and gives its number.
func (p *Pump) sending(s *Stream, at int64) uint32 {
	n := s.next % packetsMax
	s.next++
	f := &s.underway[n%remembered]
	p.judge(f)
	*f = flight{packet: n, sent: at, counted: p.measuring}
	if p.measuring {
		p.counts.Sent++
	}
	return n
}

// judge counts what of a packet was never heard.
func (p *Pump) judge(f *flight) {
	if f.sent == 0 || !f.counted {
		return
	}
	const whole = 1<<Cells - 1
	switch f.cells {
	case whole:
	case 0:
		p.counts.Lost++
		p.counts.LostCells += Cells
	default:
		p.counts.Cut++
		for k := range Cells {
			if f.cells&(1<<k) == 0 {
				p.counts.LostCells++
			}
		}
	}
	f.sent = 0
}

// heard takes the sound of one packet that came at a time from a port of the
// server to the end listener belongs to.
func (p *Pump) heard(listener *Stream, payload []byte, at int64, from uint16) {
	first := true
	Read(payload, func(m Mark) {
		if m.Stream >= len(p.streams) || p.streams[m.Stream] == nil {
			p.counts.Strange++
			return
		}
		s := p.streams[m.Stream]
		f := &s.underway[m.Packet%remembered]
		if f.sent == 0 || f.packet != m.Packet {
			p.counts.Strange++ // longer than remembered ago, or never said
			return
		}
		if s.heardAt == 0 {
			s.heardAt = from
		}
		if s == listener || s.heardAt != from {
			p.counts.Crossed++
			return
		}
		if f.cells&(1<<m.Cell) != 0 {
			p.counts.Doubled++
			return
		}
		f.cells |= 1 << m.Cell
		if first && f.counted {
			first = false
			// The sample at Offset plays that much after the packet came; it was
			// spoken as much after its own packet left.
			way := at - f.sent + int64(m.Offset-m.Cell*cell)*int64(time.Second/8000)
			p.counts.Delay.add(way)
			if s.lastWay != 0 {
				s.jitter += (float64(abs(way-s.lastWay)) - s.jitter) / 16 // RFC 3550 section 6.4.1
			}
			s.lastWay = way
		}
	})
}

func abs(x int64) int64 { return max(x, -x) }
