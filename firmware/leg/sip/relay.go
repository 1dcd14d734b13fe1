package sip

import (
	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"
)

// Relay implements leg.Relayer between two legs of this package.
func (l *Leg) Relay(with leg.Leg, r leg.Relay) bool {
	other, ok := with.(*Leg)
	return ok && l.sound.Relay(other.sound, rtp.Relayed(r))
}

// Mix implements leg.Relayer.
func (l *Leg) Mix() { l.sound.Mix() }
