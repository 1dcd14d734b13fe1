package wired

import (
	"fmt"
	"os"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/spi"
	"periph.io/x/host/v3/sysfs"

	"centralita/hal"
	"centralita/hal/gpioline"
	"centralita/hal/highway"
	"centralita/hal/rtc"
	"centralita/hal/sysled"
	"centralita/hal/watchdog"
)

// Machine is what a wiring asks of the kernel. Every error is a sentence that names
// what was looked for.
type Machine interface {
	// Pins are lines by name; what is found is there even when others are missing.
	Pins(names []string) (map[string]gpio.PinIO, error)
	SPI(bus, sel int) (spi.Port, error)
	I2C(bus int) (i2c.Bus, error)
	Highway(highway.Options) (hal.Highway, error)
	LEDs([]sysled.Lamp) (Lamps, error)
	Watchdog(Watchdog) (hal.Watchdog, error)
	Clock(device string) (hal.Clock, error)
	// File is the first bytes of a file or device.
	File(name string, bytes int) ([]byte, error)
}

// Lamps are lamps that have a worker of their own.
type Lamps interface {
	hal.Indicator
	hal.Worker
}

// Linux is the machine that the program runs on.
type Linux struct{}

// Pins fulfils Machine.
func (Linux) Pins(names []string) (map[string]gpio.PinIO, error) {
	lines, err := gpioline.Find(names...)
	pins := make(map[string]gpio.PinIO, len(lines))
	for name, l := range lines {
		pins[name] = l
	}
	return pins, err
}

// SPI fulfils Machine. Only periph's driver for this one bus is used: its start would
// open every GPIO chip of the machine.
func (Linux) SPI(bus, sel int) (spi.Port, error) {
	name := fmt.Sprintf("/dev/spidev%d.%d", bus, sel)
	if _, err := os.Stat(name); err != nil {
		return nil, fmt.Errorf("spi: the kernel has no %s", name)
	}
	p, err := sysfs.NewSPI(bus, sel)
	if err != nil {
		return nil, fmt.Errorf("spi: %s: %w", name, err)
	}
	return p, nil
}

// I2C fulfils Machine.
func (Linux) I2C(bus int) (i2c.Bus, error) {
	name := fmt.Sprintf("/dev/i2c-%d", bus)
	if _, err := os.Stat(name); err != nil {
		return nil, fmt.Errorf("i2c: the kernel has no %s", name)
	}
	b, err := sysfs.NewI2C(bus)
	if err != nil {
		return nil, fmt.Errorf("i2c: %s: %w", name, err)
	}
	return b, nil
}

// Highway fulfils Machine.
func (Linux) Highway(o highway.Options) (hal.Highway, error) {
	h, err := highway.Open(o)
	if err != nil {
		return nil, err
	}
	return h, nil
}

// LEDs fulfils Machine.
func (Linux) LEDs(lamps []sysled.Lamp) (Lamps, error) {
	l, err := sysled.New(sysled.Class, lamps)
	if err != nil {
		return nil, err
	}
	return l, nil
}

// Watchdog fulfils Machine.
func (Linux) Watchdog(w Watchdog) (hal.Watchdog, error) {
	d, err := watchdog.New(w.Device, w.Timeout)
	if err != nil {
		return nil, err
	}
	return d, nil
}

// Clock fulfils Machine.
func (Linux) Clock(device string) (hal.Clock, error) {
	c, err := rtc.New(device)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// File fulfils Machine.
func (Linux) File(name string, bytes int) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := make([]byte, bytes)
	n, err := f.Read(b)
	return b[:n], err
}
