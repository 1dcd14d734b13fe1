package simboard

import (
	"errors"
	"fmt"

	"centralita/hal/sim/relay"
)

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
