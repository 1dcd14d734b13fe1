// Package boottest starts the box's image in QEMU's ARM machine and looks at it as
// its owner would: does it come up, what listens, who may enter, does an update hold,
// what is left when the power goes. `make boot-test` runs it; without BOOT_TEST in the
// environment its tests are left out, for they take minutes. `make update-cuts` and
// `make power-cuts` take the power away more often: CUTS times, at places that
// CUTS_SEED draws and every run prints. What was written to the machine's disk before
// a cut stays, what its kernel had in memory is lost.
package boottest
