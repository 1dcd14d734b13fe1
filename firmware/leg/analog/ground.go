package analog

import (
	"math"
	"sync/atomic"

	items "centralita/firmware/line"
	"centralita/hal"
)

// ground listens beside a call for what the line does by itself: how much of what
// we send comes back, and what is left when nobody speaks. All of it is the sound
// thread's, but for the figures, which it publishes.
type ground struct {
	known            *end    // the call that is listened to
	sent, back, left float64 // energies while the canceller has learnt
	calm             int     // frames since we sent anything
	blocks           int     // quiet ones so far

	// A block of ten frames of a quiet line: its energy, and a Goertzel filter for each
	// of the mains frequencies.
	frames int
	energy float64
	mains  [2][3][2]float64

	noise, hum, humHz float64 // mean squares of the quietest block
	figures           [6]figure
}

// figure is a number that the bank may look at.
type figure struct{ bits atomic.Uint64 }

func (f *figure) set(v float64) { f.bits.Store(math.Float64bits(v)) }
func (f *figure) get() float64  { return math.Float64frombits(f.bits.Load()) }

const (
	// sentMS is the mean square of -32 dBm0: what we send above it makes an echo that
	// can be told from noise.
	sentMS = zeroMS * 6.3e-4
	// stillMS is that of -58 dBm0: below it we are silent.
	stillMS = zeroMS * 1.6e-6
	// noiseMost is that of -30 dBm0: what is louder is not the line but somebody.
	noiseMost = zeroMS * 1e-3
	zeroMS    = 16141 * 16141
	// learntBy is how much of the echo the canceller takes once it has learnt; what
	// it takes then is the echo, whoever speaks.
	learntBy = 4
	// calmAfter frames without sound of ours no echo is left in the line.
	calmAfter   = 10
	blockFrames = 10
	// blocksMost of a call are looked at; five seconds of silence tell enough.
	blocksMost = 50
	// leastNoise is the mean square of digital silence, which has no logarithm.
	leastNoise = 0.05
)

// hear takes one frame: what was played, what came back before and after the
// canceller.
func (g *ground) hear(played, before, after *[hal.FrameSamples]int16) {
	var sent, raw, left, taken float64
	for i, x := range after {
		sent += float64(played[i]) * float64(played[i])
		raw += float64(before[i]) * float64(before[i])
		left += float64(x) * float64(x)
		d := float64(before[i]) - float64(x)
		taken += d * d
	}
	if sent > sentMS*hal.FrameSamples && raw > learntBy*left {
		g.sent += sent
		g.back += taken
		g.left += left
		g.figures[0].set(g.sent)
		g.figures[1].set(g.back)
		g.figures[2].set(g.left)
	}
	if sent > stillMS*hal.FrameSamples {
		g.calm, g.frames = 0, 0
		return
	}
	if g.calm++; g.calm > calmAfter && g.blocks < blocksMost {
		g.still(after, left)
	}
}

// hearBeside is the part of a tick that learns about the line; raw is what it said
// before its echo was taken out.
func (p *port) hearBeside(raw *[hal.FrameSamples]int16) {
	if m := p.meter.Load(); m != nil && m.hear(p.played, raw) {
		p.meter.Store(nil)
		p.note(item{port: p, do: m.done})
	}
	call := p.hybrid.call.Load()
	if call != nil {
		if call != p.ground.known {
			p.ground.known = call
			p.ground.forget()
		}
		if p.talking.Load() {
			p.ground.hear(p.played, raw, p.in)
		}
	}
	if p.memory == nil || call == nil && p.memory.want.Load() == nil {
		return
	}
	if e := p.memory.keep(p.in); e != nil {
		p.note(item{port: p, tone: e})
	}
}

// still adds a frame to the block.
func (g *ground) still(said *[hal.FrameSamples]int16, energy float64) {
	if g.frames == 0 {
		g.energy, g.mains = 0, [2][3][2]float64{}
	}
	g.energy += energy
	for m := range g.mains {
		for h := range g.mains[m] {
			v := &g.mains[m][h]
			for _, x := range said {
				v[0], v[1] = float64(x)+mainsCoef[m][h]*v[0]-v[1], v[0]
			}
		}
	}
	if g.frames++; g.frames == blockFrames {
		g.frames = 0
		g.blocks++
		g.block()
	}
}

// mainsCoef are the filters' coefficients: 50 and 60 Hz with two harmonics. A block
// of 100 ms holds whole turns of each.
var mainsCoef = func() (c [2][3]float64) {
	for m, base := range [2]float64{50, 60} {
		for h := range c[m] {
			c[m][h] = 2 * math.Cos(2*math.Pi*base*float64(h+1)/8000)
		}
	}
	return c
}()

// block keeps the quietest.
func (g *ground) block() {
	const n = blockFrames * hal.FrameSamples
	noise := g.energy / n
	if noise > noiseMost || g.noise > 0 && noise >= g.noise {
		return
	}
	g.noise, g.hum = max(noise, leastNoise), 0
	for m := range g.mains {
		sum := 0.0
		for h, v := range g.mains[m] {
			sum += (v[0]*v[0] + v[1]*v[1] - mainsCoef[m][h]*v[0]*v[1]) * 2 / (n * n)
		}
		if sum > g.hum {
			g.hum, g.humHz = sum, [2]float64{50, 60}[m]
		}
	}
	g.figures[3].set(g.noise)
	g.figures[4].set(g.hum)
	g.figures[5].set(g.humHz)
}

// forget begins a new call.
func (g *ground) forget() {
	g.sent, g.back, g.left = 0, 0, 0
	g.calm, g.frames, g.blocks, g.noise, g.hum = 0, 0, 0, 0, 0
	for i := range g.figures {
		g.figures[i].set(0)
	}
}

// dB is ten times the logarithm.
func dB(x float64) float64 { return 10 * math.Log10(max(x, 1e-12)) }

// levelOf is the level, in dBm0, of a mean square, silence at the end of the scale.
func levelOf(meanSquare float64) float64 { return max(dB(meanSquare/zeroMS), -95) }

// readGround reads what the ending call showed. Half a second of speech of ours, or
// a tenth of silence, are the least.
func (p *port) readGround() {
	if p.line != nil {
		p.line.guessTone()
	}
	sent, back, left := p.ground.figures[0].get(), p.ground.figures[1].get(), p.ground.figures[2].get()
	if sent > 50*hal.FrameSamples*sentMS && back > 0 {
		p.read(items.EchoLoss, dB(sent/back), "")
		p.read(items.EchoLeft, min(dB(sent/max(left, 1)), 80), "")
	}
	noise, hum := p.ground.figures[3].get(), p.ground.figures[4].get()
	if noise > 0 {
		p.read(items.Noise, levelOf(noise), "")
		p.read(items.Hum, levelOf(hum), "")
		if hum > noise/2 {
			p.read(items.HumHz, p.ground.figures[5].get(), "")
		}
	}
}
