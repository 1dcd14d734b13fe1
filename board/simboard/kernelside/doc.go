// Package kernelside gives the hardware of a simulated board to the kernel of a machine
// that has none, so that the unmodified program finds everything where a real box has
// it: line chips behind spidev nodes (character devices in userspace, CUSE), reset and
// interrupt wires and buttons as GPIO lines (gpio-sim), the PCM bus as the other half of
// a loopback sound card (snd-aloop), lamps as LEDs (uleds).
//
// firmware/cmd/qemutown runs it beside the program on QEMU's ARM machine, with a town on
// the wires. What is named how comes from the board's wired.Description: this package is
// the other end of the same names. It needs root, and the kernel modules cuse,
// gpio-sim, snd-aloop and uleds.
//
// The sound card is the clock: each 10 ms that it brings are one step of the chips and
// of what hangs on them. Wires that the program drives are looked at before each step
// and before each transfer on a bus, since no kernel tells of them.
//
// # Sources
//
// include/uapi/linux/fuse.h (protocol 7, CUSE), include/uapi/linux/spi/spidev.h,
// Documentation/admin-guide/gpio/gpio-sim.rst, Documentation/leds/uleds.rst.
package kernelside
