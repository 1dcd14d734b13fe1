package clip

import (
	"math/bits"

	"centralita/firmware/media"
	"centralita/firmware/media/conceal"
)

const (
	// mendMost is the longest hole that is filled, 100 ms. What is longer is a pause, a
	// digit said as an event or a network that stood still: silence says so.
	mendMost = 800
	// single samples are left out where clocks have drifted apart; a line through them
	// is heard less than anything made up.
	single = 4
	// kept is how much of what was written stays in the window, to know the voice before
	// a hole: 40 ms.
	kept = 320
)

// came knows of which samples of the window one side has come.
type came [window / 64]uint64

func (c *came) set(from int64, n int, on bool) {
	for n > 0 {
		word, bit := from%window/64, int(from%64)
		k := min(64-bit, n)
		mask := (^uint64(0) >> (64 - k)) << bit
		if on {
			c[word] |= mask
		} else {
			c[word] &^= mask
		}
		from, n = from+int64(k), n-k
	}
}

// find is the first sample from a position on that has come, or has not; to when all
// before to differ.
func (c *came) find(from, to int64, on bool) int64 {
	for from < to {
		word, bit := c[from%window/64], int(from%64)
		if !on {
			word = ^word
		}
		if word >>= bit; word != 0 {
			return min(from+int64(bits.TrailingZeros64(word)), to)
		}
		from += int64(64 - bit)
	}
	return to
}

// mend makes up what a side's lost packets would have said, in the holes that begin
// before a position, as the play-out buffer does for those who listen. Here what
// follows is always known.
func (t *Tape) mend(side int, to int64) {
	c := &t.came[side]
	for p := t.done; p < to; {
		hole := c.find(p, to, false)
		if hole == to {
			return
		}
		end := c.find(hole, t.top, true)
		if end == t.top {
			return // nothing behind it: a pause
		}
		switch n := int(end - hole); {
		case n <= single && hole > 0:
			t.bridge(side, hole, end)
		case n <= mendMost && hole >= kept:
			t.fill(side, hole, end)
		}
		p = end
	}
}

// sample is a place of the window.
func (t *Tape) sample(side int, at int64) *int16 { return &t.window[at%window*2+int64(side)] }

// bridge draws a line through a few samples.
func (t *Tape) bridge(side int, hole, end int64) {
	a, b := int64(*t.sample(side, hole-1)), int64(*t.sample(side, end))
	for at := hole; at < end; at++ {
		*t.sample(side, at) = int16(a + (b-a)*(at-hole+1)/(end-hole+1))
	}
	t.came[side].set(hole, int(end-hole), true)
}

// fill goes on with the voice before a hole, towards the one behind it.
func (t *Tape) fill(side int, hole, end int64) {
	const frame = int64(media.Narrow)
	var (
		c      conceal.Concealer
		part   [frame]int16
		follow [conceal.Behind]int16
		behind []int16
	)
	for at := hole - kept; at < hole; at += frame {
		t.read(side, at, part[:])
		c.Good(part[:])
	}
	if most := end + int64(len(follow)); most <= t.top && t.came[side].find(end, most, false) == most {
		t.read(side, end, follow[:])
		behind = follow[:]
	}
	for at := hole; at < end; at += frame {
		out := part[:min(frame, end-at)]
		c.Lost(out, behind, int(end-at))
		t.paste(side, at, out)
	}
	out := part[:t.came[side].find(end, min(end+frame, t.top), false)-end]
	t.read(side, end, out)
	c.Good(out)
	t.paste(side, end, out)
}

func (t *Tape) read(side int, at int64, to []int16) {
	for i := range to {
		to[i] = *t.sample(side, at+int64(i))
	}
}

func (t *Tape) paste(side int, at int64, pcm []int16) {
	for i, v := range pcm {
		*t.sample(side, at+int64(i)) = v
	}
	t.came[side].set(at, len(pcm), true)
}
