// Package simboard is the box without hardware: four outside lines and four
// handsets made of chip models, under the same drivers as on a real board.
//
// firmware/app and tests take its Board; board/simboard/town lives on the far
// ends of its wires through Sim. Everything goes through the drivers' pins and
// buses, so the firmware cannot tell it from a real box.
//
// # Levels
//
// Full scale is +3.14 dBm0 everywhere: on a wire.Pair, in a timeslot, in the
// media engine. Every stage passes 0 dB, so what the exchange or a person puts
// on a pair at X dBm0 is X dBm0 in the slot, and back. The hybrids at both kinds
// of port return 18 dB less of what is played, half a millisecond later, unless
// Options say otherwise.
//
// # Time
//
// Paced, the board steps every 10 ms of the clock of package time, so that it
// runs in real time, or in none under testing/synctest. Unpaced, Step moves it,
// and whoever steps must let 10 ms of that clock pass for the drivers.
package simboard
