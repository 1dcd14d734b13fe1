package analog

import (
	"fmt"

	items "centralita/firmware/line"
)

// renMax is what a port rings for certain (the data sheet of the Si3210: 5 REN).
const renMax = 5

// heavyAbove leaves room for what measuring is off.
const heavyAbove = renMax + 0.5

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
