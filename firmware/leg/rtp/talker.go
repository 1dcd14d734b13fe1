package rtp

import (
	"encoding/binary"
	"sync/atomic"
	"time"

	"centralita/firmware/media"
)

const (
	headerSize = 12 // RFC 3550 section 5.1, no contributing sources
	tick       = 80 // timestamp units of one engine tick: 10 ms at 8 kHz
	payloadMax = PtimeMax * 8
)

// talker packs what the far end is to hear: the engine thread's or, in a relay, of
// whoever passes packets. Under the session's mix, but for the fields that say
// otherwise.
type talker struct {
	digits chan outgoing // from Send to the engine: 64 is a long card number and then some

	ssrc   uint32
	seq    uint16
	ts     uint32 // of the next tick
	last   uint64 // number of the last tick
	begun  bool
	mark   bool // next packet begins a talk spurt
	fill   int  // bytes of payload gathered
	packet [headerSize + payloadMax]byte
	event  eventOut

	at    time.Time // in a relay: when ts was sent
	hush  int       // ticks of silence that are kept back yet
	alone int       // ticks in which nobody could make anything of the far end

	// for the sender reports
	packets, octets atomic.Uint32
	skipped         atomic.Int32  // numbers that a relay passed over because the packets were lost before us
	clock           atomic.Uint64 // time stamp of what follows the last packet of sound, and when that was sent in ms
}

func (t *talker) init(ssrc, ts uint32, seq uint16) {
	t.digits = make(chan outgoing, 64)
	t.ssrc, t.ts, t.seq, t.mark = ssrc, ts, seq, true
}

// Write sends what the far end is to hear. It cannot block: it encodes into a
// buffer of the session and hands full packets to the socket, which drops rather
// than waits. A tick in which a relay begins or ends is skipped.
func (s *Session) Write(n uint64, f *media.Frame) {
	if !s.mix.TryLock() {
		return
	}
	defer s.mix.Unlock()
	if s.relayed {
		return
	}
	t := &s.talker
	if f.Rate == media.Narrow {
		copy(s.hearing.said[:], f.PCM())
	}
	if t.begun && n > t.last+1 { // ticks that were skipped are silence in time, not cut out of it
		t.ts += uint32(n-t.last-1) * tick
		t.fill, t.mark = 0, true
	}
	t.begun, t.last = true, n
	r := s.remote.Load()
	s.unheard(r)
	if t.hushed(f.PCM()) {
		return
	}
	if r == nil || !r.Send || s.closed.Load() || f.Rate != media.Narrow && r.encoder == nil {
		t.fill, t.mark = 0, true
		t.ts += tick
		return
	}
	if s.sendEvent(r) || r.Opus {
		t.ts += tick
		return
	}
	pcm := f.PCM()
	if t.event.audible(r) {
		pcm = t.event.pcm[:]
	}
	r.encode(t.packet[headerSize+t.fill:headerSize+t.fill+tick], pcm)
	t.fill += tick
	t.ts += tick
	if t.fill >= r.Ptime*8 {
		s.sendPacket(r.Payload, t.ts-uint32(t.fill), t.fill)
		t.timed(t.ts, time.Since(s.begun))
		t.fill = 0
	}
}

// timed notes for the sender report how the time stamps go with time.
func (t *talker) timed(next uint32, at time.Duration) {
	t.clock.Store(uint64(next)<<32 | uint64(uint32(at/time.Millisecond)))
}

// stamp is our time stamp at a time, which is what a sender report wants beside that
// of NTP.
func (t *talker) stamp(at time.Duration, codec Codec) uint32 {
	c := t.clock.Load()
	return uint32(c>>32) + (uint32(at/time.Millisecond)-uint32(c))*codec.clock()
}

// sendPacket sends the first size bytes of payload.
func (s *Session) sendPacket(payload uint8, ts uint32, size int) {
	t := &s.talker
	p := t.packet[:headerSize+size]
	p[0] = 2 << 6 // version 2, no padding, extension or contributing sources
	p[1] = payload
	if t.mark {
		p[1] |= 0x80
		t.mark = false
	}
	binary.BigEndian.PutUint16(p[2:], t.seq)
	binary.BigEndian.PutUint32(p[4:], ts)
	binary.BigEndian.PutUint32(p[8:], t.ssrc)
	t.seq++
	s.transmit(p)
}

// transmit sends a packet of ours. The session's sound is held.
func (s *Session) transmit(p []byte) {
	size := len(p) - headerSize
	to := s.target.Load()
	if to == nil || !to.IsValid() || to.Port() == 0 {
		return
	}
	if r := s.remote.Load(); r.deaf {
		return
	} else if r.secure != nil {
		if p = r.secure.protect(p); p == nil {
			s.counts.sendFailed.Add(1)
			return
		}
	}
	if err := s.sound.WriteTo(p, *to); err != nil {
		s.counts.sendFailed.Add(1)
		return
	}
	s.counts.sent.Add(1)
	t := &s.talker
	t.packets.Add(1)
	t.octets.Add(uint32(size))
}
