package simboard

import (
	"fmt"
	"math/rand/v2"

	"centralita/hal"
	"centralita/hal/sim/wire"
)

// What the faults of the wires are made of.
const (
	shortOhms    = 5
	highVolts    = 150 // beyond any exchange and what a line port may be asked to take for long
	overloadOhms = 120 // leaves some 300 mA in a line port
	spikeVrms    = 70
	spikeHz      = 25
	bellsREN     = 9
	highOhms     = 5000 // of what feeds it
	setOhms      = 350
	bounceFrames = 4 // 40 ms of chatter, as a worn cradle makes
)

// spoiler does the faults of the wires: it stands on the highway behind the far
// ends and before the chips, so that it spoils what the ends put there.
type spoiler struct {
	sim    *Hardware
	random *rand.Rand
	cut    map[*wire.Pair]bool // pairs that it cut itself
	beside [Lines]bool         // lines on which it put a second set
	sets   [Handsets]contacts
	waits  [Lines]stretch
}

// contacts of a cradle.
type contacts struct {
	off     bool
	chatter int // frames left
}

// stretch is a time of random length in which something is on or off.
type stretch struct {
	left int
	on   bool
}

// span is the least and most of a stretch, in frames.
type span struct{ least, most int }

func newSpoiler(s *Hardware) *spoiler {
	return &spoiler{sim: s, random: rand.New(rand.NewPCG(s.seed, 77)), cut: map[*wire.Pair]bool{}}
}

// Clock fulfils highway.Chip.
func (x *spoiler) Clock(bool) {}

// Step fulfils highway.Chip.
func (x *spoiler) Step(_, _ *hal.Frame) {
	x.sim.player.step(x.sim)
	if !x.sim.wrong.any() && len(x.cut) == 0 {
		return
	}
	for n, p := range x.sim.lines {
		x.line(n, p, lineNames[n])
	}
	for n, p := range x.sim.jacks {
		x.handset(n, p, handsetNames[n])
	}
}

var lineNames, handsetNames = names("fxo", Lines), names("fxs", Handsets)

func names(kind string, count int) (list []string) {
	for n := range count {
		list = append(list, fmt.Sprintf("%s%d", kind, n+1))
	}
	return list
}

func (x *spoiler) line(n int, p *wire.Pair, at string) {
	is := func(f Fault) bool { return x.sim.wrong.is(at, f) }
	x.cutting(p, is(Cut) || is(BadJoint) && x.now(n, span{1, 3}, span{100, 300}))
	if is(NoBattery) {
		p.Feed.Volts, p.Feed.RingVrms = 0, 0
	}
	if is(HighFeed) {
		p.Feed.Volts, p.Feed.Ohms = highVolts, highOhms
	}
	if is(Overload) {
		p.Feed.Ohms, p.Feed.LimitMA = overloadOhms, 0
	}
	if is(Flutter) && x.now(n, span{1, 6}, span{1, 6}) {
		p.Feed.Volts = -p.Feed.Volts
	}
	if is(Spikes) && x.now(n, span{1, 4}, span{20, 80}) {
		p.Feed.RingVrms, p.Feed.RingHz = spikeVrms, spikeHz
	}
}

func (x *spoiler) handset(n int, p *wire.Pair, at string) {
	is := func(f Fault) bool { return x.sim.wrong.is(at, f) }
	x.cutting(p, is(Cut))
	if is(Short) {
		p.Load = wire.Load{OffHook: true, Ohms: shortOhms}
	}
	if is(ManyBells) {
		p.Load.REN = bellsREN
	}
	c := &x.sets[n]
	if !is(HookBounce) {
		c.off = p.Load.OffHook
		return
	}
	if p.Load.OffHook != c.off {
		c.off, c.chatter = p.Load.OffHook, bounceFrames
	}
	if c.chatter > 0 {
		c.chatter--
		p.Load.OffHook = c.off == (c.chatter%2 == 0)
	}
}

// cutting breaks a pair and joins it again; a pair that somebody else has cut is
// left to him.
func (x *spoiler) cutting(p *wire.Pair, cut bool) {
	switch {
	case cut && !p.Cut:
		p.Cut, x.cut[p] = true, true
	case !cut && x.cut[p]:
		p.Cut = false
		delete(x.cut, p)
	}
}

// now tells whether what comes and goes on a line is there in this frame.
func (x *spoiler) now(n int, on, off span) bool {
	w := &x.waits[n]
	if w.left--; w.left <= 0 {
		w.on = !w.on
		s := off
		if w.on {
			s = on
		}
		w.left = s.least + x.random.IntN(s.most-s.least+1)
	}
	return w.on
}

// extension puts second sets on lines; it stands behind the lifeline's relay, which
// has one of its own.
type extension struct{ *spoiler }

// Step fulfils highway.Chip.
func (x extension) Step(_, _ *hal.Frame) {
	for n, p := range x.sim.lines {
		switch {
		case x.sim.wrong.is(lineNames[n], Short):
			p.Beside, x.beside[n] = wire.Load{OffHook: true, Ohms: shortOhms}, true
		case x.sim.wrong.is(lineNames[n], Extension):
			p.Beside, x.beside[n] = wire.Load{OffHook: true, Ohms: setOhms}, true
		case x.beside[n]:
			p.Beside, x.beside[n] = wire.Load{}, false
		}
	}
}
