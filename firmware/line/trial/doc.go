// Package trial is the guided test of an outside line: what is done in which order,
// what is waited for and how long, and what is made of the measurements.
//
// A trial needs one line and somebody who answers: another line of the box, which
// teaches both, or an outside number. With another line of the box:
//
//	A dials B ─► B rings (ring, caller ID) ─► B answers ─► quiet (noise, hum)
//	─► tones A to B, B to A (loss) ─► match A, match B (impedance) ─► A hangs up
//	─► B sees the signs ─► B dials A ─► A answers ─► B hangs up ─► A sees the signs
//
// leg/analog carries out the acts and feeds what happens back. The package hears
// nothing, opens no line and asks no clock.
package trial
