package chain

import (
	"context"
	"time"
)

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
