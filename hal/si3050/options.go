package si3050

import (
	"fmt"
	"time"

	"centralita/hal"

	"periph.io/x/conn/v3/gpio"
)

// PortOpts names one chip of a chain, in the order of the chain.
type PortOpts struct {
	Name string // "fxo1"
	Slot int    // timeslot, 0..14
}

// Opts of a chain.
type Opts struct {
	Ports    []PortOpts // 1..15; the highway has no more slots
	Country  string     // ISO 3166; "" is ES
	Timing   Timing
	Watchdog bool            // let the chips hang up 4 s after the program died
	Tell     func(hal.Event) // must not block
}

// Pins beside the bus.
type Pins struct {
	Reset gpio.PinOut // active low, shared by the chain
	Int   gpio.PinIn  // active low, diode-or of the chain
}

// Timing is how long the chips get for what cannot be polled.
type Timing struct {
	ResetLow time.Duration // RESET low; at least 10 PCLK
	Settle   time.Duration // PLL after reset
}

// Cautious is what drivers in the field wait; Brisk is enough by the data sheet.
var (
	Cautious = Timing{250 * time.Millisecond, 250 * time.Millisecond}
	Brisk    = Timing{time.Millisecond, 20 * time.Millisecond}
)

const portsMax = hal.SlotCount - 1

func (o *Opts) complete() error {
	if n := len(o.Ports); n == 0 || n > portsMax {
		return fmt.Errorf("si3050: %d ports; a chain carries 1..%d", n, portsMax)
	}
	for _, p := range o.Ports {
		if p.Slot < 0 || p.Slot >= hal.SlotCount-1 {
			return fmt.Errorf("si3050: %s: slot %d; there are 0..%d", p.Name, p.Slot, hal.SlotCount-2)
		}
	}
	if o.Timing == (Timing{}) {
		o.Timing = Cautious
	}
	if o.Tell == nil {
		o.Tell = func(hal.Event) {}
	}
	return nil
}
