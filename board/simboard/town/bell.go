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
}

// watch takes the ringing voltage and tells when a ring begins.
func (b *bell) watch(vrms float64) (began bool) {
	on := vrms >= bellVrms
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
