// Package si3210 is a Si3210 with its Si3201 linefeed circuit, as seen from its
// pins: SPI bytes, interrupt, PCM slots and a telephone pair that it feeds.
//
// It was written from the register facts of the data sheets (Si3215 Rev. 0.92
// and Si3230 Rev. 0.96, the same core) and from the notes of builders, and shares
// nothing with the driver in hal/si3210: two readings that check each other.
//
// Boards make chips, put them on a bus.Port through a Chain and step them once
// per 10 ms frame. Between steps the registers may be touched from any goroutine.
// Finer times than a frame (the 62.5 us of an indirect access) pass with the
// accesses themselves, each of which takes longer than that on a real bus.
//
// Not modelled: tone oscillators, FSK and pulse metering generators, the digit
// decoder, 8 bit PCM. The registers are there and hold what is written.
package si3210
