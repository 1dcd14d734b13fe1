package simboard

import (
	"fmt"
	"time"

	"centralita/hal"
	"centralita/hal/sim/bus"
	simleds "centralita/hal/sim/leds"
	"centralita/hal/sim/wire"
)

// Line is the pair behind an outside line ("fxo1"); its other end is the
// exchange. Nil when there is no such line. Pairs belong to the stepping
// goroutine: touch them in OnStep or Do only.
func (s *Hardware) Line(name string) *wire.Pair {
	if n, ok := index(name, "fxo", Lines); ok {
		return s.lines[n]
	}
	return nil
}

// Handset is the pair behind a handset port ("fxs1"); its other end is the
// telephone. See Line.
func (s *Hardware) Handset(name string) *wire.Pair {
	if n, ok := index(name, "fxs", Handsets); ok {
		return s.jacks[n]
	}
	return nil
}

// index reads "fxo3" as 2.
func index(name, kind string, count int) (int, bool) {
	if len(name) != len(kind)+1 || name[:len(kind)] != kind {
		return 0, false
	}
	n := int(name[len(kind)]) - '1'
	return n, n >= 0 && n < count
}

// OnStep registers f to be called once per 10 ms, before the chips step, in the
// stepping goroutine. Register before the workers run.
func (s *Hardware) OnStep(f func(frame uint64)) { s.highway.OnStep(f) }

// Do runs f between two steps and waits for it. Not to be called from OnStep.
func (s *Hardware) Do(f func()) { s.highway.Do(f) }

// Step moves an unpaced board by 10 ms.
func (s *Hardware) Step() { s.highway.Step() }

// Press holds the button down for a time; of "supply" it is the wire by which the power
// supply says that it is going. It returns when the wire is let go.
func (s *Hardware) Press(button string, held time.Duration) error {
	wires := map[string]*bus.Pin{"factory": s.button, "supply": s.supply}
	wire := wires[button]
	if wire == nil {
		return fmt.Errorf("simboard: no button %q", button)
	}
	wire.PullLow(0, true)
	time.Sleep(held)
	wire.PullLow(0, false)
	return nil
}

// Lamp tells what the LEDs of a lamp really show, which is what its name was set
// to unless something between is broken.
func (s *Hardware) Lamp(name string) hal.Lamp {
	for i, known := range s.lamps {
		if known == name {
			return shown(s.i2c.LED(2*i), s.i2c.LED(2*i+1))
		}
	}
	return hal.LampOff
}

func shown(green, red simleds.LED) hal.Lamp {
	switch {
	case green == simleds.Lit && red == simleds.Lit:
		return hal.LampAmber
	case green == simleds.Lit:
		return hal.LampGreen
	case green == simleds.Blinking:
		return hal.LampGreenBlink
	case red == simleds.Lit:
		return hal.LampRed
	case red == simleds.Blinking:
		return hal.LampRedBlink
	}
	return hal.LampOff
}

// Skipped counts frames that were not stepped because the host stalled for more
// than a tenth of a second.
func (s *Hardware) Skipped() uint64 { return s.highway.Skipped() }
