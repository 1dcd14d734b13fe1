package tone

import (
	"math"

	"centralita/firmware/media"
)

// Generator makes a cadence at an exact level, sample by sample continuous. It
// is a media.Port and a source for a clip.Player. The zero Generator is silent.
type Generator struct {
	cadence Cadence
	peak    [5]float32 // of each of 0..4 frequencies so that their sum has the level
	step    int
	left    int // samples to go in the step; -1 is for ever
	done    bool
	phase   [4]uint32
	turn    [4]uint32 // phase per sample
	n       int       // frequencies of the step
	amp     float32   // of the step's frequencies
	gain    float32   // ramps between 0 and 1 over rampSamples
}

// rampSamples is 2 ms: soft enough not to click, short against any cadence.
const rampSamples = 16

// sinePeak is the peak of a sine of 0 dBm0.
const sinePeak = 16141 * math.Sqrt2

// New makes the generator of a cadence at a level in dBm0 (the sum of its
// frequencies), at most +3.
func New(c Cadence, dBm0 float64) *Generator {
	g := &Generator{cadence: c}
	rms := sinePeak * math.Pow(10, min(dBm0, 3)/20)
	for n := 1; n < len(g.peak); n++ {
		g.peak[n] = float32(rms / math.Sqrt(float64(n)))
	}
	g.Restart()
	return g
}

// Of is the generator of a country's signal at the plan's level.
func (c *Country) Of(s Signal) *Generator {
	if s >= signals {
		s = None
	}
	return New(c.Signals[s], Level)
}

// Restart begins the cadence anew. Not while a tick may read.
func (g *Generator) Restart() {
	g.step, g.gain, g.done = 0, 0, len(g.cadence.Steps) == 0
	g.phase = [4]uint32{}
	if !g.done {
		g.enter()
	}
}

// enter takes up the current step. Frequencies that go on keep their phase.
func (g *Generator) enter() {
	s := &g.cadence.Steps[g.step]
	g.left = int(s.Ms) * 8
	if s.Ms == 0 {
		g.left = -1
	}
	n := 0
	for _, hz := range s.Hz {
		if hz > 0 {
			g.turn[n] = uint32(float64(hz) / 8000 * (1 << 32))
			n++
		}
	}
	if n > 0 { // a pause keeps the old frequencies for its ramp down
		g.n, g.amp = n, g.peak[n]
	}
}

// advance goes to the next step; it reports false at the end of the cadence.
func (g *Generator) advance() bool {
	g.step++
	if g.step >= len(g.cadence.Steps) {
		if g.cadence.Loop >= len(g.cadence.Steps) {
			g.done = true
			return false
		}
		g.step = g.cadence.Loop
	}
	g.enter()
	return true
}

// Fill makes len(pcm) samples at 8 kHz and returns how many: fewer only when the
// cadence came to its end.
func (g *Generator) Fill(pcm []int16) int {
	n := 0
	for n < len(pcm) && !g.done {
		k := len(pcm) - n
		if g.left >= 0 {
			k = min(k, g.left)
			g.left -= k
		}
		g.make(pcm[n : n+k])
		n += k
		if g.left == 0 && !g.advance() {
			break
		}
	}
	return n
}

// make writes samples of the current step.
func (g *Generator) make(pcm []int16) {
	target := float32(1)
	if g.cadence.Steps[g.step].Hz[0] == 0 {
		target = 0
	}
	for i := range pcm {
		switch {
		case g.gain < target:
			g.gain = min(target, g.gain+1.0/rampSamples)
		case g.gain > target:
			g.gain = max(target, g.gain-1.0/rampSamples)
		case target == 0:
			clear(pcm[i:])
			return
		}
		var v float32
		for k := 0; k < g.n; k++ {
			v += Sine(g.phase[k])
			g.phase[k] += g.turn[k]
		}
		v *= g.amp * g.gain
		if v < 0 {
			v -= 0.5
		} else {
			v += 0.5
		}
		pcm[i] = int16(min(max(v, -32768), 32767))
	}
}

// Rate implements media.Port.
func (g *Generator) Rate() media.Rate { return media.Narrow }

// Read implements media.Port.
func (g *Generator) Read(_ uint64, f *media.Frame) bool {
	n := g.Fill(f.PCM())
	clear(f.PCM()[n:])
	return n > 0
}

// Write implements media.Port; a tone hears nothing.
func (g *Generator) Write(uint64, *media.Frame) {}

// sineTable is a whole turn in 1024 steps and the first again, so that between
// two steps a straight line is exact to 5e-6 (-106 dB).
var sineTable = func() (t [1025]float32) {
	for i := range t {
		t[i] = float32(math.Sin(2 * math.Pi * float64(i) / 1024))
	}
	return t
}()

// Sine of a phase in 1/2^32 of a turn.
func Sine(phase uint32) float32 {
	i := phase >> 22
	frac := float32(phase&(1<<22-1)) * (1.0 / (1 << 22))
	return sineTable[i] + frac*(sineTable[i+1]-sineTable[i])
}
