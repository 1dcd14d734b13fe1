package si3210

import "time"

// How strongly a set is fed at rest, in counts of register 72. A set that nobody
// uses gets less after a while, which saves a third of the power of its feed and
// still shows other sets on the pair that the line is free (they look for some 20
// V); one that was left off-hook gets what keeps it seen.
const (
	fullFeed   = 0x20 // 48 V
	idleFeed   = 26   // 39 V
	parkedFeed = 4    // 6 V: 8 to 12 mA through a set
	// saveAfter is how long nothing happens on the port before it saves.
	saveAfter = 30 * time.Second
)

// Loop closure thresholds, indirect registers 28 and 43: 10.2 and 8.9 mA, and for
// a parked set 2.5 and 1.3 mA.
const (
	closureFull, openingFull     = 0x1000, 0x0E00
	closureParked, openingParked = 0x0400, 0x0200
)

// Park fulfils hal.FXS.
func (p *Port) Park(on bool) error {
	return p.order(func(now time.Time) { p.park(on && p.hook.lifted) })
}

// park changes the thresholds before the feed when there will be less, and after
// it when there will be more, so that the set is never taken as put back.
func (p *Port) park(on bool) {
	if p.parked == on {
		return
	}
	p.parked = on
	if on {
		p.writeIndirect(irLCRT, closureParked)
		p.writeIndirect(irLCRTL, openingParked)
		p.keepFeed(time.Time{})
		return
	}
	p.keepFeed(time.Time{})
	p.writeIndirect(irLCRT, closureFull)
	p.writeIndirect(irLCRTL, openingFull)
}

// keepFeed sets the voltage of the feed by what goes on.
func (p *Port) keepFeed(now time.Time) {
	busy := p.hook.lifted || p.ring.on || p.transmit || now.Before(p.broken)
	if busy || p.quietSince.IsZero() {
		p.quietSince = now
	}
	want := byte(fullFeed)
	switch {
	case p.parked:
		want = parkedFeed
	case !busy && now.Sub(p.quietSince) >= saveAfter:
		want = idleFeed
	}
	if want != p.volts {
		p.volts = want
		p.write(regOnHookV, want)
	}
}
