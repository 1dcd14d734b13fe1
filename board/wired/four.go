package wired

import (
	"fmt"

	"centralita/hal/sysled"
)

// The front of a box with four lines and four handsets, which every board so far has.

// FourLines are fxo1..4 in the timeslots 0..3.
func FourLines() []Port { return four("fxo", 0) }

// FourHandsets are fxs1..4 in the timeslots 4..7.
func FourHandsets() []Port { return four("fxs", 4) }

func four(kind string, slot int) (ports []Port) {
	for n := range 4 {
		ports = append(ports, Port{fmt.Sprintf("%s%d", kind, n+1), slot + n})
	}
	return ports
}

// FrontLamps are the names of its lamps.
func FrontLamps() (names []string) {
	for _, p := range append(FourLines(), FourHandsets()...) {
		names = append(names, p.Name)
	}
	return append(names, "power", "status")
}

// FrontLEDs are its lamps on LEDs that are labelled "fxo1:green", "fxo1:red" and so on.
func FrontLEDs() (lamps []sysled.Lamp) {
	for _, name := range FrontLamps() {
		lamps = append(lamps, sysled.Lamp{Name: name, Green: name + ":green", Red: name + ":red"})
	}
	return lamps
}
