package si3050

import (
	"math"
	"time"

	"centralita/hal/sim/wire"
)

// A chip is stepped once per frame, but the host speaks to it in between: what
// changes within milliseconds (the hook in dial pulses, the sign of ringing) is
// placed by the time since the frame began. A board that is stepped faster than
// real time has all of a frame's accesses at its begin.

// edgesMax bounds the changes of the hook in one frame; a host that makes more is
// out of its mind.
const edgesMax = 8

// sample is the place within the frame of what the host does now.
func (c *Chip) sample() int {
	const perSample = time.Second / 8000
	return int(min(max(time.Since(c.stepped)/perSample, 0), wire.FrameSamples-1))
}

// moveHook notes when OH changed.
func (c *Chip) moveHook(v byte) {
	if (v^c.reg[rHook])&bitOH != 0 && len(c.edges) < edgesMax {
		c.edges = append(c.edges, wire.Edge{At: c.sample(), OffHook: v&bitOH != 0})
	}
}

// ringBits are RDTN, RDTP and RDT as they are at this moment.
func (c *Chip) ringBits() (v byte) {
	d := &c.ring
	if d.detected {
		v |= bitRDT
	}
	if !c.linked || !d.positive && !d.negative {
		return v
	}
	angle := 2 * math.Pi * d.hz * float64(d.phase-wire.FrameSamples+uint64(c.sample())) / 8000
	switch s := math.Sin(angle); {
	case s > d.share:
		v |= bitRDTP
	case s < -d.share:
		v |= bitRDTN
	}
	return v
}
