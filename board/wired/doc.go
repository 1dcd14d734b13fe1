// Package wired puts a board together from a description of its wiring: which bus,
// which pins, which sound card, which lamps. It is the one place where the drivers of
// hal meet the kernel's own devices.
//
// A board (board/rev1, board/stm32mp1) is a Description and nothing else; firmware/app
// opens it. What a machine lacks is told in one sentence for each thing, with the name
// that was looked for, so that a box without its hardware says what it misses and not
// only the first of it.
//
// The kernel is behind an interface (Machine), by which the same wiring is tried on
// chip models. The package decides nothing and keeps nothing running but what the
// board's workers are.
package wired
