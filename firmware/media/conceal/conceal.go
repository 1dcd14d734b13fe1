// Package conceal makes up the sound of packets that did not come, in place of
// ITU-T G.711 Appendix I: it adds no delay, and where the sound behind the gap is
// already known it leads there.
//
// The play-out buffer (media/jitter) owns one Concealer for each stream and gives
// it every frame. It knows no packet and no time. Everything runs in the sound
// thread and allocates nothing.
//
// A gap is filled by the voice before it going on: an excitation that repeats its
// last period, through the filter of the vocal tract (linear prediction), which
// makes the seam smooth by itself. When at least 20 ms behind the gap are known,
// the voice there is continued backwards in the same way, the forward voice is
// stretched a little so that its periods meet the others, and one fades into the
// other.
package conceal

import "centralita/firmware/media"

// frame is 10 ms.
const frame = int(media.Narrow)

// MaxGap is the longest gap that is filled from both sides: 40 ms. Over more than
// that a voice has become another.
const MaxGap = 4 * frame

// Behind is how many samples behind a gap must be known to fill it from there.
const Behind = 2 * frame

// Made-up sound keeps its level for 10 ms, then loses a seventh in each 10 ms, and
// ends after hush: what lasts longer is a pause, not a loss. Appendix I loses a
// fifth, which is heard as a hole; less than a seventh makes long gaps buzz.
const (
	fall    = 0.85
	endFall = 0.7
	end     = 12 * frame
	hush    = 24 * frame
)

// A voice that repeats itself badly will not go on as it was either: made-up
// sound begins with the part of its level that follows from the correlation of
// its last 20 ms with the period before, at least leastGain.
const (
	leastGain = 0.7
	baseGain  = 0.3
	moreGain  = 0.6
)

// Made-up sound passes into real one in 0.75 ms after a loss of 10 ms, a
// millisecond more for each further 10 ms, and joinMost at most. The longer it
// takes, the more of the real sound is lost.
const (
	joinFirst = 6
	joinMore  = 8
	joinMost  = 20
)

// Concealer fills the gaps of one stream. The zero Concealer is ready.
type Concealer struct {
	past  [pastSamples]int16 // what was heard, newest last
	heard bool               // past holds something
	lost  int                // samples made up in a row
	gain  float32
	ahead voice // goes on from before the gap
	back  voice // goes on from behind it, backwards
	plan  [MaxGap]float32
	at    int  // of plan
	left  int  // of plan
	met   bool // the plan led to the end of the gap
}

// Good takes sound that came, at most 10 ms, and changes the first of it where
// made-up sound passes into it.
func (c *Concealer) Good(pcm []int16) {
	if c.lost > 0 && len(pcm) > 0 {
		if c.heard && (!c.met || c.left > 0) {
			c.join(pcm)
		}
		c.lost, c.left, c.met = 0, 0, false
	}
	c.heard = true
	c.keep(pcm)
}

// join fades from what would have been made up to the real sound.
func (c *Concealer) join(pcm []int16) {
	n := min(joinFirst+max(0, c.lost-frame)*joinMore/frame, joinMost, len(pcm))
	for i := range n {
		w := float32(i+1) / float32(n+1)
		made := float32(0)
		switch {
		case i < c.left:
			made = c.plan[c.at+i]
		case c.left == 0:
			made = c.gain * c.ahead.next()
		}
		pcm[i] = round(w*float32(pcm[i]) + (1-w)*made)
	}
}

// Lost makes at most 10 ms up and reports whether they are more than silence.
// behind is the sound that follows after gap samples, counted from the beginning
// of out, where it is known; it is used when there are at least Behind samples of
// it and the gap is at most MaxGap.
func (c *Concealer) Lost(out []int16, behind []int16, gap int) bool {
	if !c.heard {
		clear(out)
		return false
	}
	if c.left == 0 && c.lost <= end && len(behind) >= Behind && gap > 0 && gap <= MaxGap {
		c.between(behind[:Behind], gap)
	}
	n := min(len(out), c.left)
	for i, v := range c.plan[c.at : c.at+n] {
		out[i] = round(v)
	}
	c.at += n
	c.left -= n
	if n < len(out) {
		c.onward(out[n:])
	}
	c.lost += len(out)
	if c.lost > hush {
		c.heard = false
	}
	c.keep(out)
	return true
}

// Leads reports whether a gap is being filled towards what follows it: the next
// samples of it are fixed.
func (c *Concealer) Leads() bool { return c.left > 0 }

// onward makes sound up by the voice before the gap alone.
func (c *Concealer) onward(out []int16) {
	c.begin()
	c.met = false
	step := c.gain * c.falls() / float32(frame)
	for i := range out {
		out[i] = round(c.gain * c.ahead.next())
		c.gain -= step
	}
}

// begin learns the voice at the beginning of a loss.
func (c *Concealer) begin() {
	if c.lost > 0 {
		return
	}
	c.ahead.learn(&c.past)
	c.gain = min(1, max(leastGain, baseGain+moreGain*c.ahead.steady))
}

// falls is the part of the level lost in 10 ms.
func (c *Concealer) falls() float32 {
	switch {
	case c.lost < frame:
		return 0
	case c.lost < end:
		return 1 - fall
	}
	return 1 - endFall
}

func (c *Concealer) keep(pcm []int16) {
	copy(c.past[:], c.past[len(pcm):])
	copy(c.past[pastSamples-len(pcm):], pcm)
}

func round(x float32) int16 {
	if x < 0 {
		return int16(max(x-0.5, -32768))
	}
	return int16(min(x+0.5, 32767))
}
