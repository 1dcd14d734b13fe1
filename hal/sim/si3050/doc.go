// Package si3050 is a Si3050 with its Si3019 line side, as seen from its pins:
// SPI bytes, interrupt, PCM slots and the telephone pair that it loads.
//
// It was written from the register facts (Si3050 Rev. 1.5 pages, Si3056 for the
// shared line side, notes of builders) and shares nothing with the driver in
// hal/si3050: two readings that check each other.
//
// Boards make chips, put them on a bus.Port through a Chain and step them once
// per 10 ms frame. Between steps the registers may be touched from any goroutine.
//
// The echo follows termination and hybrid coefficients where the pair says what
// loop it is, else it is as set from outside.
//
// Not modelled: call-progress output, ground start, 8 bit PCM.
package si3050
