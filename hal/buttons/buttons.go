// Package buttons turns the edges of a front button into presses and long
// presses. Boards make one Button per pin and run its Serve; what a press means
// is decided elsewhere.
package buttons

import (
	"context"
	"fmt"
	"time"

	"centralita/hal"

	"periph.io/x/conn/v3/gpio"
)

const (
	// patience of one edge wait; it must be positive and bounds how long the end
	// of Serve takes.
	patience = 100 * time.Millisecond
	// bounce: contacts chatter for some milliseconds; shorter presses are none.
	bounce = 30 * time.Millisecond
	// closely is how often a held button is looked at.
	closely = 20 * time.Millisecond
)

// held are the durations told while the button is still down.
var held = [...]time.Duration{5 * time.Second, 10 * time.Second}

// Button is one button to ground on a pin with pull-up.
type Button struct {
	name string
	pin  gpio.PinIn
	tell func(hal.Press)
}

// New makes a button; tell must not block.
func New(name string, pin gpio.PinIn, tell func(hal.Press)) *Button {
	if tell == nil {
		tell = func(hal.Press) {}
	}
	return &Button{name: name, pin: pin, tell: tell}
}

func (b *Button) String() string { return "button " + b.name }

// Serve watches the button until ctx ends.
func (b *Button) Serve(ctx context.Context) error {
	if err := b.pin.In(gpio.PullUp, gpio.FallingEdge); err != nil {
		return fmt.Errorf("buttons: %s: %w", b.name, err)
	}
	for ctx.Err() == nil {
		b.pin.WaitForEdge(patience)
		if b.pin.Read() == gpio.Low {
			b.follow(ctx)
		}
	}
	return ctx.Err()
}

// follow a press to its end. The pin counts as released once it is high at two
// looks in a row.
func (b *Button) follow(ctx context.Context) {
	begun := time.Now()
	told, high := 0, 0
	look := time.NewTicker(closely)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		down := time.Since(begun)
		if b.pin.Read() == gpio.High {
			if high++; high < 2 {
				continue
			}
			if down -= 2 * closely; down >= bounce {
				b.tell(hal.Press{Button: b.name, Held: down, Done: true})
			}
			return
		}
		high = 0
		if told < len(held) && down >= held[told] {
			b.tell(hal.Press{Button: b.name, Held: held[told]})
			told++
		}
	}
}
