// Package qemu is a box in QEMU's ARM machine (-M virt), of which every interface is
// the kernel's own: what a real board has as chips is simulated below the kernel by
// firmware/cmd/qemutown, which is the other end of the names here.
//
// firmware/app opens it through board/wired for --board qemu.
//
//   - /dev/spidev9.0 and 9.1 are made with CUSE; the models of the line chips answer.
//   - GPIO lines are of gpio-sim, with the names that a device tree would give them.
//   - The sound card is the kernel's loopback card with sixteen channels: the program
//     has device 0, the chips are at device 1.
//   - LEDs are of uleds, the watchdog is softdog, the clock the machine's PL031.
package qemu

import (
	"time"

	"centralita/board/wired"
	"centralita/hal/highway"
)

// Board is how it is wired.
func Board() wired.Description {
	return wired.Description{
		Name:     "qemu",
		Lines:    wired.Chain{Bus: 9, Select: 0, Cautious: true, Ports: wired.FourLines(), Reset: "FXO_RESETn", Int: "FXO_INTn"},
		Handsets: wired.Chain{Bus: 9, Select: 1, Cautious: true, Ports: wired.FourHandsets(), Reset: "FXS_RESETn", Int: "FXS_INTn"},
		Highway:  highway.Place{Card: "Loopback", Play: 0, Capture: 0},
		// A simulated machine is late more often than a real one, and by more.
		Ahead:     4,
		Far:       3,
		Lamps:     wired.FrontLEDs(),
		Buttons:   []wired.Button{{Name: "factory", Line: "FACTORY_BTNn"}},
		PowerFail: "PWRFAILn",
		Lifeline:  wired.Lifeline{Drive: "LIFELINE", Rest: "LIFELINE_RESTn", Line: "fxo1", Handset: "fxs1"},
		Watchdog:  wired.Watchdog{Device: "/dev/watchdog0", Timeout: 30 * time.Second},
		Clock:     "/dev/rtc0",
		Random:    "/dev/hwrng",
	}
}
