package chain

import (
	"errors"
	"time"

	"centralita/hal"
)

const (
	// A failed initialisation is tried again soon; after triesMax in a row a little
	// later, so that what was mended works within five seconds. Drivers keep each
	// try short enough for what is broken to stay cool.
	retrySoon = 2 * time.Second
	retryLong = 3500 * time.Millisecond
	triesMax  = 3
	// strangeMax audits in a row must disagree before a chip is believed to be
	// reset or gone: one may be a disturbed transfer.
	strangeMax = 3
)

var (
	errWasReset = errors.New("the chip was reset by itself")
	errSilent   = errors.New("the chip does not answer")
)

// begin starts an initialisation or recovery.
func (s *Service) begin(f func(Pause) error, now time.Time) {
	s.stop()
	s.ready, s.retry = false, time.Time{}
	s.up = newTask(f, now)
}

// stop cuts off what is under way.
func (s *Service) stop() {
	if s.up != nil {
		s.up.stop()
		s.up = nil
	}
}

// abandon leaves the port as the chain stops.
func (s *Service) abandon() {
	s.stop()
	if s.ready {
		s.chip.Rest()
	}
	s.ready = false
	s.Remember(func(st *hal.Status) { st.Ready, st.Ringing, st.Fault, st.Reason = false, false, notStarted, "" })
}

// broughtUp tells how the initialisation ended, and plans the next if it failed.
func (s *Service) broughtUp(now time.Time) {
	err := s.up.err
	s.up = nil
	s.chip.BroughtUp(err, now)
	if err == nil {
		s.ready, s.faulty, s.tries, s.strange = true, false, 0, 0
		s.Remember(func(st *hal.Status) { st.Ready, st.Fault, st.Reason = true, "", "" })
		s.Tell(hal.Event{Kind: hal.Recovered, At: now})
		return
	}
	s.Fail(err, now)
	s.tries++
	s.retry = now.Add(retryLong)
	if s.tries < triesMax {
		s.retry = now.Add(retrySoon)
	}
	if s.chip.Recheck != nil {
		if d := s.chip.Recheck(err); d > 0 {
			s.retry = now.Add(d)
		}
	}
}

// Fail takes the port out of service and tells so, once until it has recovered.
func (s *Service) Fail(err error, now time.Time) {
	err = s.named(err)
	s.chip.Fallen(now)
	s.ready, s.strange = false, 0
	s.Remember(func(st *hal.Status) {
		st.Ready, st.Ringing, st.Fault, st.Reason = false, false, err.Error(), hal.ReasonOf(err)
	})
	if !s.faulty {
		s.faulty = true
		s.Tell(hal.Event{Kind: hal.Fault, At: now, Err: err})
	}
}

// Suspend fails the port and lets it cool for d before it is tried again.
func (s *Service) Suspend(err error, d time.Duration, now time.Time) {
	s.Fail(err, now)
	s.retry = now.Add(d)
}

// Recover fails the port and begins at once to bring it back by f.
func (s *Service) Recover(err error, f func(Pause) error, now time.Time) {
	s.Fail(err, now)
	s.begin(f, now)
}

// Strange counts an audit with an unbelievable answer and tells when there were
// too many in a row.
func (s *Service) Strange() bool {
	s.strange++
	return s.strange >= strangeMax
}

// Trust forgets strange audits after one that was as it should be.
func (s *Service) Trust() { s.strange = 0 }

// Doubt is a chip that is not set up as it was, or silent altogether. It tells
// whether that was once too often and the initialisation begins again.
func (s *Service) Doubt(silent bool, now time.Time) bool {
	if !s.Strange() {
		return false
	}
	err := errWasReset
	if silent {
		err = errSilent
	}
	s.Recover(err, s.chip.BringUp, now)
	return true
}
