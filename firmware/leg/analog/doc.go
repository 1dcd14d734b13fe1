// Package analog makes legs of the box's own sockets: handsets (FXS) and outside
// lines (FXO). It is the only part of the firmware that knows hal.
//
// A Bank owns all sockets. Its Serve goroutine is the only one that decides: it
// takes hook and ring events of the drivers, the wishes of the switchboard and
// what the sound thread noticed from one bounded inbox. Its Clock is the box's
// frame clock and runs in the sound thread: there the echo of what a socket plays
// is cancelled before anybody hears the line. The Bank never decides where a call
// goes, and never waits for a chip.
//
// An outside line:
//
//	idle ──ring──► ringing ──Answer──► answering ──settled──► talking
//	  │               ├─ rings stop: Ended cancelled             │
//	  │               └─ another telephone takes it: Ended answered-elsewhere
//	  └─Ring──► seizing ─settled─► waiting ─dial tone─► dialling ─► proceeding ─answer─┤
//	     │         │                  │ └◄─ second dial tone ─┘                        │
//	     │         └─ a call comes in: Ended glare; it rings ─► ringing                │
//	     │                            └─ a voice: Ended glare; its caller ─► caught ─Answer─┤
//	     └─ another telephone is off-hook: Ended in-use, or standing until it is back       ▼
//	                   hang-up signs, Hangup ──────────────────────────► clearing ─► idle
//
// A handset:
//
//	down ──Ring──► ringing ──lifted──► talking ──put back──► down
//	  └──lifted: Offered────────────────┘  └─Hangup─► parked ─60 s─► howling ─60 s─► abandoned
//	                                                  busy tone      howler          silence, little current
//	                                       put back from any of them ─► down
//
// Before, between or instead of the first rings its telephone is told who calls
// (announce.go, by style.go); in a talk it is told who else does (waiting.go); at
// rest whether messages wait (message.go).
package analog
