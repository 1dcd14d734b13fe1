package leg

import "centralita/firmware/media"

// Relayer is a leg that can pass the packets of its far end straight to another
// leg's, and take those back: nothing is decoded or mixed, which costs a fraction
// and adds next to no delay. The switchboard asks for it where two legs hear exactly
// each other; everything that a far end notices goes on as if it were mixed.
type Relayer interface {
	// Relay begins it, or, said again, changes what is recorded of it. It reports
	// whether it goes on: legs that cannot now may be able to after a report of
	// either of them.
	Relay(with Leg, r Relay) bool
	// Mix ends it: the engine's Read and Write count again.
	Mix()
}

// Relay says what goes with it.
type Relay struct {
	Tap    *media.Tap // of a recording, nil is none
	Side   media.Side // of the leg asked in it; the other one is on the other
	Joined bool       // they heard each other until now by the engine: what is under way must not be lost
	Ended  func()     // told by any goroutine when the far ends agreed on something else, which ended it; may be nil
}
