package media

import (
	"sync/atomic"
	"time"

	"centralita/firmware/media/g711"
)

// Stereo is 10 ms of a conversation at 8 kHz: Left the outside, Right the agent.
type Stereo struct {
	Tick        uint64 // frames of 10 ms; a jump tells of frames that were dropped
	Left, Right [Narrow]int16
}

// Tap takes a conversation to a recorder, one goroutine. While the engine mixes it,
// the sound thread writes frames into the tap's ring; when the reader is too slow
// frames are dropped and counted, never waited for. While its packets are relayed
// past the engine they go to the recorder's spool.
type Tap struct {
	frames      int
	ring        atomic.Pointer[Ring[Stereo]] // made when the engine records first
	lost        atomic.Uint64
	done        atomic.Bool
	left, right Handle // sound thread's
	on          bool

	spool  *Spool
	number uint32
}

// NewTap makes a tap that holds so many frames of 10 ms; 256 (2.5 s, 84 kB) sits
// out a slow write to flash.
func NewTap(frames int) *Tap { return &Tap{frames: frames} }

// Spool says where packets go, and under which number; once, before any comes.
func (t *Tap) Spool(s *Spool, number uint32) { t.spool, t.number = s, number }

// Spooled reports whether packets can be recorded.
func (t *Tap) Spooled() bool { return t.spool != nil }

// Packet takes the sound of an RTP packet of one side. Any goroutine.
func (t *Tap) Packet(side Side, law g711.Law, ts uint32, at time.Time, sound []byte) {
	if t.spool == nil || !t.spool.put(t.number, side, law, ts, at, sound) {
		t.lost.Add(uint64(len(sound)) / uint64(Narrow))
	}
}

// open makes the ring. Control side only.
func (t *Tap) open() {
	if t.ring.Load() == nil {
		t.ring.Store(NewRing[Stereo](t.frames))
	}
}

// Peek is the oldest frame not taken, valid until Drop; nil when there is none.
func (t *Tap) Peek() *Stereo {
	if r := t.ring.Load(); r != nil {
		return r.Peek()
	}
	return nil
}

// Waiting is how many frames wait.
func (t *Tap) Waiting() int {
	if r := t.ring.Load(); r != nil {
		return r.Len()
	}
	return 0
}

// Drop gives the frame of Peek back.
func (t *Tap) Drop() { t.ring.Load().Drop() }

// Done reports that no more frames come: the recording was stopped and every
// frame taken.
func (t *Tap) Done() bool { return t.done.Load() && t.Waiting() == 0 }

// Lost is how much sound found no room, in frames.
func (t *Tap) Lost() uint64 { return t.lost.Load() }

func (e *Engine) startTap(t *Tap, left, right Handle) {
	if t.on {
		e.mark(t, -1)
	} else {
		if e.ntap == MaxTaps || t.done.Load() {
			t.done.Store(true)
			e.count.refused.Add(1)
			return
		}
		e.taps[e.ntap] = t
		e.ntap++
		t.on = true
	}
	t.left, t.right = left, right
	e.mark(t, 1)
}

// stopTap takes a tap out of the tick, for good or until it is recorded again.
func (e *Engine) stopTap(t *Tap) {
	for i, x := range e.taps[:e.ntap] {
		if x == t {
			e.mark(t, -1)
			e.ntap--
			e.taps[i] = e.taps[e.ntap]
			e.taps[e.ntap] = nil
			break
		}
	}
	t.on = false
}

// mark counts on both ports that a recording takes them.
func (e *Engine) mark(t *Tap, by int) {
	for _, h := range [2]Handle{t.left, t.right} {
		if s := e.at(h); s != nil {
			s.tapped += by
		}
	}
}

func (e *Engine) record(t *Tap) {
	ring := t.ring.Load()
	f := ring.Free()
	if f == nil {
		t.lost.Add(1)
		e.count.tapLost.Add(1)
		return
	}
	f.Tick = e.tick
	e.side(&f.Left, t.left)
	e.side(&f.Right, t.right)
	ring.Publish()
}

func (e *Engine) side(to *[Narrow]int16, h Handle) {
	if s := e.at(h); s != nil && s.spoke {
		*to = *s.sound()
		return
	}
	clear(to[:])
}
