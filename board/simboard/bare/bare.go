// Package bare is the simulated board without chips: each line of the town ends in
// a plain terminal that a program lifts, hears through and measures at. It is for
// measurements over thousands of calls (linelab), for which chip models are too
// slow; the exchanges behind are those of the town, unchanged.
//
// It runs as fast as it is stepped, in one goroutine, and knows nothing of firmware.
package bare

import (
	"fmt"

	"centralita/hal/sim/wire"
)

// Board is a row of pairs. It fulfils town.Copper.
type Board struct {
	sets  []Set
	names map[string]int
	step  func(uint64)
	frame uint64
}

// New makes a board of so many lines, fxo1 and on.
func New(lines int) *Board {
	b := &Board{sets: make([]Set, lines), names: map[string]int{}}
	for i := range b.sets {
		b.names[Name(i)] = i
	}
	return b
}

// Name is that of line i, counted from 0.
func Name(i int) string { return fmt.Sprintf("fxo%d", i+1) }

// Names are those of all lines.
func (b *Board) Names() (names []string) {
	for i := range b.sets {
		names = append(names, Name(i))
	}
	return names
}

// Line implements town.Copper.
func (b *Board) Line(name string) *wire.Pair {
	i, ok := b.names[name]
	if !ok {
		return nil
	}
	return &b.sets[i].pair
}

// Handset implements town.Copper: there are none.
func (b *Board) Handset(string) *wire.Pair { return nil }

// OnStep implements town.Copper.
func (b *Board) OnStep(f func(uint64)) { b.step = f }

// Step moves everything by 10 ms.
func (b *Board) Step() {
	b.frame++
	b.step(b.frame)
	for i := range b.sets {
		b.sets[i].measure()
	}
}

// Set is the terminal at line i.
func (b *Board) Set(i int) *Set { return &b.sets[i] }

// Change is what a terminal saw in a step, believed after as long as a line chip's
// driver takes for it. Frames are how long it has lasted, or did.
type Change struct {
	Opened, Closed, Reversed bool
	Frames                   int
}

// How long a change must last until it is believed, in frames.
const (
	openIn     = 8
	closedIn   = 2
	reversedIn = 8
)

// Set is a terminal: off-hook a resistance, with an instrument for current and
// polarity.
type Set struct {
	pair wire.Pair

	open, reversed   bool
	doubt, doubtPole int // frames for which it seems to be otherwise
	openFor          int
	change           Change
}

// ohms of the terminal off-hook.
const ohms = 300

// Lift goes off-hook and forgets what was seen.
func (s *Set) Lift() {
	s.pair.Load = wire.Load{OffHook: true, Ohms: ohms}
	s.open, s.doubt, s.doubtPole, s.openFor = false, 0, 0, 0
	s.reversed = s.pair.Feed.Volts < 0
}

// HangUp goes on-hook.
func (s *Set) HangUp() { s.pair.Load = wire.Load{} }

// Hear is the sound of the last step.
func (s *Set) Hear(pcm *[wire.FrameSamples]int16) { s.pair.AtSet((*wire.Sound)(pcm)) }

// MilliAmp is the loop current.
func (s *Set) MilliAmp() float64 { return s.pair.MilliAmp() }

// Seen is what changed in the last step.
func (s *Set) Seen() Change { return s.change }

func (s *Set) measure() {
	s.change = Change{}
	if !s.pair.Load.OffHook {
		return
	}
	if s.open {
		s.openFor++
	}
	if open := s.pair.MilliAmp() == 0; open == s.open {
		s.doubt = 0
	} else if s.doubt++; open && s.doubt >= openIn {
		s.change = Change{Opened: true, Frames: s.doubt}
		s.open, s.openFor, s.doubt = true, s.doubt, 0
	} else if !open && s.doubt >= closedIn {
		s.change = Change{Closed: true, Frames: s.openFor - s.doubt}
		s.open, s.doubt = false, 0
	}
	switch v := s.pair.Feed.Volts; {
	case v == 0 || (v < 0) == s.reversed:
		s.doubtPole = 0
	default:
		if s.doubtPole++; s.doubtPole >= reversedIn {
			s.reversed, s.doubtPole = !s.reversed, 0
			s.change.Reversed, s.change.Frames = true, reversedIn
		}
	}
}
