package hal

import "errors"

// Reason is what is wrong with a port, in a word that people can be told.
type Reason string

// The reasons; "" is what has no word of its own.
const (
	ForeignVoltage Reason = "foreign-voltage" // somebody else feeds the pair
	ShortPair      Reason = "short"           // its wires touch
	LeakyPair      Reason = "leak"            // little resistance between them, or to ground
	GroundedPair   Reason = "ground"          // a wire touches ground
	TooMuchPower   Reason = "power"           // the pair draws more than the port may give
	NoHighVoltage  Reason = "no-high-voltage" // the port's own supply gives none
)

// Trouble is an error with its reason.
type Trouble struct {
	Reason Reason
	Text   string
}

// Error fulfils error.
func (t *Trouble) Error() string { return t.Text }

// ReasonOf finds the reason within an error, "" if there is none.
func ReasonOf(err error) Reason {
	var t *Trouble
	if errors.As(err, &t) {
		return t.Reason
	}
	return ""
}
