// Package core is the deciding loop: events and commands in, events and orders
// out. It is pure: no clock, goroutine, lock or I/O.
//
// Reactors remember in Apply and decide in React; what is said is so at once for
// everybody. firmware/switchboard steps it in life, firmware/cmd/officesim and
// the stories in virtual time, and a restart is Apply over the journal.
package core

import (
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// Time is read once per step.
type Time struct {
	At   int64 // ms of the loop's clock: never goes back, not even over a restart; waiting is measured with it
	Wall int64 // Unix ms of the wall clock, may step; office hours are read from it
}

// Reactor is one part that remembers and decides.
type Reactor interface {
	Apply(now Time, e event.Event)           // remember; may not speak
	React(now Time, e event.Event, out *Out) // decide; changes nothing but by speaking
}

// Command is what a person asks: a pointer to a struct of its feature.
type Command any

// Decider takes the commands of its feature: nil after having spoken, or a
// *Refusal.
type Decider interface {
	Decide(now Time, who id.Person, c Command, out *Out) error
}

// Refusal is a no to a person: Code for machines (a key of the word catalogue
// under "refused."), Args in order for the sentence.
type Refusal struct {
	Code string
	Args []string
}

// Refuse makes a Refusal.
func Refuse(code string, args ...string) *Refusal { return &Refusal{code, args} }

func (r *Refusal) Error() string { return "refused: " + r.Code }
