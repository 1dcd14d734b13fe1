// Package leds drives indicator lamps behind TLC59116 sixteen-channel LED
// drivers on an I2C bus: each lamp is a green and a red LED.
//
// It fulfils hal.Indicator for boards. Blinking is made by the chips' group
// function, so lamps of one chip blink together and nothing runs here.
//
// Source: TI TLC59116 data sheet, register table. Traps: the oscillator is off
// after reset and needs 500 us; the blink period counts in 1/24 s.
package leds

import (
	"fmt"
	"sync"
	"time"

	"centralita/hal"

	"periph.io/x/conn/v3/i2c"
)

// Registers.
const (
	regMode1   = 0x00
	regMode2   = 0x01
	regPWM0    = 0x02
	regGrpPWM  = 0x12
	regGrpFreq = 0x13
	regLEDOut0 = 0x14

	autoIncrement = 0x80
	groupBlinks   = 0x20 // MODE2: the group function blinks instead of dimming
	oneSecond     = 23   // GRPFREQ: (n+1)/24 s
	halfDuty      = 128
	oscillator    = 500 * time.Microsecond
)

// Outputs of LEDOUT, two bits per LED.
const (
	ledOff   = 0
	ledOn    = 1
	ledGroup = 3
)

const (
	perChip  = 16
	outputs  = perChip / 4 // LEDOUT registers
	chipsMax = 4
)

// Lamps are named indicators. LED 2n is the green and 2n+1 the red one of lamp n,
// counted through the chips in order of their addresses.
type Lamps struct {
	bus   i2c.Bus
	chips []uint16
	names []string

	mu    sync.Mutex
	state map[string]hal.Lamp
	out   [chipsMax][outputs]byte
}

var _ hal.Indicator = (*Lamps)(nil)

// New makes lamps, all off, and sets the chips up.
func New(bus i2c.Bus, addresses []uint16, names []string) (*Lamps, error) {
	if len(addresses) > chipsMax || len(names)*2 > len(addresses)*perChip {
		return nil, fmt.Errorf("leds: %d lamps on %d chips; a chip carries %d, %d chips are possible",
			len(names), len(addresses), perChip/2, chipsMax)
	}
	l := &Lamps{bus: bus, chips: addresses, names: names, state: map[string]hal.Lamp{}}
	for _, n := range names {
		if _, twice := l.state[n]; twice {
			return nil, fmt.Errorf("leds: lamp %q is named twice", n)
		}
		l.state[n] = hal.LampOff
	}
	for _, a := range addresses {
		if err := l.setUp(a); err != nil {
			return nil, fmt.Errorf("leds: chip %02x: %w", a, err)
		}
	}
	return l, nil
}

func (l *Lamps) setUp(address uint16) error {
	if err := l.bus.Tx(address, []byte{regMode1, 0}, nil); err != nil {
		return err
	}
	time.Sleep(oscillator)
	full := []byte{regPWM0 | autoIncrement}
	for range perChip {
		full = append(full, 0xFF)
	}
	for _, w := range [][]byte{
		{regMode2, groupBlinks}, full,
		{regGrpPWM, halfDuty}, {regGrpFreq, oneSecond},
		{regLEDOut0 | autoIncrement, 0, 0, 0, 0},
	} {
		if err := l.bus.Tx(address, w, nil); err != nil {
			return err
		}
	}
	return nil
}

// Names fulfils hal.Indicator.
func (l *Lamps) Names() []string { return append([]string(nil), l.names...) }

// Get fulfils hal.Indicator; unknown lamps are off.
func (l *Lamps) Get(name string) hal.Lamp {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state[name]
}

// Set fulfils hal.Indicator. A lamp that shows the state already costs nothing.
func (l *Lamps) Set(name string, lamp hal.Lamp) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	old, known := l.state[name]
	if !known {
		return fmt.Errorf("leds: no lamp %q", name)
	}
	if old == lamp {
		return nil
	}
	green, red, err := colours(lamp)
	if err != nil {
		return fmt.Errorf("leds: %s: %w", name, err)
	}
	n := l.index(name)
	chip, reg, shift := 2*n/perChip, 2*n%perChip/4, 2*n%4*2
	out := l.out[chip][reg]&^(0x0F<<shift) | (green|red<<2)<<shift
	if err := l.bus.Tx(l.chips[chip], []byte{regLEDOut0 + byte(reg), out}, nil); err != nil {
		return fmt.Errorf("leds: %s: %w", name, err)
	}
	l.out[chip][reg], l.state[name] = out, lamp
	return nil
}

func (l *Lamps) index(name string) int {
	for i, n := range l.names {
		if n == name {
			return i
		}
	}
	return 0
}

func colours(lamp hal.Lamp) (green, red byte, err error) {
	switch lamp {
	case hal.LampOff:
		return ledOff, ledOff, nil
	case hal.LampGreen:
		return ledOn, ledOff, nil
	case hal.LampGreenBlink:
		return ledGroup, ledOff, nil
	case hal.LampRed:
		return ledOff, ledOn, nil
	case hal.LampRedBlink:
		return ledOff, ledGroup, nil
	case hal.LampAmber:
		return ledOn, ledOn, nil
	}
	return 0, 0, fmt.Errorf("unknown lamp state %d", lamp)
}
