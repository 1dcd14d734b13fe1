package rtp

import (
	"encoding/binary"
	"time"

	"centralita/firmware/media"
	"centralita/firmware/media/g711"

	"github.com/pion/rtp"
)

// way is where a session's packets go in a relay, and what is added to the far
// end's numbers to make them ours: order, loss and pauses stay what they were, so
// that the other far end judges them itself. Under the receiver's mutex.
type way struct {
	from *Session
	to   *Session
	tap  *media.Tap
	side media.Side

	begun bool
	ssrc  uint32
	last  uint16 // newest sequence number of the far end
	seq   uint16 // added
	ts    uint32 // added
}

// contiguous is how long after the last packet the next is still taken for the one
// that follows it: what comes later comes after a pause in time.
const contiguous = 80 * time.Millisecond

// passSound passes a packet of sound that was believed; b is the datagram.
func (w *way) passSound(c Codec, p *rtp.Packet, b []byte, at time.Time) {
	if len(p.Payload) == 0 {
		return
	}
	if w.tap != nil && c <= MuLaw {
		w.tap.Packet(w.side, c.law(), p.Timestamp, at, p.Payload)
	}
	w.to.mix.Lock()
	defer w.to.mix.Unlock()
	r := w.to.remote.Load()
	if !r.Send || w.to.closed.Load() {
		w.begun = false
		return
	}
	to := r.codec()
	if !c.Alike(to) {
		w.from.strayed()
		return
	}
	if c != to {
		g711.Translate(c.law(), to.law(), p.Payload)
	}
	w.pass(p, b, r, r.Payload, c.length(p.Payload), at)
}

// record gives the recording what a play-out buffer still held before a time stamp.
func (w *way) record(pcm []int16, next uint32, at time.Time) {
	var b [160]byte
	for len(pcm) > 0 {
		n := g711.ALaw.Encode(b[:], pcm[:min(len(pcm), len(b))])
		w.tap.Packet(w.side, g711.ALaw, next-uint32(len(pcm)), at, b[:n])
		pcm = pcm[n:]
	}
}

// passEvent passes a packet of a telephone event.
func (w *way) passEvent(p *rtp.Packet, b []byte, at time.Time) {
	w.to.mix.Lock()
	defer w.to.mix.Unlock()
	r := w.to.remote.Load()
	if !r.Send || r.Event == 0 || w.to.closed.Load() || len(p.Payload) == 0 {
		return
	}
	w.pass(p, b, r, r.Event, 0, at)
}

// passComfort passes a packet of comfort noise to who understands it.
func (w *way) passComfort(p *rtp.Packet, b []byte, at time.Time) {
	w.to.mix.Lock()
	defer w.to.mix.Unlock()
	r := w.to.remote.Load()
	if !r.Send || !r.Comfort || w.to.closed.Load() {
		return
	}
	w.pass(p, b, r, CN, 0, at)
}

// pass writes our header before the payload, over the end of the far end's, and
// sends both. long is how much sound it carries. The other session's sound is held.
func (w *way) pass(p *rtp.Packet, b []byte, r *Remote, payload uint8, long uint32, at time.Time) {
	t := &w.to.talker
	ahead := p.SequenceNumber - w.last
	if !w.begun || p.SSRC != w.ssrc || ahead >= maxDropout && ahead < 1<<16-100 {
		w.begun, w.ssrc, ahead = true, p.SSRC, 1
		w.seq, w.ts = t.seq-p.SequenceNumber, t.moment(at, r)-p.Timestamp
	}
	seq, ts := p.SequenceNumber+w.seq, p.Timestamp+w.ts
	marker := byte(0)
	if p.Marker || t.mark {
		marker, t.mark = 0x80, false
	}
	switch {
	case ahead >= maxDropout: // a late one
		t.skipped.Add(-1)
	case ahead > 1:
		t.skipped.Add(int32(ahead - 1))
	}
	if ahead < maxDropout {
		w.last = p.SequenceNumber
		t.seq, t.at = seq+1, at
		if long > 0 {
			t.ts = ts + long
			t.timed(t.ts, at.Sub(w.to.begun))
		}
	}
	end := cap(b) - cap(p.Payload) // where the payload begins in b
	out := b[end-headerSize : end+len(p.Payload)]
	out[0], out[1] = 2<<6, payload|marker
	binary.BigEndian.PutUint16(out[2:], seq)
	binary.BigEndian.PutUint32(out[4:], ts)
	binary.BigEndian.PutUint32(out[8:], t.ssrc)
	w.to.transmit(out)
}

// moment is our time stamp for what comes now.
func (t *talker) moment(at time.Time, r *Remote) uint32 {
	if gone := at.Sub(t.at); gone > contiguous {
		t.mark = true
		return t.ts + uint32(gone*time.Duration(r.codec().clock())/time.Millisecond)
	}
	return t.ts
}

// hushTicks is how long after a relay silence of the engine is kept back: its
// play-out buffer begins empty, and what it says then should follow what was
// passed. The far end sees a packet that comes late, not a gap in what is said.
const hushTicks = 6

// mixing has the ticks go on where the relay was. The session's sound is held.
func (t *talker) mixing(now time.Time, r *Remote) {
	t.ts = t.moment(now, r)
	t.fill, t.begun, t.hush, t.alone = 0, false, hushTicks, aloneTicks-aloneSoon
}

// hushed reports whether a tick's sound is kept back, in no time at all.
func (t *talker) hushed(pcm []int16) bool {
	if t.hush == 0 {
		return false
	}
	for _, v := range pcm {
		if v != 0 {
			t.hush = 0
			return false
		}
	}
	t.hush--
	return true
}

// busy reports whether digits are being said or wait for it.
func (t *talker) busy() bool { return t.event.ticks > 0 || len(t.digits) > 0 }
