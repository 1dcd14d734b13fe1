package town

// Ring detection of a telephone.
const (
	bellVrms  = 15  // what makes a bell ring
	ringPause = 100 // frames of quiet between two rings of a cadence; shorter is one double ring
	ringOver  = 650 // frames of quiet after which nobody is calling any more
)

// bell counts rings.
type bell struct {
	on      bool
	quiet   int
	rings   int
	calling bool

	spans [beatsMax]int // ms of on, off, on ... of this call, the newest last
	count int
	span  int // frames of the running one
}

// beatsMax is how much of a cadence is remembered: two cycles of the longest.
const beatsMax = 16

// watch takes the ringing voltage and tells when a ring begins.
func (b *bell) watch(vrms float64) (began bool) {
	on := vrms >= bellVrms
	b.time(on)
	if on && !b.on && (!b.calling || b.quiet >= ringPause) {
		b.rings++
		began = true
	}
	if on {
		b.calling, b.quiet = true, 0
	} else if b.quiet++; b.quiet > ringOver {
		*b = bell{quiet: ringOver}
	}
	b.on = on
	return began
}

// time measures the cadence; the pause before the first ring is not of it.
func (b *bell) time(on bool) {
	if on != b.on {
		if b.on || b.count > 0 {
			if b.count == beatsMax {
				copy(b.spans[:], b.spans[2:]) // a burst and its pause
				b.count -= 2
			}
			b.spans[b.count] = b.span * 10
			b.count++
		}
		b.span = 0
	}
	b.span++
}
