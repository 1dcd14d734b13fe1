package switchboard

import (
	"context"
	"errors"

	"centralita/firmware/core"
	"centralita/firmware/id"
)

// ErrStopped is what doors get when the loop no longer runs.
var ErrStopped = errors.New("switchboard: the box is stopping")

// Do has f run in the loop, between two steps, and waits for it.
func (s *Switchboard) Do(ctx context.Context, f func(now core.Time)) error {
	done := make(chan struct{})
	it := item{do: func(now core.Time) { f(now); close(done) }}
	select {
	case s.inbox <- it:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Command gives a person's wish to the feature that takes it. It returns the
// number of the last fact said for it; a *core.Refusal says no.
func (s *Switchboard) Command(ctx context.Context, who id.Person, feature string, c core.Command) (seq uint64, err error) {
	ask := s.Do(ctx, func(now core.Time) {
		orders, said, refused := s.opt.Core.Command(now, who, feature, c)
		if refused != nil {
			err = refused
			return
		}
		s.carry(now, orders, said)
		s.settle()
		seq = s.opt.Journal.Last()
	})
	return seq, errors.Join(ask, err)
}

// Look makes a picture of a feature's state: f runs in the loop and must return
// a value that shares nothing with it.
func (s *Switchboard) Look(ctx context.Context, f func(now core.Time) any) (data any, seq uint64, now core.Time, err error) {
	err = s.Do(ctx, func(t core.Time) { data, seq, now = f(t), s.opt.Journal.Last(), t })
	return data, seq, now, err
}
