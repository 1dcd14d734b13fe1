// Package rev1 is the first real board: a BeagleBone-class TI AM335x with four outside
// lines and four handsets on a carrier that makes the clock of the PCM bus.
//
// firmware/app opens it through board/wired for --board rev1. Everything here is names;
// they are those of the board's device tree.
//
// # What the device tree must say
//
//   - gpio-line-names as below; RESETn lines with pull-downs, so that the chips stay in
//     reset until the program lets them out.
//   - SPI0 with two selects on GPIO (cs-gpios): the McSPI's own would rise between bytes
//     for half a clock only. Children with a compatible that spidev binds to, mode 3, at
//     most 1 MHz.
//   - A simple-audio-card named "tdmlines" on McASP0: link 0 plays, link 1 captures, 16
//     slots of 16 bits, dsp_a with the bit clock inverted, the codecs (the carrier) being
//     clock providers.
//   - The RTC with the battery aliased as rtc0; the watchdog is the SoC's own.
//   - No kernel driver on the TLC59116 of I2C2: the program drives them.
package rev1

import (
	"time"

	"centralita/board/wired"
	"centralita/hal/highway"
)

// Board is how it is wired.
func Board() wired.Description {
	return wired.Description{
		Name:      "rev1",
		Lines:     wired.Chain{Bus: 0, Select: 0, Cautious: true, Ports: wired.FourLines(), Reset: "FXO_RESETn", Int: "FXO_INTn"},
		Handsets:  wired.Chain{Bus: 0, Select: 1, Cautious: true, Ports: wired.FourHandsets(), Reset: "FXS_RESETn", Int: "FXS_INTn"},
		Highway:   highway.Place{Card: "tdmlines", Play: 0, Capture: 1},
		Chips:     wired.LampChips{Bus: 2, Addresses: []uint16{0x60, 0x61}, Names: wired.FrontLamps()},
		Buttons:   []wired.Button{{Name: "factory", Line: "FACTORY_BTNn"}},
		PowerFail: "PWRFAILn",
		Watchdog:  wired.Watchdog{Device: "/dev/watchdog0", Timeout: 30 * time.Second},
		Clock:     "/dev/rtc0",
		Random:    "/dev/hwrng",
		Serial:    "/sys/firmware/devicetree/base/serial-number",
	}
}
