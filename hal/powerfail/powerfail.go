// Package powerfail watches the pin by which the supply says that it is going: low
// means that its capacitors hold for some 20 ms more.
//
// Boards make one and run its Serve on an urgent thread; what is done in those
// milliseconds is decided by whoever is told.
package powerfail

import (
	"context"
	"fmt"
	"time"

	"periph.io/x/conn/v3/gpio"

	"centralita/hal"
)

const (
	// patience of one edge wait; it must be positive. An edge that the kernel lost is
	// made up for by a look after it.
	patience = 100 * time.Millisecond
	// settled is how long the supply must be back to be believed.
	settled = 500 * time.Millisecond
	// urgency is above the sound: what comes of it cannot be made up for.
	urgency = 30
)

// timed is a pin that knows when its edges were.
type timed interface {
	LastEdge() time.Time
}

// Watch is one supply.
type Watch struct {
	pin  gpio.PinIn
	tell func(hal.Power)
}

// New makes a watch; tell is called at once and should come back within milliseconds.
func New(pin gpio.PinIn, tell func(hal.Power)) *Watch {
	if tell == nil {
		tell = func(hal.Power) {}
	}
	return &Watch{pin, tell}
}

func (w *Watch) String() string { return "power supply" }

// Urgency fulfils hal.Urgent.
func (w *Watch) Urgency() int { return urgency }

// Serve watches until ctx ends.
func (w *Watch) Serve(ctx context.Context) error {
	if err := w.pin.In(gpio.PullUp, gpio.BothEdges); err != nil {
		return fmt.Errorf("power supply: %w", err)
	}
	failing := false
	var good time.Time // since when it looks good while it is failing
	for ctx.Err() == nil {
		edge := w.pin.WaitForEdge(patience)
		now := time.Now()
		low := w.pin.Read() == gpio.Low
		switch {
		case low:
			good = time.Time{}
			if !failing {
				failing = true
				w.tell(hal.Power{Failing: true, At: w.seen(edge, now)})
			}
		case failing && good.IsZero():
			good = now
		case failing && now.Sub(good) >= settled:
			failing, good = false, time.Time{}
			w.tell(hal.Power{At: now})
		}
	}
	return ctx.Err()
}

// seen is when the edge was, where the pin knows.
func (w *Watch) seen(edge bool, now time.Time) time.Time {
	if t, ok := w.pin.(timed); ok && edge {
		return t.LastEdge()
	}
	return now
}
