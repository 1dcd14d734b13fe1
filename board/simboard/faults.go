package simboard

import (
	"errors"
	"fmt"

	"centralita/hal/sim/relay"
	"centralita/hal/sim/si3050"
	"centralita/hal/sim/si3210"
)

// Fault is something that goes wrong on a port.
type Fault string

// Faults. The marked ones last until Heal; the others happen once.
const (
	ResetItself      Fault = "reset"             // the chip falls back to its reset state
	LinkLost         Fault = "link lost"         // line: the isolation link breaks once
	LinkBroken       Fault = "link broken"       // line, lasts: the isolation link stays down
	Dead             Fault = "dead"              // lasts: the chip does not answer
	NoHighVoltage    Fault = "no high voltage"   // handset, lasts
	StuckCalibration Fault = "stuck calibration" // handset, lasts
	Leak             Fault = "leak"              // handset, lasts: low resistance on the pair
	ForeignVoltage   Fault = "foreign voltage"   // handset, lasts: battery from elsewhere
	PowerAlarm       Fault = "power alarm"       // handset: too much power in the feed once
)

// foreignVolts is a telephone line of somebody else.
const foreignVolts = 48

var errNoFault = errors.New("no such fault on this port")

// Break makes a fault happen at a port.
func (s *Sim) Break(port string, f Fault) error {
	if n, ok := index(port, "fxo", Lines); ok {
		return s.breakLine(s.fxo[n], port, f)
	}
	if n, ok := index(port, "fxs", Handsets); ok {
		return s.breakHandset(s.fxs[n], port, f)
	}
	return fmt.Errorf("simboard: no port %q", port)
}

func (s *Sim) breakLine(c *si3050.Chip, port string, f Fault) error {
	switch f {
	case ResetItself:
		c.ResetItself()
	case LinkLost:
		c.LoseLink()
	case LinkBroken:
		c.SetFaults(si3050.Faults{NoLink: true})
	case Dead:
		c.SetFaults(si3050.Faults{Dead: true})
	default:
		return fmt.Errorf("simboard: %s: %s: %w", port, f, errNoFault)
	}
	return nil
}

func (s *Sim) breakHandset(c *si3210.Chip, port string, f Fault) error {
	switch f {
	case ResetItself:
		c.ResetItself()
	case Dead:
		c.SetFaults(si3210.Faults{Dead: true})
	case NoHighVoltage:
		c.SetFaults(si3210.Faults{NoHighVoltage: true})
	case StuckCalibration:
		c.SetFaults(si3210.Faults{StuckCalibration: true})
	case Leak:
		c.SetFaults(si3210.Faults{Leak: true})
	case ForeignVoltage:
		c.SetFaults(si3210.Faults{ForeignVolts: foreignVolts})
	case PowerAlarm:
		c.PowerAlarm(1)
	default:
		return fmt.Errorf("simboard: %s: %s: %w", port, f, errNoFault)
	}
	return nil
}

// Heal ends the lasting faults of a port.
func (s *Sim) Heal(port string) {
	if n, ok := index(port, "fxo", Lines); ok {
		s.fxo[n].SetFaults(si3050.Faults{})
	}
	if n, ok := index(port, "fxs", Handsets); ok {
		s.fxs[n].SetFaults(si3210.Faults{})
	}
}

// StopClock takes the PCM clock away from the whole board, or gives it back.
func (s *Sim) StopClock(stop bool) { s.highway.StopClock(stop) }

// Noise disturbs the SPI bus: each byte has one bit flipped with the given
// probability.
func (s *Sim) Noise(perByte float64, seed uint64) {
	for i, p := range s.spi {
		p.Noise(perByte, seed+uint64(i))
	}
}

// BreakBus makes every SPI transfer fail with err until it is called with nil.
func (s *Sim) BreakBus(err error) {
	for _, p := range s.spi {
		p.Break(err)
	}
}

// Faults of the lifeline's relay.
const (
	Welded   Fault = "welded" // lasts: the contacts stay pulled
	DeadCoil Fault = "dead"   // lasts: the contacts stay at rest
	Mended   Fault = ""       // ends both
)

var errNoLifeline = errors.New("simboard: no lifeline is fitted")

// BreakLifeline makes the relay fail, or mends it.
func (s *Sim) BreakLifeline(f Fault) error {
	if s.relay == nil {
		return errNoLifeline
	}
	switch f {
	case Mended:
		s.relay.SetFault(relay.Sound)
	case Welded:
		s.relay.SetFault(relay.Welded)
	case DeadCoil:
		s.relay.SetFault(relay.Dead)
	default:
		return fmt.Errorf("simboard: lifeline: %s: %w", f, errNoFault)
	}
	return nil
}
