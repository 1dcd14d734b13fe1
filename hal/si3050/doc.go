// Package si3050 drives the Silicon Labs Si3050 with a Si3019 line side: ring
// detection, hook, loop current, line voltage and polarity of one outside line
// per chip.
//
// A Chain owns one SPI select, its interrupt and its reset; its Serve is the only
// goroutine that speaks to the chips. The ports it holds fulfil hal.FXO: their
// methods leave an order in a small queue and return, and what comes of it is
// told as a hal.Event. What this has in common with other chips is in hal/chain.
// Boards build chains; nothing else does.
//
// Sound passes at the gains of SetGain (registers 38..41, zero is 0 dB), full scale
// +3.14 dBm0 on the line. On-hook the line is listened to as well (ONHM), for caller ID;
// that path has a dc offset of up to 10 % of full scale.
//
// # Sources
//
// Si3050 data sheet Rev. 1.5 (pages 12, 13, 28, 33..37), Si3056 data sheet for
// the line side both share, register layouts known from drivers in the field.
//
// # Traps
//
//   - The watchdog (WDTEN), once set, is cleared by a hardware reset only.
//   - Interrupt bits of register 4 are cleared by writing zeros.
//   - RT2:RT = 01 is not defined, although old tables use it for FCC countries.
//   - Ringing makes the line voltage jump in sign and value: voltage, polarity
//     and current are not judged while it rings.
//   - Polarity interrupts come in bursts with every ring and hook change; a sign
//     counts when it stays.
//   - For some 400 ms after going off-hook current reads zero and the sound path
//     is closed; nothing is judged for 650 ms.
//   - The battery may drop for up to 250 ms when the exchange switches; on-hook
//     that is nothing, off-hook it may be the disconnect pulse.
//   - A lost isolation link (FDT = 0) takes the line side's registers with it.
//   - Register 5 that does not read what was written means a disturbed transfer
//     or a chip that was reset.
//   - With a Si3018 line side register 29 reads nothing; it is refused here.
//   - Dial pulses and wetting are timed to the millisecond: each stretch counts from
//     when the one before really ended, audits of the port rest meanwhile, and those of
//     other ports give way (hal/chain). How late the worst edge was is told.
//   - Another telephone on the line is seen by voltage on-hook, by our share of the
//     current off-hook; the exchange's own changes of feed (reversal, break) begin
//     that measure anew.
//   - Before a seizure the comparators and the voltage are looked at for 70 ms: a call
//     that comes in wins.
//   - Old text asks for ONHM = 0 before OH = 1; followed, it costs nothing.
package si3050
