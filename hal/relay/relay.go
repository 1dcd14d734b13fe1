// Package relay drives the lifeline's relay: a pin whose edges feed a charge pump,
// which holds the coil. A pin that stands still, high or low, lets the relay fall,
// so that a program that hangs cannot keep a telephone from its line.
//
// Boards make one; firmware/app holds it while the box is well. It has no
// goroutine of its own: who holds the relay is who is watched.
package relay

import (
	"fmt"
	"sync"
	"time"

	"periph.io/x/conn/v3/gpio"
)

// holdFor is how long the charge pump keeps the coil after an edge: 0.5 s bridges a
// busy moment of the program, and a telephone waits no longer for its line.
const holdFor = 500 * time.Millisecond

// Relay is the relay on one pin. It fulfils hal.Lifeline.
type Relay struct {
	pin           gpio.PinOut
	rest          gpio.PinIn
	line, handset string

	mu    sync.Mutex
	level gpio.Level
}

// New makes the relay and leaves it at rest. The pin rest is its guided contact, to
// ground while the relay lies at rest.
func New(pin gpio.PinOut, rest gpio.PinIn, line, handset string) (*Relay, error) {
	if err := rest.In(gpio.PullUp, gpio.NoEdge); err != nil {
		return nil, fmt.Errorf("relay: %s: %w", rest.Name(), err)
	}
	r := &Relay{pin: pin, rest: rest, line: line, handset: handset}
	return r, r.Release()
}

// AtRest fulfils hal.Lifeline.
func (r *Relay) AtRest() bool { return r.rest.Read() == gpio.Low }

// Line fulfils hal.Lifeline.
func (r *Relay) Line() string { return r.line }

// Handset fulfils hal.Lifeline.
func (r *Relay) Handset() string { return r.handset }

// HoldFor fulfils hal.Lifeline.
func (r *Relay) HoldFor() time.Duration { return holdFor }

func (r *Relay) String() string { return "lifeline relay" }

// Hold fulfils hal.Lifeline: one edge.
func (r *Relay) Hold() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.out(!r.level)
}

// Release fulfils hal.Lifeline: no edge from here on but the one to low.
func (r *Relay) Release() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.out(gpio.Low)
}

func (r *Relay) out(l gpio.Level) error {
	if err := r.pin.Out(l); err != nil {
		return fmt.Errorf("relay: %s: %w", r.pin.Name(), err)
	}
	r.level = l
	return nil
}
