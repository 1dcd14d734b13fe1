package hal

import "context"

// Register is one of a chip's as it stands, for whoever reads the data sheet beside
// it. Its meaning is the driver's business; nothing in the firmware decides by it.
type Register struct {
	Number int
	Name   string // as the data sheet has it
	Value  uint8
}

// Diagnosis is a port whose chip lets itself be looked into. Registers reads them
// between two other things the driver does, also of a port that does not work, and
// changes nothing. It waits for its turn until ctx ends.
type Diagnosis interface {
	Registers(ctx context.Context) ([]Register, error)
}
