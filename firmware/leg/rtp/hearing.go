package rtp

import (
	"sync/atomic"

	"centralita/firmware/media"
	"centralita/firmware/media/g711"
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
	buffer *jitter.Buffer
	muted  atomic.Int32 // ticks to go
	pcm    [jitter.MaxPacket]int16
}

func (h *hearing) init() { h.buffer = jitter.New() }

// put decodes one packet of G.711. Reader only.
func (h *hearing) put(p *rtp.Packet) {
	law := g711.MuLaw
	if p.PayloadType == PCMA {
		law = g711.ALaw
	}
	n := law.Decode(h.pcm[:], p.Payload[:min(len(p.Payload), len(h.pcm))])
	h.buffer.Put(p.SequenceNumber, p.Timestamp, p.Marker, h.pcm[:n])
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
	if s.closed.Load() || f.Rate != media.Narrow {
		return false
	}
	h := &s.hearing
	heard := h.buffer.Pull(tick, f)
	if left := h.muted.Load(); left > 0 {
		h.muted.CompareAndSwap(left, left-1) // lost to a new event packet: then that one counts
		return false
	}
	return heard
}
