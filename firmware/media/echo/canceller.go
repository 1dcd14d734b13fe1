package echo

import "math"

// FrameSamples is 10 ms at 8 kHz, what Process takes.
const FrameSamples = 80

// Canceller takes the echo of what was played out of what a line says. Make it
// with New.
type Canceller struct {
	filters
	bypass bool
	frozen bool
	tail   int // blocks until the last audible sound has left the filters

	dcIn, dcOut float32 // of the line's dc blocker
	started     bool    // it has its first sample
	clipped     int     // blocks in which the line was at full scale not long ago
	tonal       tonal
	near        nearTone
	left        [FrameSamples]float32 // what the filters left of the frame

	// Mean squares of blocks, smoothed over 15 ms.
	lineP, frontP, shadowP float32
	playedP                float32 // of the loudest block in the filters, fading
	// Blocks in a row in which the shadow was better, the foreground was better,
	// the foreground was wild.
	better, worse, wild int

	after suppressor
	loss  loss
}

// Options of a Canceller. The zero value is the linear canceller.
type Options struct {
	// Suppress takes away what the filters leave of the echo, and fills the gap with
	// noise like that of the line.
	Suppress bool
}

// 256 taps (32 ms) hold every two-wire line of a town; 512 are for long extension
// lines and for gateways behind the line.
const (
	TapsMin = 80
	TapsMax = 1024
)

// New makes a canceller of echo paths up to taps samples, within TapsMin and
// TapsMax and rounded up to whole blocks.
func New(taps int, o Options) *Canceller {
	c := &Canceller{filters: newFilters(min(max(taps, TapsMin), TapsMax))}
	c.after.on = o.Suppress
	c.after.reset()
	return c
}

// Reset forgets the line, its sound and all wishes: a new call.
func (c *Canceller) Reset() {
	c.silence()
	c.forget()
	*c = Canceller{filters: c.filters, after: c.after}
	c.after.reset()
}

// Suppress switches the suppressor, as Options do: fax machines want it off.
func (c *Canceller) Suppress(on bool) { c.after.on = on }

// Bypass lets near pass untouched while on, as modems want it (ITU-T G.168, 7).
// What was learnt is kept.
func (c *Canceller) Bypass(on bool) { c.bypass = on }

// Freeze holds the filters as they are while on; echo is still cancelled.
func (c *Canceller) Freeze(on bool) { c.frozen = on }

// ERLE is the echo return loss enhancement in dB, over the last quarter of a
// second with sound in the line and with whatever is said at the near end counted
// as not cancelled. It is 0 before there was any.
func (c *Canceller) ERLE() float32 { return c.loss.dB() }

// Switching between the filters, in blocks of 2.5 ms and as ratios of power.
const (
	smooth       = 0.846 // 15 ms
	shadowBetter = 0.4   // of the foreground's error
	shadowGood   = 0.15  // of the line's sound
	shadowHold   = 8
	frontBetter  = 0.5
	frontHold    = 6
	// The foreground is wild when it adds in place of taking away: the line has
	// changed and what was learnt is worth less than nothing. Two voices can look
	// like that for 40 ms, but never so much.
	wildRatio    = 1.5
	wildLeast    = 0.003 // of what was played: a good filter leaves less, before a late echo too
	wildHold     = 24
	wildestRatio = 6
	wildestHold  = 3
)

// A line never gives back more than was played into it (ITU-T G.168 counts on
// 6 dB less): what is louder is said at the near end, and a tone of it must not be
// learnt from its own faint echo on the other side of the box.
const (
	gainMost = 2    // ratio of power; 3 dB because lineP is late
	fade     = 0.95 // in a block: half in the length of the filters
)

// together is when a tone of the near end and one that is played began at once, in
// frames that the one is known later.
const together = 20

// A clipped echo teaches what is not there, and no filter takes it away whole. The
// largest value of G.711 is 32124.
const (
	full        = 32000
	clippedHold = 8 // 20 ms
)

// Mean squares, of full scale squared.
const (
	dBm0    = 0.2427               // 0 dBm0, by which full scale of a sine is +3.14
	audible = 1e-5 * dBm0          // -50 dBm0: less in the line teaches nothing
	silence = 3e-8 * dBm0          // -75 dBm0: less is nothing
	fine    = float32(1.0 / 32768) // one step of a sample
)

// Process cancels in near what it has of the echo of far, which was played at the
// same time.
func (c *Canceller) Process(far, near *[FrameSamples]int16) {
	var x [FrameSamples]float32
	for i, v := range far {
		x[i] = float32(v) * fine
	}
	before := c.tonal.last.energy
	tones := c.tonal.hear(&x)
	may := !tones
	if c.near.here && (c.tonal.frames > 0 || c.tonal.last.energy > before*tonalLevel) {
		may = false // a tone that begins would be taken for what comes back as the near end's
	}
	for i := 0; i < FrameSamples; i += blockSamples {
		c.block((*[blockSamples]float32)(x[i:]), (*[blockSamples]int16)(near[i:]), (*[blockSamples]float32)(c.left[i:]), may)
	}
	if !c.bypass {
		before := c.near.here
		c.near.hear(&c.left, &c.tonal.last, tones)
		if c.near.here && !before && c.tonal.frames > 0 && c.tonal.frames < together {
			c.untidy = c.n // what two tones taught in their first moments makes others of them
		}
	}
}

// block does a block and gives what the filters left of it; may tells whether what is
// played is worth learning from.
func (c *Canceller) block(x *[blockSamples]float32, near *[blockSamples]int16, left *[blockSamples]float32, may bool) {
	var line, other [blockSamples]float32
	played := meanSquare(x)
	heard := c.blockDC(near, &line)
	c.play(x)
	if c.bypass {
		return
	}
	c.playedP = max(played, c.playedP*fade)
	if played > audible {
		c.tail = c.n
	}
	learns := c.tail > 0 && !c.frozen
	c.expect(learns)
	c.subtract(&c.frontEcho, &line, left)
	c.lineP += (1 - smooth) * (heard - c.lineP)
	if learns {
		c.subtract(&c.shadowEcho, &line, &other)
		c.compare(&line, left, &other)
		c.adapt(left, &other, may && c.lineP < c.playedP*gainMost && c.clipped == 0)
	} else {
		c.rest(left)
	}
	if c.tail > 0 {
		c.loss.add(heard, meanSquare(left))
	}
	kept := *left
	c.after.process(&kept, difference(&line, left), c.uncertain(), c.playedP, state{
		active: c.tail > 0, clipped: c.clipped > 0, tone: c.near.here, passes: c.near.here || c.tonal.frames >= tonalSure,
	})
	c.tail, c.clipped = max(c.tail-1, 0), max(c.clipped-1, 0)
	write(near, &kept)
}

// blockDC scales the line's sound and takes dc out of it: the converters' offset
// would be an error that no filter can cancel. The corner is at 25 Hz.
func (c *Canceller) blockDC(pcm *[blockSamples]int16, line *[blockSamples]float32) float32 {
	const pole = 0.98
	if !c.started { // a step would be learnt as a background
		c.started, c.dcIn = true, float32(pcm[0])*fine
	}
	for i, s := range pcm {
		if s >= full || s <= -full {
			c.clipped = clippedHold
		}
		v := float32(s) * fine
		c.dcOut = v - c.dcIn + pole*c.dcOut
		c.dcIn = v
		line[i] = c.dcOut
	}
	return meanSquare(line)
}

// compare lets the better filter lead, and forgets what has become wrong. left and
// other are replaced with what the filters then leave.
func (c *Canceller) compare(line, left, other *[blockSamples]float32) {
	c.frontP += (1 - smooth) * (meanSquare(left) - c.frontP)
	c.shadowP += (1 - smooth) * (meanSquare(other) - c.shadowP)
	count(&c.better, !c.near.here && c.shadowP < shadowBetter*c.frontP && c.shadowP < shadowGood*c.lineP)
	count(&c.worse, c.frontP < frontBetter*c.shadowP)
	count(&c.wild, c.frontP > wildRatio*c.lineP && c.frontP > wildLeast*c.playedP)
	if c.wild > 0 && c.frontP > wildestRatio*c.lineP {
		c.wild += wildHold / wildestHold
	}
	switch {
	case c.better >= shadowHold:
		c.promote()
		*left, c.frontP, c.better = *other, c.shadowP, 0
	case c.worse >= frontHold:
		c.follow()
		c.shadowP, c.worse = c.frontP, 0
	case c.wild >= wildHold:
		c.drop()
		*left, *other, c.wild = *line, *line, 0
	}
}

// rest keeps the powers together while nothing is compared, so that old ones are
// not compared with new.
func (c *Canceller) rest(left *[blockSamples]float32) {
	c.frontP += (1 - smooth) * (meanSquare(left) - c.frontP)
	c.shadowP = c.frontP
	c.better, c.worse, c.wild = 0, 0, 0
}

// count counts blocks in a row.
func count(n *int, yes bool) {
	if *n++; !yes {
		*n = 0
	}
}

func meanSquare(s *[blockSamples]float32) (sum float32) {
	for _, v := range s {
		sum += v * v
	}
	return sum / blockSamples
}

// difference is the mean square of what was taken away.
func difference(a, b *[blockSamples]float32) (sum float32) {
	for i := range a {
		d := a[i] - b[i]
		sum += d * d
	}
	return sum / blockSamples
}

// write rounds to samples.
func write(near *[blockSamples]int16, left *[blockSamples]float32) {
	for i, v := range left {
		v *= 1 / fine
		switch {
		case v >= math.MaxInt16:
			near[i] = math.MaxInt16
		case v <= math.MinInt16:
			near[i] = math.MinInt16
		case v >= 0:
			near[i] = int16(v + 0.5)
		default:
			near[i] = int16(v - 0.5)
		}
	}
}
