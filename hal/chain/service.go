package chain

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"centralita/hal"
)

const (
	// auditEvery is how often every chip is looked at without being asked to; it
	// also cures a lost interrupt.
	auditEvery = 100 * time.Millisecond
	// busyEvery is the audit of ports on which something goes on.
	busyEvery = 20 * time.Millisecond
)

// notStarted is the fault of a port nobody serves.
const notStarted = "not started"

// errNotReady refuses orders to a port that does not work; its Fault was told.
var errNotReady = errors.New("port is not ready")

// Chip is what a driver does with one chip. Only Serve calls it.
type Chip struct {
	Name string // of the port, "fxo1"
	Part string // "Si3050", until more is known

	// BringUp initialises the chip, from nothing to a working port.
	BringUp func(Pause) error
	// BroughtUp follows each initialisation, good or bad, before it is told.
	BroughtUp func(err error, now time.Time)
	// Recheck says how long after a failure to try again, 0 the customary time. Nil
	// when that fits every failure.
	Recheck func(err error) time.Duration

	// Interrupt reads and clears what the chip has to say, ready or not: the pin is
	// shared.
	Interrupt func(now time.Time)
	// Step does what is due on a working port.
	Step func(now time.Time)
	// Audit looks at a working port, and Schedules the next audit.
	Audit func(now time.Time)
	// Due is when Step or Audit are wanted next, given when the audit is.
	Due func(audit time.Time) time.Time

	// Fallen ends what was going on, as the port leaves service.
	Fallen func(now time.Time)
	// Rest leaves a working chip as it may stay while nobody runs.
	Rest func()
}

// Service is whether a port works: its way into service, out of it and back, and
// what is told and shown of that. Name, Status and Order may be called by
// anybody, the rest by what Serve calls.
type Service struct {
	chain *Chain
	chip  Chip

	up      *task // initialisation or recovery under way
	ready   bool
	faulty  bool      // a fault was told and no recovery since
	tries   int       // failed initialisations in a row
	retry   time.Time // next try, zero when there is none
	audit   time.Time // next look
	strange int       // audits in a row with an unbelievable answer

	mu     sync.Mutex
	status hal.Status
}

// Add puts a chip at the end of the chain.
func (c *Chain) Add(chip Chip) *Service {
	s := &Service{chain: c, chip: chip, status: hal.Status{Chip: chip.Part, Fault: notStarted}}
	c.ports = append(c.ports, s)
	return s
}

// Name of the port.
func (s *Service) Name() string { return s.chip.Name }

// Status is a snapshot.
func (s *Service) Status() hal.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// Remember changes what Status shows.
func (s *Service) Remember(change func(*hal.Status)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.status)
}

// Tell hands an event of this port to the board.
func (s *Service) Tell(e hal.Event) {
	e.Port = s.chip.Name
	s.chain.opts.Tell(e)
}

// Order queues f for Serve; a port that does not work takes none.
func (s *Service) Order(f func(now time.Time)) error {
	if !s.Status().Ready {
		return s.named(errNotReady)
	}
	err := s.chain.order(func(now time.Time) {
		if s.ready { // it may have failed meanwhile, and told so
			f(now)
		}
	})
	if err != nil {
		return s.named(err)
	}
	return nil
}

// named says whose error it is.
func (s *Service) named(err error) error {
	return fmt.Errorf("%s: %s: %w", s.chain.opts.Driver, s.chip.Name, err)
}

// Ready tells that the port works.
func (s *Service) Ready() bool { return s.ready }

// Schedule sets the next audit: close while anything goes on.
func (s *Service) Schedule(now time.Time, busy bool) {
	every := auditEvery
	if busy {
		every = busyEvery
	}
	s.audit = now.Add(every)
}

// turn is everything due on a port.
func (s *Service) turn(now time.Time) {
	switch {
	case s.up != nil:
		if s.up.turn(now) {
			s.broughtUp(now)
		}
	case s.ready: // its steps were done
		if !now.Before(s.audit) {
			s.chip.Audit(now)
		}
	case !s.retry.IsZero() && !now.Before(s.retry):
		s.begin(s.chip.BringUp, now)
	}
}

// due is when turn wants to be called next.
func (s *Service) due() time.Time {
	switch {
	case s.up != nil:
		return s.up.wake
	case s.ready:
		return s.chip.Due(s.audit)
	case s.retry.IsZero():
		return time.Now().Add(time.Hour)
	}
	return s.retry
}
