// Package jitter is the play-out buffer between a socket and the sound thread:
// it puts packets in order, waits as long as the network's unevenness asks and
// fills what is missing.
//
// leg/rtp owns one per stream: its reading goroutine calls Put, the engine calls
// Pull once a tick. It knows no socket, no codec and no RTCP, and asks for no
// time: a tick is its clock, so that the drift of the far end's clock against
// ours shows as a slow change of delay and is followed.
//
// Sound can only be played from a tick on, and a packet that comes after one waits
// for the next anyway. Where it is known when packets come between two ticks (PutAt),
// nothing is added to that wait as long as they come in good time before their tick;
// where not, or where they come close to it, they wait one tick more.
package jitter

import (
	"sync/atomic"

	"centralita/firmware/media"
	"centralita/firmware/media/conceal"
)

// MaxPacket is the longest packet in samples: 40 ms at 8 kHz.
const MaxPacket = 320

// MaxDelay is the longest delay in samples: 200 ms. What comes later is lost.
const MaxDelay = 1600

// frame is 10 ms.
const frame = int(media.Narrow)

// inbound is how many packets may come between two ticks: a burst of 640 ms
// after a stop of the network.
const inbound = 32

// jump is a change of delay (one second) that no network makes: the far end has
// begun a new stream.
const jump = 8000

// packet is what one RTP packet brought, decoded to 8 kHz.
type packet struct {
	head
	n   uint16
	pcm [MaxPacket]int16
}

// head is what is known of a packet but its sound.
type head struct {
	ts     uint32
	came   uint32 // on the clock of the ticks, where timed
	seq    uint16
	marker bool
	timed  bool

	comfort bool // no sound, but the noise instead of it
	level   uint8
}

// Buffer is the play-out buffer of one stream.
type Buffer struct {
	in    *media.Ring[packet]
	upper atomic.Pointer[upper] // of a wide stream, made with its first packet
	count counts

	// From here on the sound thread's.
	line    line
	delay   delay
	conceal conceal.Concealer
	comfort comfort
	began   bool
	fresh   bool   // began in this tick
	first   uint16 // sequence number with which it began
	tick    uint32 // where this tick begins on the clock of PutAt
	now     uint32 // the tick's clock in samples
	play    uint32 // time stamp of the next sample to play
	top     uint32 // time stamp after the newest sample
	strange int    // packets in a row that fit no stream
	odd     uint16 // sequence number of the last of them
	rest    int    // ticks until the speed may be changed again
	held    bool   // a machine talks: see Hold
	played  Played
	behind  [conceal.Behind]int16
}

// Played is what one frame was made of.
type Played struct {
	TS        uint32 // time stamp of its first sample
	Samples   int    // of the stream that it used up: fewer when stretched, below 0 when it stepped back, more when squeezed
	Made      int    // samples made up
	MadeAt    int    // from this one on
	Stretched bool
	Squeezed  bool
}

// Played is what the last Pull gave: for the workbench and for tests, in the
// thread that pulls.
func (b *Buffer) Played() Played { return b.played }

type counts struct {
	packets, late, twice, strange, overflow, concealed, frames, delay, stretched, squeezed atomic.Uint32
}

// Counters count from the making of the buffer. Any goroutine may read them.
type Counters struct {
	Packets   uint32 // taken
	Late      uint32 // came after their time and were not played
	Twice     uint32 // duplicates
	Strange   uint32 // of no known stream
	Overflow  uint32 // found no room: the engine stood still
	Frames    uint32 // played, 10 ms each
	Concealed uint32 // of them made up
	Stretched uint32 // times the speed was slowed for a longer delay
	Squeezed  uint32 // times it was quickened for a shorter one
	DelayMs   uint32 // now, over the quickest packet's
}

// Add counts what another buffer of the same leg did before or after; the delay is
// the later one's.
func (c *Counters) Add(o Counters) {
	c.Packets += o.Packets
	c.Late += o.Late
	c.Twice += o.Twice
	c.Strange += o.Strange
	c.Overflow += o.Overflow
	c.Frames += o.Frames
	c.Concealed += o.Concealed
	c.Stretched += o.Stretched
	c.Squeezed += o.Squeezed
	c.DelayMs = o.DelayMs
}

// New makes an empty buffer.
func New() *Buffer {
	b := &Buffer{in: media.NewRing[packet](inbound)}
	b.delay.reset()
	return b
}

// Put hands over the decoded sound of one packet (at most MaxPacket samples; the
// rest is cut off). The time stamp says where it belongs; sequence numbers tell a
// new stream from a stray packet, the marker where somebody begins to speak. One
// goroutine only; it never blocks, a full buffer drops the packet and counts it.
func (b *Buffer) Put(seq uint16, ts uint32, marker bool, pcm []int16) {
	b.put(head{seq: seq, ts: ts, marker: marker}, pcm)
}

// PutAt is Put of a packet of which is known when it came, in samples on a clock on
// which the tick that Pull is told begins at 80 times its number (media.Beat).
func (b *Buffer) PutAt(came uint32, seq uint16, ts uint32, marker bool, pcm []int16) {
	b.put(head{came: came, timed: true, seq: seq, ts: ts, marker: marker}, pcm)
}

func (b *Buffer) put(h head, pcm []int16) {
	p := b.in.Free()
	if p == nil {
		b.count.overflow.Add(1)
		return
	}
	p.head = h
	p.n = uint16(copy(p.pcm[:], pcm))
	b.in.Publish()
}

// Counters is a snapshot.
func (b *Buffer) Counters() Counters {
	c := &b.count
	return Counters{
		Packets: c.packets.Load(), Late: c.late.Load(), Twice: c.twice.Load(),
		Strange: c.strange.Load(), Overflow: c.overflow.Load(), Frames: c.frames.Load(),
		Concealed: c.concealed.Load(), Stretched: c.stretched.Load(),
		Squeezed: c.squeezed.Load(), DelayMs: c.delay.Load(),
	}
}

// Pull gives the next 10 ms at 8 kHz in f and reports whether there is anything
// to hear. Once a tick, in the sound thread.
func (b *Buffer) Pull(tick uint64, f *media.Frame) bool {
	b.tick = uint32(tick) * uint32(frame)
	for range inbound {
		p := b.in.Peek()
		if p == nil {
			break
		}
		b.take(p)
		b.in.Drop()
	}
	b.rise()
	b.fresh = false
	b.played = Played{}
	if !b.began {
		return false
	}
	f.Rate = media.Narrow
	heard := b.next((*[frame]int16)(f.Buf[:frame]))
	b.now += uint32(frame)
	b.count.delay.Store(uint32(max(0, int32(b.now-b.play)-int32(b.delay.least()))) / 8)
	return heard
}

// take sorts one packet into the line.
func (b *Buffer) take(p *packet) {
	if p.comfort {
		b.quieten(p)
	}
	if p.n == 0 {
		return
	}
	b.count.packets.Add(1)
	if !b.began || b.fresh && p.seq != b.first && int32(p.ts-b.top) >= 0 {
		b.start(p) // of what waited for the first tick, the newest
	}
	early := int32(p.ts - b.play) // before its time comes
	if early < -jump || early > lineSamples-2*MaxPacket {
		if !b.another(p) {
			return
		}
		early = int32(p.ts - b.play)
	}
	b.strange = 0
	b.delay.seen(b.now-p.ts, b.near(p))
	if b.line.has(p.ts) {
		b.count.twice.Add(1)
		return
	}
	if early+int32(p.n) <= 0 {
		b.count.late.Add(1)
		return
	}
	if p.marker && int32(b.play-b.top) >= 0 {
		b.snap()
	}
	b.comfort.spoken(p.ts)
	b.line.write(p.ts, p.pcm[:p.n])
	if end := p.ts + uint32(p.n); int32(end-b.top) > 0 {
		b.top = end
	}
}

// start sets the clocks by the first packet of a stream.
func (b *Buffer) start(p *packet) {
	b.began, b.fresh, b.first, b.strange = true, true, p.seq, 0
	b.delay.reset()
	b.line.reset(p.ts)
	b.restart(p.ts)
	b.now = p.ts
	b.play = p.ts
	if b.near(p) {
		b.play -= uint32(frame)
	}
	b.top = b.play
}

// A packet is near when it came so short before its tick that the next one may come
// too late for its own: less than 1 ms, or 2 ms where a tick more is waited already,
// so that the delay is not changed to and fro.
const (
	nearSamples = frame / 10
	nearAlready = 2 * frame / 10
)

func (b *Buffer) near(p *packet) bool {
	if !p.timed {
		return true
	}
	enough := int32(nearSamples)
	if waits := int32(b.now - b.play); waits-int32(b.now-p.ts) >= int32(frame) {
		enough = int32(nearAlready)
	}
	return int32(b.tick-p.came) < enough
}

// snap takes the delay wanted at once: before a talkspurt there is only silence
// to lengthen or shorten.
func (b *Buffer) snap() {
	if play := b.now - uint32(b.delay.want()); int32(play-b.top) >= 0 {
		b.play = play
	}
}

// another judges a packet that does not fit: the second of two in sequence
// begins the stream anew (RFC 3550 A.1), a lone one is dropped.
func (b *Buffer) another(p *packet) bool {
	b.strange++
	if b.strange < 2 || p.seq != b.odd+1 {
		b.strange, b.odd = 1, p.seq
		b.count.strange.Add(1)
		return false
	}
	b.start(p)
	return true
}
