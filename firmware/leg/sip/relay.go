package sip

import (
	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"
)

// Relay implements leg.Relayer between legs of packets.
func (l *Leg) Relay(with leg.Leg, r leg.Relay) bool {
	other, ok := with.(rtp.Mate)
	return ok && other.Sound() != nil && l.sound.Relay(other.Sound(), rtp.Relayed(r))
}

// Mix implements leg.Relayer.
func (l *Leg) Mix() { l.sound.Mix() }
