package media

import "sync/atomic"

// Stereo is 10 ms of a conversation at 8 kHz: Left the outside, Right the agent.
type Stereo struct {
	Tick        uint64 // frames of 10 ms; a jump tells of frames that were dropped
	Left, Right [Narrow]int16
}

// Tap takes a conversation out of the engine: the sound thread writes frames
// into its ring, one goroutine (a recorder) takes them out. When the reader is
// too slow frames are dropped and counted, never waited for.
type Tap struct {
	ring        *Ring[Stereo]
	lost        atomic.Uint64
	done        atomic.Bool
	left, right Handle // sound thread's
	on          bool
}

// NewTap makes a tap that holds so many frames of 10 ms; 256 (2.5 s, 84 kB) sits
// out a slow write to flash.
func NewTap(frames int) *Tap { return &Tap{ring: NewRing[Stereo](frames)} }

// Peek is the oldest frame not taken, valid until Drop; nil when there is none.
func (t *Tap) Peek() *Stereo { return t.ring.Peek() }

// Drop gives the frame of Peek back.
func (t *Tap) Drop() { t.ring.Drop() }

// Done reports that no more frames come: the recording was stopped and every
// frame taken.
func (t *Tap) Done() bool { return t.done.Load() && t.ring.Len() == 0 }

// Lost is how many frames found no room.
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
	t.done.Store(true)
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
	f := t.ring.Free()
	if f == nil {
		t.lost.Add(1)
		e.count.tapLost.Add(1)
		return
	}
	f.Tick = e.tick
	e.side(&f.Left, t.left)
	e.side(&f.Right, t.right)
	t.ring.Publish()
}

func (e *Engine) side(to *[Narrow]int16, h Handle) {
	if s := e.at(h); s != nil && s.spoke {
		*to = *s.sound()
		return
	}
	clear(to[:])
}
