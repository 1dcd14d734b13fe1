package analog

import (
	"fmt"
	"math"
	"time"

	items "centralita/firmware/line"
)

// renMax is what a port rings for certain (the data sheet of the Si3210: 5 REN).
const renMax = 5

// heavyAbove leaves room for what measuring is off.
const heavyAbove = renMax + 0.5

// loopAfter is when a lifted set's loop is looked at: it has settled by then.
const loopAfter = time.Second

// readLoop takes what a lifted set draws as readings of the call.
func (h *handset) readLoop() {
	s := h.fxs.Status()
	if h.state != lifted || !s.OffHook || s.MilliAmp == 0 {
		return
	}
	volts := math.Abs(s.Volts)
	h.port.read(items.LoopCurrent, s.MilliAmp, "")
	h.port.read(items.LoopVoltage, volts, "")
	h.port.read(items.LoopOhms, volts/s.MilliAmp*1000, "")
}

// readRingLoad takes what the driver made of a burst: a reading of the telephone,
// and a warning when too many bells hang on the port.
func (p *port) readRingLoad() {
	ren := p.hand.fxs.Status().REN
	if ren == 0 {
		return
	}
	p.read(items.RingLoad, ren, "")
	heavy := ren > heavyAbove
	if heavy != p.hand.heavy {
		p.hand.heavy = heavy
		if heavy {
			p.health("overload", fmt.Sprintf("%.1f", ren))
		} else {
			p.health("ready", "")
		}
	}
}
