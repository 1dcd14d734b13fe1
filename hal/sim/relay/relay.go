// Package relay is the lifeline's relay as a model: a charge pump that edges on its
// input feed, a coil and its contacts between three pairs. The simulated board puts
// it among its chips; it knows neither the driver nor who talks over the wires.
package relay

import (
	"sync"

	"centralita/hal"
	"centralita/hal/sim/wire"
)

// holdFrames is how long the pump holds the coil after an edge, in frames of 10 ms.
const holdFrames = 50

// Fault of a relay.
type Fault uint8

// The ways in which relays fail.
const (
	Sound  Fault = iota // none
	Dead                // the coil is broken: stays at rest
	Welded              // the contacts stick: stays pulled
)

// Relay steps before the chips; After steps behind them.
type Relay struct {
	contacts wire.Changeover
	rest     func(low bool)

	mu     sync.Mutex
	level  bool
	charge int // frames for which the coil is still held
	pulled bool
	fault  Fault
}

// New makes a relay at rest; rest is its guided contact, to ground at rest.
func New(c wire.Changeover, rest func(low bool)) *Relay {
	rest(true)
	return &Relay{contacts: c, rest: rest}
}

// Drive is its input.
func (r *Relay) Drive(high bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if high != r.level {
		r.level, r.charge = high, holdFrames
	}
}

// SetFault breaks it, or mends it.
func (r *Relay) SetFault(f Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = f
}

// Pulled tells where the contacts are.
func (r *Relay) Pulled() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pulled
}

// Step fulfils highway.Chip: the coil moves, and the wires of this frame pass.
func (r *Relay) Step(_, _ *hal.Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.charge > 0 {
		r.charge--
	}
	r.pulled = r.fault == Welded || r.fault == Sound && r.charge > 0
	r.rest(!r.pulled)
	r.contacts.Pass(r.pulled)
}

// Clock fulfils highway.Chip; a relay has none.
func (r *Relay) Clock(bool) {}

// After is what passes when the chips have stepped.
func (r *Relay) After() *After { return &After{r} }

// After is the second half of a relay's step.
type After struct{ relay *Relay }

// Step fulfils highway.Chip.
func (a *After) Step(_, _ *hal.Frame) {
	a.relay.mu.Lock()
	defer a.relay.mu.Unlock()
	a.relay.contacts.Pass(a.relay.pulled)
}

// Clock fulfils highway.Chip.
func (a *After) Clock(bool) {}
