package sip

import (
	"errors"

	"centralita/firmware/leg/rtp"
)

// portsLeft tells once when no port is left for the sound of a call, and once when
// there is one again.
func (e *Endpoint) portsLeft(err error) {
	none := errors.Is(err, rtp.ErrNoPorts)
	if e.noPorts.Swap(none) != none && e.cfg.NoPorts != nil {
		e.cfg.NoPorts(none)
	}
}
