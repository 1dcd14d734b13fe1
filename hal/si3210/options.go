package si3210

import (
	"fmt"
	"strings"
	"time"

	"centralita/hal"

	"periph.io/x/conn/v3/gpio"
)

// PortOpts names one chip of a chain, in the order of the chain.
type PortOpts struct {
	Name string // "fxs1"
	Slot int    // timeslot, 0..14
}

// Opts of a chain.
type Opts struct {
	Ports   []PortOpts // 1..8, as many as a daisy chain carries
	Daisy   bool       // chips are chained; false allows one port only
	Country string     // ISO 3166, for impedance and flash; "" is ES
	Timing  Timing
	Tell    func(hal.Event) // must not block

	// Converter timing of the board's inductor, registers 92 and 93; zero means
	// the BJT values of AN35, 15.6 us and 0x19.
	Period, Delay byte
}

// Pins beside the bus.
type Pins struct {
	Reset gpio.PinOut // active low, shared by the chain
	Int   gpio.PinIn  // active low, open drain, shared by the chain
}

// Timing is how long the chips get for what cannot be polled.
type Timing struct {
	ResetLow time.Duration // RESET low; data sheet: 100 ns
	Settle   time.Duration // PLL and converters after reset
	LeakTest time.Duration // for which the battery must hold with the converter off
	Search   time.Duration // after each code of the gain search
	Balance  time.Duration // feeding before the balance calibration
	Pair     time.Duration // feeding before each look at the pair
}

// Cautious is what drivers in the field wait. Brisk keeps to the data sheet and
// makes a box ready in a second; boards choose it once their parts are proven.
var (
	Cautious = Timing{250 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, 40 * time.Millisecond, 500 * time.Millisecond, 100 * time.Millisecond}
	Brisk    = Timing{time.Millisecond, 20 * time.Millisecond, 100 * time.Millisecond, 40 * time.Millisecond, 100 * time.Millisecond, 40 * time.Millisecond}
)

// portsMax is the length of a daisy chain: one bit each of a byte.
const portsMax = 8

func (o *Opts) complete() error {
	if n := len(o.Ports); n == 0 || n > portsMax || n > 1 && !o.Daisy {
		return fmt.Errorf("si3210: %d ports; a select carries one, a daisy chain up to %d", n, portsMax)
	}
	for _, p := range o.Ports {
		if p.Slot < 0 || p.Slot >= hal.SlotCount-1 {
			return fmt.Errorf("si3210: %s: slot %d; there are 0..%d", p.Name, p.Slot, hal.SlotCount-2)
		}
	}
	if o.Timing == (Timing{}) {
		o.Timing = Cautious
	}
	if o.Tell == nil {
		o.Tell = func(hal.Event) {}
	}
	if o.Period == 0 {
		o.Period, o.Delay = 0xFF, 0x19
	}
	return nil
}

// country is what differs on a handset port.
type country struct {
	impedance          byte // TISS, register 10
	flashMin, flashMax time.Duration
}

// tiss: 600 ohm 0, TBR21 270+(750//150 nF) 4, 220+(820//120 nF) 5.
var countries = map[string]country{
	"US": {0, 200 * time.Millisecond, 1100 * time.Millisecond}, // TIA-464: 300 ms to 1 s, and what hands are off
	"CA": {0, 200 * time.Millisecond, 1100 * time.Millisecond},
	"MX": {0, 100 * time.Millisecond, 800 * time.Millisecond},
	"AR": {0, 80 * time.Millisecond, 600 * time.Millisecond},
	"BR": {0, 80 * time.Millisecond, 600 * time.Millisecond},
	"DE": {5, 80 * time.Millisecond, 600 * time.Millisecond},
	"GB": {4, 45 * time.Millisecond, 600 * time.Millisecond},
}

// tbr21 is everybody else.
var tbr21 = country{4, 80 * time.Millisecond, 600 * time.Millisecond}

func countryOf(name string) country {
	name = strings.ToUpper(name)
	if name == "UK" {
		name = "GB"
	}
	if c, ok := countries[name]; ok {
		return c
	}
	return tbr21
}
