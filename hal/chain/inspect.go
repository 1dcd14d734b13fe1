package chain

import (
	"context"
	"time"

	"centralita/hal"
)

// Registers are those that may be read at any time, by their names of the data
// sheet.
type Registers []struct {
	Number byte
	Name   string
}

// Registers reads a table of registers, for hal.Diagnosis.
func (s *Service) Registers(ctx context.Context, table Registers, read func(reg byte) byte) ([]hal.Register, error) {
	list := make([]hal.Register, 0, len(table))
	err := s.Inspect(ctx, func() {
		for _, r := range table {
			list = append(list, hal.Register{Number: int(r.Number), Name: r.Name, Value: read(r.Number)})
		}
	})
	if err != nil {
		return nil, err // the list may still be written to
	}
	return list, nil
}

// Inspect runs f in the chain's goroutine, whether the port works or not, and waits
// for its end. f may read and must not write.
func (s *Service) Inspect(ctx context.Context, f func()) error {
	done := make(chan struct{})
	err := s.chain.order(func(time.Time) {
		defer close(done)
		if ctx.Err() == nil { // nobody waits any more
			f()
		}
	})
	if err != nil {
		return s.named(err)
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return s.named(ctx.Err())
	}
}
