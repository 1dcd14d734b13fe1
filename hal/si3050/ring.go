package si3050

import (
	"time"

	"centralita/hal"
)

// ringWatch turns ring interrupts, which the chip gives at the begin and end of
// each validated burst, into bursts. The raw comparator bits of register 5 keep
// the two apart when an interrupt was lost.
type ringWatch struct {
	confirm, timeout time.Duration // what the validator adds at begin and end

	on     bool
	begun  time.Time // of the burst itself
	wave   time.Time // last look that saw the comparators move
	rdt    bool      // RDT at the last look
	polled time.Time // begin seen by a look, its interrupt may still come
	hz     ringHz
}

// ringLost is how long after the timeout of the validator a burst without any
// wave is ended without an interrupt.
const ringLost = 300 * time.Millisecond

// ringOverlap is how late the interrupt of a begin may come that a look saw first.
const ringOverlap = 150 * time.Millisecond

// ringInterrupt is RDTI.
func (p *Port) ringInterrupt(now time.Time) {
	if p.hook.off {
		return
	}
	switch {
	case !p.ring.on:
		p.beginRing(now)
	case now.Sub(p.ring.polled) > ringOverlap:
		p.endRing(now)
	}
}

func (p *Port) beginRing(now time.Time) {
	r := &p.ring
	r.hz.begin(now, r.wave)
	r.on, r.begun, r.wave = true, now.Add(-r.confirm), now
	p.service.Remember(func(s *hal.Status) { s.Ringing = true })
	p.service.Tell(hal.Event{Kind: hal.RingBegin, At: r.begun})
}

// endRing tells the end of a burst, if one is on: at its last wave as far as the
// chip tells, its timeout ago.
func (p *Port) endRing(now time.Time) {
	r := &p.ring
	if !r.on {
		return
	}
	end := now.Add(-r.timeout)
	if p.hook.off || end.Before(r.begun) {
		end = now
	}
	r.on = false
	p.line.reset(now.Add(releaseGuard))
	p.service.Remember(func(s *hal.Status) { s.Ringing = false })
	p.service.Tell(hal.Event{Kind: hal.RingEnd, At: end, Duration: end.Sub(r.begun)})
}

// watchRing looks at the comparators while a burst is on, and finds a begin whose
// interrupt was lost.
func (p *Port) watchRing(hook byte, now time.Time) {
	r := &p.ring
	rang := r.rdt
	r.rdt = hook&daaRing != 0
	if r.rdt && !rang && !r.on && !p.hook.off {
		r.polled = now
		p.beginRing(now)
	}
	if hook&(daaRingN|daaRingP) != 0 {
		r.wave = now
	}
	if r.on && now.Sub(r.wave) > r.timeout+ringLost {
		p.endRing(now)
	}
}
