package simboard

import (
	"errors"

	"centralita/hal/sim/relay"
)

var errNoLifeline = errors.New("simboard: no lifeline is fitted")

// breakRelay brings the lifeline's relay up to date with what is wrong there.
func (s *Hardware) breakRelay() {
	switch {
	case s.wrong.is(LifelineRelay, Welded):
		s.relay.SetFault(relay.Welded)
	case s.wrong.is(LifelineRelay, Dead):
		s.relay.SetFault(relay.Dead)
	default:
		s.relay.SetFault(relay.Sound)
	}
}
