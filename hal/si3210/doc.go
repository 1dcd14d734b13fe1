// Package si3210 drives the Silicon Labs Si3210 with a Si3201 linefeed circuit:
// battery feed, ringing, hook and on-hook transmission for one handset per chip.
//
// A Chain owns one SPI select, its interrupt and its reset; its Serve is the only
// goroutine that speaks to the chips. The ports it holds fulfil hal.FXS: their
// methods leave an order in a small queue and return, and what comes of it is
// told as a hal.Event. What this has in common with other chips is in hal/chain.
// Boards build chains; nothing else does.
//
// Sound passes at 0 dB both ways: digital gains 0x4000 (indirect registers 26 and
// 27), analog gains 0 dB (register 9), full scale +3.14 dBm0 on the line.
//
// # Sources
//
// Si3215 data sheet Rev. 0.92 and Si3230 data sheet Rev. 0.96 (the same core;
// together they print every register of the Si3210), application notes AN35
// (initialisation) and AN47 (Si3201). Sections are named where they are used.
//
// # Traps
//
//   - A chip that shows register 8 = 0x02 by itself has been reset by a glitch of
//     its supply. It is initialised again, with the calibration it had.
//   - Register 68 bit 2 (DBIRAW) is inverted; it is not used.
//   - Register 67 bit 3 (ABAT) stays 0 for good: the automatic battery switch may
//     burn its transistor.
//   - While LF (register 64) asks for ringing the chip moves between ringing and
//     on-hook transmission, and to active on ring trip, by itself. LFS is the
//     truth; what LF then reads is not documented and is not relied upon.
//   - LFS = 0 while LF asks for feed means a power alarm opened the line (AOPN).
//   - No high voltage can also mean no PCM clock: the regulator samples with FSYNC.
//   - Indirect registers are undefined after reset: all are written and read back.
//     A write to 28 or 29 must be followed by a write to 30, or the next read
//     becomes a write.
//   - Oscillator 2 shares its hardware with ringing and stays off.
//   - With the ringing battery of 94.5 V a sine ends at about 61 Vrms.
//   - There is no watchdog inside: a program that dies while ringing leaves it
//     ringing. Serve stops ringing when it ends; boards must hold RESET low when
//     nobody runs.
package si3210
