// Package stm32mp1 is the second real board: an ST STM32MP157 with four outside lines
// and four handsets on the same carrier as board/rev1.
//
// firmware/app opens it through board/wired for --board stm32mp1. Everything here is
// names; they are those of the board's device tree.
//
// # What the device tree must say
//
//   - gpio-line-names as below, in place of the banks' own ("PA0").
//   - Two chip selects (cs-gpios) on one SPI, aliased as spi0, with children as on rev1.
//   - A simple-audio-card named "tdmlines" on SAI2: sub-block A plays as device 0, B
//     captures as device 1 and takes its clock from A.
//   - LEDs of the kernel's class, labelled "fxo1:green", "fxo1:red" .. "status:red".
//   - The SoC's own RTC with a battery at VBAT as rtc0, and its independent watchdog.
package stm32mp1

import (
	"time"

	"centralita/board/wired"
	"centralita/hal/highway"
)

// Board is how it is wired. The independent watchdog has 32 s at most.
func Board() wired.Description {
	return wired.Description{
		Name:      "stm32mp1",
		Lines:     wired.Chain{Bus: 0, Select: 0, Cautious: true, Ports: wired.FourLines(), Reset: "FXO_RESETn", Int: "FXO_INTn"},
		Handsets:  wired.Chain{Bus: 0, Select: 1, Cautious: true, Ports: wired.FourHandsets(), Reset: "FXS_RESETn", Int: "FXS_INTn"},
		Highway:   highway.Place{Card: "tdmlines", Play: 0, Capture: 1},
		Lamps:     wired.FrontLEDs(),
		Buttons:   []wired.Button{{Name: "factory", Line: "FACTORY_BTNn"}},
		PowerFail: "PWRFAILn",
		Watchdog:  wired.Watchdog{Device: "/dev/watchdog0", Timeout: 30 * time.Second},
		Clock:     "/dev/rtc0",
		Random:    "/dev/hwrng",
		Serial:    "/sys/firmware/devicetree/base/serial-number",
	}
}
