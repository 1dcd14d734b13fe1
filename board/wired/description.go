package wired

import (
	"time"

	"centralita/hal/highway"
	"centralita/hal/sysled"
)

// Description is how a board is wired, in the names that its device tree gives to
// things. GPIO lines are found by gpio-line-names; active low ones end in n.
type Description struct {
	Name string // as --board has it

	Lines    Chain // outside lines: Si3050 with Si3019
	Handsets Chain // handset ports: Si3210, in a daisy chain

	Highway highway.Place // the sound card whose channels are the timeslots
	Ahead   int           // frames kept ahead of the wire; 0 is highway.Ahead
	Far     int           // frames kept ahead at the far end, where that is a program; else 0

	// Lamps are LEDs of the kernel's class, or, when there are Chips, lamps behind
	// TLC59116 chips: "fxo1" .. "fxs4", "power", "status" in the order of their pins.
	Lamps []sysled.Lamp
	Chips LampChips

	Buttons   []Button
	PowerFail string   // GPIO line, low while the supply is going; "" none
	Lifeline  Lifeline // no Drive: none

	Watchdog Watchdog // no Device: none
	Clock    string   // battery clock, "/dev/rtc1"; "" none
	Random   string   // hardware random numbers, "/dev/hwrng"; "" none
	Serial   string   // file with the serial number; "" or no such file: none
}

// Chain is line chips that share a chip select, an interrupt and a reset.
type Chain struct {
	// SPI bus and select: 0 and 1 are /dev/spidev0.1.
	Bus, Select int
	// Apart asks for a system call for every byte, for hosts that do not raise chip
	// select between the bytes of one.
	Apart bool
	// Cautious waits as long as careful drivers in the field do, until a board's parts
	// are proven.
	Cautious   bool
	Ports      []Port // in the order of the chain; none: no such chain
	Reset, Int string // GPIO lines, active low
}

// Port is one socket: "fxo1" on the timeslot of the highway, 0..14.
type Port struct {
	Name string
	Slot int
}

// Button is one button to ground.
type Button struct{ Name, Line string }

// LampChips are TLC59116 on an I2C bus: lamp n is the LEDs 2n (green) and 2n+1 (red).
type LampChips struct {
	Bus       int
	Addresses []uint16
	Names     []string
}

// Lifeline is the relay between an outside line and a handset: the GPIO line whose
// edges hold it, and the one of its guided contact, low while it lies at rest.
type Lifeline struct{ Drive, Rest, Line, Handset string }

// Watchdog is the device that resets the box.
type Watchdog struct {
	Device  string // "/dev/watchdog0"
	Timeout time.Duration
}
