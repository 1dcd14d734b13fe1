// Package chain runs the line chips that share one SPI select, one interrupt and
// one reset, whatever chips they are: one goroutine serves them all, orders reach
// it through a small queue, initialisations take turns, and a port that fails is
// told once and tried again.
//
// The drivers hal/si3050 and hal/si3210 are built on it and hand in, as a Chip,
// what is of their chip: initialisation, interrupt, audit, making safe.
// Boards see the drivers only.
//
// It never touches a register nor sends a byte, does not know FXS from FXO, and
// has no part in the models of hal/sim.
package chain
