// Package wire is a telephone pair in memory: battery, loop current, ringing
// voltage and sound both ways between the end that feeds (an exchange, or a
// Si3210 model) and the end that draws (a telephone, or a Si3050 model).
//
// It is the seam between chip models (hal/sim/si3210, hal/sim/si3050) and the
// world outside (board/simboard/town). All of it is used by one goroutine only,
// the one that steps the simulated board; it knows neither registers nor people.
package wire

import "math"

// FrameSamples is the number of 8 kHz samples in one step of 10 ms.
const FrameSamples = 80

// Sound is 10 ms of 8 kHz linear sound; full scale sine is +3.14 dBm0.
type Sound [FrameSamples]int16

// Feed is what the feeding end puts on the pair.
type Feed struct {
	Volts    float64 // open-circuit tip minus ring, signed; 0 is no battery
	Ohms     float64 // source resistance including the loop
	LimitMA  float64 // current limit; 0 is none
	RingVrms float64 // 0 is no ringing; superimposed on Volts
	RingHz   float64
}

// Load is what the drawing end puts across the pair.
type Load struct {
	OffHook bool
	Ohms    float64 // dc resistance while off-hook
	Drop    float64 // V, a constant drop in series while off-hook (a Si3050's dc termination)
	REN     float64 // ringer load while on-hook, 1..5
}

// Edge is a change of the set's hook within a step.
type Edge struct {
	At      int // sample of the step, 0..79
	OffHook bool
}

// Pair is one pair of wires. The zero value is a pair without battery or set.
type Pair struct {
	Feed Feed
	Load Load

	// Edges are the changes of Load.OffHook that led to the present Load, where the
	// drawing end is that exact: dial pulses are told apart by milliseconds.
	Edges []Edge

	// Beside is a second set on the same pair: an extension telephone, or the one
	// that a lifeline puts there.
	Beside Load

	// Loop is the pair at voice frequencies.
	Loop Loop

	// Cut is a broken wire: neither battery nor sound passes.
	Cut bool

	fromOffice, fromSet, fromBeside Sound

	besideSpeaks bool // fromBeside is not silence
}

// Volts is the dc voltage between the wires as the drawing end sees it.
func (p *Pair) Volts() float64 {
	if p.Cut {
		return 0
	}
	all := p.loads()
	if !all.OffHook {
		return p.Feed.Volts
	}
	v := p.MilliAmp()/1000*all.Ohms + all.Drop
	return math.Copysign(math.Min(v, math.Abs(p.Feed.Volts)), p.Feed.Volts)
}

// MilliAmp is the loop current, never negative.
func (p *Pair) MilliAmp() float64 {
	all := p.loads()
	if p.Cut || !all.OffHook || p.Feed.Volts == 0 {
		return 0
	}
	i := (math.Abs(p.Feed.Volts) - all.Drop) / (p.Feed.Ohms + all.Ohms) * 1000
	if p.Feed.LimitMA > 0 {
		i = math.Min(i, p.Feed.LimitMA)
	}
	return math.Max(i, 0)
}

// LoadMilliAmp is the part of the loop current that Load draws.
func (p *Pair) LoadMilliAmp() float64 {
	switch {
	case !p.Load.OffHook:
		return 0
	case !p.Beside.OffHook:
		return p.MilliAmp()
	}
	return math.Max(0, math.Abs(p.Volts())-p.Load.Drop) / leastOhms(p.Load.Ohms) * 1000
}

// loads are both sets as one: two sources in parallel have the conductance of
// both and the mean of their voltages, weighed by conductance.
func (p *Pair) loads() Load {
	a, b := p.Load, p.Beside
	switch {
	case !b.OffHook:
		return a
	case !a.OffHook:
		return b
	}
	ga, gb := 1/leastOhms(a.Ohms), 1/leastOhms(b.Ohms)
	return Load{OffHook: true, Ohms: 1 / (ga + gb), Drop: (a.Drop*ga + b.Drop*gb) / (ga + gb), REN: a.REN + b.REN}
}

// leastOhms keeps a dead short from dividing by zero.
func leastOhms(r float64) float64 { return math.Max(r, 1) }

// RingVolts is the momentary ringing voltage at sample n since the board began.
func (p *Pair) RingVolts(n uint64) float64 {
	if p.Cut || p.Feed.RingVrms == 0 {
		return 0
	}
	return p.Feed.RingVrms * math.Sqrt2 * math.Sin(2*math.Pi*p.Feed.RingHz*float64(n)/8000)
}

// OfficeSays puts the feeding end's sound of this step on the pair.
func (p *Pair) OfficeSays(s *Sound) { p.fromOffice = *s }

// SetSays puts the drawing end's sound of this step on the pair.
func (p *Pair) SetSays(s *Sound) { p.fromSet = *s }

// BesideSays puts the sound of the second set of this step on the pair.
func (p *Pair) BesideSays(s *Sound) { p.fromBeside, p.besideSpeaks = *s, true }

// BesideIsSilent takes the sound of the second set away.
func (p *Pair) BesideIsSilent() { p.besideSpeaks = false }

// AtSet is what arrives at the drawing end. Hybrids, and so echo, are the
// business of the ends.
func (p *Pair) AtSet(s *Sound) { p.arrive(s, &p.fromOffice) }

// AtOffice is what arrives at the feeding end.
func (p *Pair) AtOffice(s *Sound) { p.arrive(s, &p.fromSet) }

// AtBeside is what arrives at the second set: both others.
func (p *Pair) AtBeside(s *Sound) {
	if p.Cut {
		*s = Sound{}
		return
	}
	*s = p.fromOffice
	s.add(&p.fromSet)
}

func (p *Pair) arrive(s, from *Sound) {
	if p.Cut {
		*s = Sound{}
		return
	}
	*s = *from
	if p.besideSpeaks {
		s.add(&p.fromBeside)
	}
}

func (s *Sound) add(t *Sound) {
	for i, v := range t {
		s[i] = int16(min(max(int32(s[i])+int32(v), math.MinInt16), math.MaxInt16))
	}
}
