package clip

import (
	"time"

	"centralita/firmware/media"
)

// Tape brings a conversation to a writer, for whoever writes many recordings in one
// goroutine: frames of a tap while the engine mixes, packets while they are relayed,
// in any turn. Both go to their place in time in a window that is written piece by
// piece; what did not come is silence there.
type Tape struct {
	tap     *media.Tap
	w       *Writer
	window  [2 * window]int16 // by position, both sides
	came    [2]came
	done    int64 // position up to which was written
	cleared int64 // position up to which is forgotten
	top     int64 // position after the last sound
	late    int64 // samples that came after their piece was written

	begun bool
	zero  time.Duration // the clock at position 0

	mixing bool   // the last sound was a frame
	ticked bool   // there was a frame
	tick   uint64 // of the next frame
	at     int64  // its position
	sides  [2]side
}

const (
	// window is a second of sound, piece what is written at once.
	window = 8192
	piece  = window / 2
	// reorder is how long is waited for packets that are late or out of order.
	reorder = 3200
	// astray is a difference between a stream's time stamps and the clock that no
	// network makes: another stream began. drifted is where clocks have drifted
	// apart, by the mean of some 20 s; the sound is moved sample by sample then.
	astray  = 4000
	drifted = 1200
	mean    = 1024
	// soundMax is the longest packet, 60 ms; of a longer one the rest is left out.
	soundMax = 480
)

// side places the packets of one side by their time stamps.
type side struct {
	known bool
	ts    uint32
	at    int64 // position of ts
	drift float64
	end   int64 // position after the last that was said
}

// NewTape joins the two; w has two channels.
func NewTape(tap *media.Tap, w *Writer) *Tape { return &Tape{tap: tap, w: w} }

// position is where a moment is in the recording. The first sound is its beginning.
func (t *Tape) position(clock time.Duration) int64 {
	if !t.begun {
		t.begun, t.zero = true, clock
	}
	return int64((clock - t.zero) * 8 / time.Millisecond)
}

// Packet takes the sound of a relayed packet.
func (t *Tape) Packet(p media.Packet) error {
	var buf [soundMax]int16
	pcm := buf[:p.Law.Decode(buf[:], p.Sound)]
	t.mixing = false
	at := t.sides[p.Side&1].place(p.TS, t.position(p.At), t.done)
	return t.put(int(p.Side&1), at, pcm)
}

// place is the position of a time stamp of which a packet came when the clock stood
// at clock; what stands before done is written.
func (s *side) place(ts uint32, clock, done int64) int64 {
	if !s.known {
		return s.anchor(ts, max(clock, done))
	}
	at := s.at + int64(int32(ts-s.ts))
	off := at - clock
	if off > astray || off < -astray {
		return s.anchor(ts, clock)
	}
	s.drift += (float64(off) - s.drift) / mean
	switch {
	case s.drift > drifted:
		at--
	case s.drift < -drifted:
		at++
	}
	s.ts, s.at = ts, at
	return at
}

// anchor begins a stream where the clock stands, and behind what was said before.
func (s *side) anchor(ts uint32, clock int64) int64 {
	*s = side{known: true, ts: ts, at: max(clock, s.end), end: s.end}
	return s.at
}

// Mixing reports whether the last sound came from the engine.
func (t *Tape) Mixing() bool { return t.mixing }

// Take takes every frame that waits in the tap; the clock is that of the packets.
func (t *Tape) Take(clock time.Duration) error {
	waiting := t.tap.Waiting()
	if waiting > 0 && !t.ticked {
		t.ticked, t.tick = true, t.tap.Peek().Tick
		t.at = max(0, t.position(clock-time.Duration(waiting)*media.Period))
	}
	for f := t.tap.Peek(); f != nil; f = t.tap.Peek() {
		t.at += int64(f.Tick-t.tick) * int64(media.Narrow)
		t.tick = f.Tick
		err := t.put(0, t.at, f.Left[:])
		if err == nil {
			err = t.put(1, t.at, f.Right[:])
		}
		t.tap.Drop()
		if err != nil {
			return err
		}
		t.mixing = true
		t.sides[0].known, t.sides[1].known = false, false // what follows is by the clock
	}
	switch {
	case !t.begun:
		return nil
	case t.mixing:
		return t.write(t.top)
	}
	t.top = max(t.top, t.position(clock)-reorder/2) // both may be silent
	return t.settle(t.top)
}

// put writes sound of one side to its place. Silence goes nowhere, so that an empty
// frame at the turn from mixing to relaying covers nothing.
func (t *Tape) put(side int, at int64, pcm []int16) error {
	if late := t.done - at; late > 0 {
		late = min(late, int64(len(pcm)))
		t.late += late
		pcm, at = pcm[late:], at+late
	}
	end := at + int64(len(pcm))
	if err := t.settle(end); err != nil {
		return err
	}
	t.top = max(t.top, end)
	t.came[side].set(at, len(pcm), true)
	for i, v := range pcm {
		if v != 0 {
			t.window[(at+int64(i))%window*2+int64(side)] = v
			t.sides[side].end = end
		}
	}
	return nil
}

// settle writes pieces whose time is over when sound up to end is there.
func (t *Tape) settle(end int64) error {
	for end-t.done >= piece+reorder {
		if err := t.write(t.done + piece); err != nil {
			return err
		}
	}
	return nil
}

// write writes the window up to a position and clears what was written, but for the
// last of it.
func (t *Tape) write(to int64) error {
	for side := range t.came {
		t.mend(side, to)
	}
	for t.done < to {
		n := t.straight(t.done, to)
		if err := t.w.Write(t.part(t.done, n)); err != nil {
			return err
		}
		t.done += n
	}
	for from := t.cleared; from < to-kept; from = t.cleared {
		n := t.straight(from, to-kept)
		clear(t.part(from, n))
		for side := range t.came {
			t.came[side].set(from, int(n), false)
		}
		t.cleared = from + n
	}
	return nil
}

// straight is how many samples up to a position lie in one piece.
func (t *Tape) straight(from, to int64) int64 { return min(to-from, window-from%window) }

func (t *Tape) part(from, n int64) []int16 {
	return t.window[2*(from%window) : 2*(from%window+n)]
}

// End writes what is left.
func (t *Tape) End() error { return t.write(t.top) }

// Late is how much sound came too late to be written.
func (t *Tape) Late() time.Duration { return time.Duration(t.late) * time.Second / 8000 }
