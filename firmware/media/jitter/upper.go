package jitter

import "centralita/firmware/media"

// upper is the band from 4 to 8 kHz of a wide stream. It follows the lower one, which
// is all that decides: delay, speed and what is made up come from there, and the upper
// band is faded where the lower one is, or goes on more and more softly.
type upper struct {
	in   *media.Ring[overtones]
	line line
	last [frame]int16 // that came
	gain float32      // of them, where nothing came
}

// overtones are the upper band of a packet.
type overtones struct {
	ts  uint32
	n   uint16
	pcm [MaxPacket]int16
}

// upperFalls is what the upper band keeps of its level in 10 ms without a packet.
const upperFalls = 0.5

// PutUpper hands over the upper band of a packet, before Put does the lower. The
// goroutine is that of Put.
func (b *Buffer) PutUpper(ts uint32, pcm []int16) {
	u := b.upper.Load()
	if u == nil {
		u = &upper{in: media.NewRing[overtones](inbound)}
		b.upper.Store(u)
	}
	p := u.in.Free()
	if p == nil {
		return // Put finds no room either, and counts it
	}
	p.ts, p.n = ts, uint16(copy(p.pcm[:], pcm))
	u.in.Publish()
}

// rise sorts the upper bands of what came into their line.
func (b *Buffer) rise() {
	u := b.upper.Load()
	if u == nil {
		return
	}
	for range inbound {
		p := u.in.Peek()
		if p == nil {
			return
		}
		if early := int32(p.ts - b.play); b.began && early > -jump && early < lineSamples-2*MaxPacket {
			if u.line.base == 0 {
				u.line.base = b.line.base
			}
			u.line.write(p.ts, p.pcm[:p.n])
		}
		u.in.Drop()
	}
}

// restart has the upper band follow another stream.
func (b *Buffer) restart(ts uint32) {
	if u := b.upper.Load(); u != nil {
		u.line.reset(ts)
		u.gain = 0
	}
}

// PullUpper gives the upper band of what the last Pull gave. In the sound thread.
func (b *Buffer) PullUpper(out *[frame]int16) {
	clear(out[:])
	u, p := b.upper.Load(), &b.played
	if u == nil || !b.began {
		return
	}
	if p.Stretched || p.Squeezed {
		var from, to [frame]int16
		u.take(p.TS, from[:])
		u.take(p.TS+uint32(p.Samples-frame), to[:])
		fade(out, from[:], to[:])
		return
	}
	if p.Made == 0 {
		u.take(p.TS, out[:])
		u.last, u.gain = *out, 1
		return
	}
	behind := p.MadeAt + p.Made
	u.take(p.TS, out[:p.MadeAt])
	for i := p.MadeAt; i < behind; i++ {
		out[i] = int16(u.gain * float32(u.last[i]))
	}
	u.gain *= upperFalls
	u.take(p.TS+uint32(behind), out[behind:])
}

// take reads what is there, and silence where it is not: the far end spoke another
// codec, or is silent.
func (u *upper) take(ts uint32, out []int16) {
	if len(out) > 0 && u.line.ready(ts, len(out)) {
		u.line.read(ts, out)
	}
}
