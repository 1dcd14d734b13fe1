package fork

import (
	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"
)

var (
	_ leg.Relayer = (*Leg)(nil)
	_ rtp.Mate    = (*Leg)(nil)
)

// whose is the part that answered, nil while none did.
func (l *Leg) whose() leg.Leg {
	if w := l.winner.Load(); w != nil {
		return *w
	}
	return nil
}

// Relay implements leg.Relayer where the one who answered is one.
func (l *Leg) Relay(with leg.Leg, r leg.Relay) bool {
	p, ok := l.whose().(leg.Relayer)
	return ok && p.Relay(with, r)
}

// Mix implements leg.Relayer.
func (l *Leg) Mix() {
	if p, ok := l.whose().(leg.Relayer); ok {
		p.Mix()
	}
}

// Speech implements rtp.Mate.
func (l *Leg) Speech() *rtp.Speech {
	if p, ok := l.whose().(rtp.Mate); ok {
		return p.Speech()
	}
	return nil
}

// Matched implements rtp.Mate. Who is told of it called, and these legs are called.
func (l *Leg) Matched(s rtp.Speech) {
	if p, ok := l.whose().(rtp.Mate); ok {
		p.Matched(s)
	}
}

// Sound implements rtp.Mate.
func (l *Leg) Sound() *rtp.Session {
	if p, ok := l.whose().(rtp.Mate); ok {
		return p.Sound()
	}
	return nil
}
