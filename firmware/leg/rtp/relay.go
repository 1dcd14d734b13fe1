package rtp

import (
	"sync"
	"time"

	"centralita/firmware/media"
	"centralita/firmware/media/jitter"
)

// Relayed says how two sessions pass packets.
type Relayed struct {
	Tap    *media.Tap // of a recording, nil is none
	Side   media.Side // of the session in it; the other one is on the other
	Joined bool       // they heard each other until now: what is not yet played goes first
	Ended  func()     // told when a new agreement of one of them ended it by itself; may be nil
}

// pairing is what Relay and Mix of all sessions keep in order; packets never wait
// for it. Whoever holds it may lock two receivers and then the sounds of both.
var pairing sync.Mutex

// Relay has two sessions pass each other's packets from socket to socket: no
// play-out buffer, no tick, nothing decoded. The far ends see one stream each as
// before: what is passed gets our SSRC and goes on in our sequence numbers and time
// stamps, also from and to mixing. Said again it changes the recording. It reports
// whether they can.
func (s *Session) Relay(with *Session, o Relayed) bool {
	pairing.Lock()
	defer pairing.Unlock()
	if s == with || !fit(s, with, o.Tap != nil) {
		s.part()
		with.part()
		return false
	}
	if s.with != with {
		s.part()
		with.part()
		if !s.pair(with, o) {
			return false
		}
	}
	s.ended, with.ended = o.Ended, o.Ended
	s.taped, with.taped = o.Tap != nil, o.Tap != nil
	s.record(o.Tap, o.Side)
	with.record(o.Tap, o.Side.Other())
	return true
}

// Mix ends it: the engine reads and writes both sessions again. Without a relay it
// does nothing.
func (s *Session) Mix() {
	pairing.Lock()
	defer pairing.Unlock()
	s.part()
}

// fit reports whether two sessions can pass packets: each speaks the same and says
// its digits as events, for in a relay nobody listens for tones. Recordings are of
// G.711.
func fit(a, b *Session, recorded bool) bool {
	x, y := a.remote.Load(), b.remote.Load()
	return a.passes(x) && b.passes(y) && x.Ptime == y.Ptime && x.Comfort == y.Comfort && x.codec().Alike(y.codec()) && (!recorded || x.codec() <= MuLaw)
}

func (s *Session) passes(r *Remote) bool {
	return !s.closed.Load() && r != nil && !r.deaf && r.Event != 0 && !s.stray.Load()
}

// strayed ends the relay of a far end that speaks another codec than the first that
// was agreed, as it may when several were: the engine hears all. The receiver is held.
func (s *Session) strayed() {
	if !s.stray.Swap(true) {
		go s.reagreed() // waits for the receiver
	}
}

// reagreed ends a relay that a new agreement does not allow.
func (s *Session) reagreed() {
	pairing.Lock()
	with, ended := s.with, s.ended
	if with == nil || fit(s, with, s.taped) {
		pairing.Unlock()
		return
	}
	s.part()
	pairing.Unlock()
	if ended != nil {
		ended()
	}
}

// pair begins the relay, unless digits of ours are on their way: the tick says them.
func (s *Session) pair(with *Session, o Relayed) bool {
	defer lockBoth(s, with)()
	if s.talker.busy() || with.talker.busy() {
		return false
	}
	now := time.Now()
	s.with, with.with = with, s
	s.receiver.way = &way{from: s, to: with, tap: o.Tap, side: o.Side}
	with.receiver.way = &way{from: with, to: s, tap: o.Tap, side: o.Side.Other()}
	s.relayed, with.relayed = true, true
	s.talker.at, with.talker.at = now, now
	s.relaying(true, now)
	with.relaying(true, now)
	s.drain(o.Joined, now)
	with.drain(o.Joined, now)
	return true
}

// part ends it.
func (s *Session) part() {
	with := s.with
	if with == nil {
		return
	}
	defer lockBoth(s, with)()
	now := time.Now()
	for _, x := range []*Session{s, with} {
		x.with, x.ended, x.receiver.way, x.relayed = nil, nil, nil, false
		x.talker.mixing(now, x.remote.Load())
		x.relaying(false, now)
	}
}

func lockBoth(a, b *Session) (unlock func()) {
	a.receiver.mu.Lock()
	b.receiver.mu.Lock()
	a.mix.Lock()
	b.mix.Lock()
	return func() {
		b.mix.Unlock()
		a.mix.Unlock()
		b.receiver.mu.Unlock()
		a.receiver.mu.Unlock()
	}
}

func (s *Session) record(tap *media.Tap, side media.Side) {
	s.receiver.mu.Lock()
	defer s.receiver.mu.Unlock()
	s.receiver.way.tap, s.receiver.way.side = tap, side
}

// drain ends the play-out buffer. What the far end said and the other one, who was
// hearing it, was not yet given goes to that one at once, so that nothing is lost
// and what is passed follows without a gap. All locks are held.
func (s *Session) drain(joined bool, now time.Time) {
	w := s.receiver.way
	var (
		rest [jitter.RestMax]int16
		n    int
		next uint32
		any  bool
	)
	if b := s.hearing.buffer.Load(); b != nil && joined {
		n, next, any = b.Rest(&rest)
	}
	s.hearing.end()
	if w.tap != nil {
		w.record(rest[:n], next, now)
	}
	w.to.say(rest[:n])
	if t := &w.to.talker; any && w.to.remote.Load().codec().clock() == 8 {
		st := &s.receiver.stream
		w.begun, w.ssrc, w.last = true, st.ssrc, uint16(st.Highest())
		w.seq, w.ts = t.seq-(w.last+1), t.ts-next
	}
}

// say sends sound behind the last tick's, in full packets and a rest.
func (s *Session) say(pcm []int16) {
	t := &s.talker
	r := s.remote.Load()
	if !r.Send || r.Opus {
		t.fill = 0
		return
	}
	for len(pcm) > 0 {
		n := min(r.Ptime*8-t.fill, len(pcm))
		r.encode(t.packet[headerSize+t.fill:headerSize+t.fill+n], pcm[:n])
		t.fill += n
		t.ts += uint32(n)
		if pcm = pcm[n:]; t.fill == r.Ptime*8 {
			s.sendPacket(r.Payload, t.ts-uint32(t.fill), t.fill)
			t.fill = 0
		}
	}
	if t.fill > 0 {
		s.sendPacket(r.Payload, t.ts-uint32(t.fill), t.fill)
		t.fill = 0
	}
}
