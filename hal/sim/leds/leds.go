// Package leds is an I2C bus with TLC59116 LED drivers on it, whose LEDs can be
// looked at. It was written from the data sheet's register table and shares
// nothing with the driver in hal/leds.
package leds

import (
	"fmt"
	"sync"

	"periph.io/x/conn/v3/physic"
)

// LED is what one LED does.
type LED uint8

// What an LED does.
const (
	Dark LED = iota
	Lit
	Blinking
)

// chip is the register file: MODE1, MODE2, PWM0..15, GRPPWM, GRPFREQ, LEDOUT0..3
// and what follows.
type chip struct{ reg [32]byte }

// Bus is an I2C bus in memory; it fulfils periph's i2c.Bus.
type Bus struct {
	mu     sync.Mutex
	order  []uint16
	chips  map[uint16]*chip
	broken error
}

// NewBus makes a bus with a chip at each address.
func NewBus(addresses ...uint16) *Bus {
	b := &Bus{order: addresses, chips: map[uint16]*chip{}}
	for _, a := range addresses {
		c := &chip{}
		c.reg[0] = 0x11 // oscillator off, all-call on
		for led := range 16 {
			c.reg[2+led] = 0
		}
		c.reg[0x12] = 0xFF
		b.chips[a] = c
	}
	return b
}

func (b *Bus) String() string { return "i2c (simulated)" }

// SetSpeed fulfils i2c.Bus.
func (b *Bus) SetSpeed(physic.Frequency) error { return nil }

// Break makes every transfer fail with err until it is called with nil.
func (b *Bus) Break(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.broken = err
}

// Tx fulfils i2c.Bus: a register byte, then data; bits 7..5 of the register byte
// ask for auto-increment.
func (b *Bus) Tx(address uint16, w, r []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken != nil {
		return b.broken
	}
	c, ok := b.chips[address]
	if !ok {
		return fmt.Errorf("i2c: nobody answers at %02x", address)
	}
	if len(w) == 0 {
		return nil
	}
	reg, step := w[0]&0x1F, w[0]>>7
	for _, v := range w[1:] {
		c.reg[reg] = v
		reg = (reg + step) & 0x1F
	}
	for i := range r {
		r[i] = c.reg[reg]
		reg = (reg + step) & 0x1F
	}
	return nil
}

// LED tells what LED n does, counted through the chips in order.
func (b *Bus) LED(n int) LED {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n < 0 || n/16 >= len(b.order) {
		return Dark
	}
	c := b.chips[b.order[n/16]]
	n %= 16
	if c.reg[0]&0x10 != 0 { // oscillator off
		return Dark
	}
	mode := c.reg[0x14+n/4] >> (n % 4 * 2) & 3
	switch {
	case mode == 1:
		return Lit
	case mode == 2 && c.reg[2+n] > 0:
		return Lit
	case mode == 3 && c.reg[2+n] > 0 && c.reg[0x12] > 0:
		if c.reg[1]&0x20 != 0 {
			return Blinking
		}
		return Lit
	}
	return Dark
}

// BlinkHz is the rhythm of the group function of the chip that LED n is on.
func (b *Bus) BlinkHz(n int) float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n < 0 || n/16 >= len(b.order) {
		return 0
	}
	return 24 / (float64(b.chips[b.order[n/16]].reg[0x13]) + 1)
}
