package jitter

// The period of a voice is looked for between 5 and 15 ms (66 to 200 Hz), as in
// G.711 Appendix I.
const (
	minLag = 40
	maxLag = 120
)

// Made-up sound keeps its level for keepFrames, then falls by fall a frame and
// ends after endFrames: what lasts longer is a pause, not a loss.
const (
	keepFrames = 2
	fall       = 0.92
	endFrames  = 12
	endFall    = 0.7
	hushFrames = 20
	joinLength = 32 // 4 ms from made-up sound to real
)

// cover makes up what is missing by repeating the last period of what was heard,
// ever more quietly.
type cover struct {
	past  [2 * maxLag]int16
	lag   int
	at    int // sample of the period
	lost  int // frames in a row
	gain  float32
	heard bool // past holds something
}

// real takes a frame that came, and joins it to what was made up before.
func (c *cover) real(out *[frame]int16) {
	if c.lost > 0 && c.heard {
		for i := range joinLength {
			w := float32(i+1) / joinLength
			out[i] = int16(w*float32(out[i]) + (1-w)*c.sample())
		}
	}
	c.lost = 0
	c.heard = true
	c.keep(out)
}

func (c *cover) keep(out *[frame]int16) {
	copy(c.past[:], c.past[frame:])
	copy(c.past[len(c.past)-frame:], out[:])
}

// sample continues the period at the present gain.
func (c *cover) sample() float32 {
	v := float32(c.past[len(c.past)-c.lag+c.at]) * c.gain
	if c.at++; c.at == c.lag {
		c.at = 0
	}
	return v
}

// made makes a frame up and reports whether it is more than silence.
func (c *cover) made(out *[frame]int16) bool {
	if !c.heard {
		return false
	}
	if c.lost == 0 {
		c.lag = bestLag(c.past[len(c.past)-frame:], c.past[:], -1)
		c.at, c.gain = 0, 1
	}
	c.lost++
	step := float32(0)
	switch {
	case c.lost > hushFrames:
		c.heard = false
		return false
	case c.lost > endFrames:
		step = c.gain * (1 - endFall) / float32(frame)
	case c.lost > keepFrames:
		step = c.gain * (1 - fall) / float32(frame)
	}
	for i := range out {
		out[i] = int16(c.sample())
		c.gain -= step
	}
	return true
}

// bestLag is the period by which x, shifted forwards (dir 1) or backwards (-1),
// resembles itself best. x begins within whole; when shifting backwards whole
// holds maxLag samples before it and ends with it.
func bestLag(x, whole []int16, dir int) int {
	x = x[:frame]
	zero := 0
	if dir < 0 {
		zero = len(whole) - frame
	}
	best, lag := float32(-1), maxLag
	for l := minLag; l <= maxLag; l += 2 {
		y := whole[zero+dir*l:][:frame]
		var cross, power float32
		for i := 0; i < frame; i += 2 {
			a, b := float32(x[i]), float32(y[i])
			cross += a * b
			power += b * b
		}
		if cross > 0 && cross*cross > best*(power+1) {
			best, lag = cross*cross/(power+1), l
		}
	}
	return lag
}

// fade goes from one sound to another within a frame.
func fade(out *[frame]int16, from, to []int16) {
	from, to = from[:frame], to[:frame]
	for i := range out {
		w := float32(i+1) / float32(frame)
		out[i] = int16((1-w)*float32(from[i]) + w*float32(to[i]))
	}
}
