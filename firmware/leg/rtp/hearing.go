package rtp

import (
	"sync/atomic"
	"time"

	"centralita/firmware/media"
	"centralita/firmware/media/fax"
	"centralita/firmware/media/g722"
	"centralita/firmware/media/jitter"

	"github.com/pion/rtp"
)

// muteTicks is how long sound stays muted after an event packet: three of its
// updates may be lost before the tone that some phones leave in the sound is
// heard. After its end the delay of the play-out buffer is still to come.
const (
	muteTicks    = 8
	muteTicksEnd = 6
)

// hearing is the way of sound from the reader to the engine.
type hearing struct {
	// buffer is made with the first sound that is mixed, and nil in a relay and once
	// the session is closed: it is by far the largest part of a leg.
	buffer atomic.Pointer[jitter.Buffer]
	past   atomic.Pointer[jitter.Counters] // of the buffers that were given back
	muted  atomic.Int32                    // ticks to go
	pcm    [jitter.MaxPacket]int16
	high   [jitter.MaxPacket]int16
	wide   *decoder // made with the first G.722

	// A fax machine or modem in the call wants its time as it is: the play-out
	// buffer is held then.
	presence *fax.Presence       // engine thread
	said     [media.Narrow]int16 // what the far end was given last, for presence
	modem    atomic.Bool
}

func (h *hearing) init() { h.presence = fax.NewPresence() }

// end gives the buffer back.
func (h *hearing) end() {
	if b := h.buffer.Swap(nil); b != nil {
		c := h.played(b)
		h.past.Store(&c)
	}
}

// played counts all that was played, b nil or not.
func (h *hearing) played(b *jitter.Buffer) (c jitter.Counters) {
	if past := h.past.Load(); past != nil {
		c = *past
	}
	if b != nil {
		c.Add(b.Counters())
	}
	return c
}

// Modem reports whether a fax machine or modem talks in the session.
func (s *Session) Modem() bool { return s.hearing.modem.Load() }

// listen looks for a fax machine or modem in 10 ms of the far end, silent ones too.
// It stands behind the play-out buffer, so what a hold comes late for is the first
// quarter second of a preamble that lasts one.
func (h *hearing) listen(f *media.Frame, heard bool, b *jitter.Buffer) {
	var quiet [media.Narrow]int16
	pcm := &quiet
	if heard {
		pcm = (*[media.Narrow]int16)(f.Buf[:media.Narrow])
	}
	h.presence.Frame(pcm, &h.said)
	on := h.presence.On()
	b.Hold(on)
	if on != h.modem.Load() {
		h.modem.Store(on)
	}
}

// longest is how much sound of a packet is heard: three times what is agreed, for far
// ends that keep to nothing.
const longest = 3 * jitter.MaxPacket

// put decodes one packet that came at a time. Reader only.
func (h *hearing) put(c Codec, p *rtp.Packet, beat *media.Beat, at time.Time) {
	var wide *g722.Decoder
	switch c {
	case Opus:
		return
	case Wide:
		if h.wide == nil {
			h.wide = new(decoder)
		}
		if wide = h.wide.at(p.SequenceNumber); wide == nil {
			return
		}
	}
	b := h.buffer.Load()
	if b == nil {
		b = jitter.New()
		h.buffer.Store(b)
	}
	came, timed := beat.At(at)
	payload := p.Payload[:min(len(p.Payload), longest)]
	for from := 0; from < len(payload); from += len(h.pcm) {
		part := payload[from:min(from+len(h.pcm), len(payload))]
		var n int
		if wide != nil {
			n = wide.DecodeBands(h.pcm[:], h.high[:], part)
			b.PutUpper(p.Timestamp+uint32(from), h.high[:n])
		} else {
			n = c.law().Decode(h.pcm[:], part)
		}
		ts, marker := p.Timestamp+uint32(from), p.Marker && from == 0
		if timed {
			b.PutAt(came, p.SequenceNumber, ts, marker, h.pcm[:n])
		} else {
			b.Put(p.SequenceNumber, ts, marker, h.pcm[:n])
		}
	}
}

// comfort takes a packet of comfort noise. Reader only.
func (h *hearing) comfort(p *rtp.Packet) {
	if b := h.buffer.Load(); b != nil {
		b.Comfort(p.SequenceNumber, p.Timestamp, p.Payload[0])
	}
}

// mute silences the sound while a digit is under way. Reader only.
func (h *hearing) mute(end bool) {
	ticks := int32(muteTicks)
	if end {
		ticks = muteTicksEnd
	}
	h.muted.Store(ticks)
}

// Read gives the next 10 ms of what the far end says. Engine thread only.
func (s *Session) Read(tick uint64, f *media.Frame) bool {
	if !s.mix.TryLock() { // a relay begins or ends
		return false
	}
	defer s.mix.Unlock()
	h := &s.hearing
	b := h.buffer.Load()
	if b == nil {
		return false
	}
	rate := f.Rate
	heard := b.Pull(tick, f)
	h.listen(f, heard, b)
	if left := h.muted.Load(); left > 0 {
		h.muted.CompareAndSwap(left, left-1) // lost to a new event packet: then that one counts
		return false
	}
	if rate == media.Wide && heard {
		s.widen(b, f)
	}
	return heard
}

// widen puts the upper band to the lower one that f has.
func (s *Session) widen(b *jitter.Buffer, f *media.Frame) {
	r := s.remote.Load()
	if r.joiner == nil { // it speaks another codec since the engine asked
		f.Silence(media.Wide)
		return
	}
	var low, high [media.Narrow]int16
	copy(low[:], f.Buf[:])
	b.PullUpper(&high)
	f.Rate = media.Wide
	r.joiner.Join(f.PCM(), low[:], high[:])
}
