package chain

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"centralita/hal"

	"periph.io/x/conn/v3/gpio"
)

const (
	// ordersPerPort of a full chain bound the orders on their way to the chips.
	// More means that the chain does not run, and is refused.
	ordersPerPort = 4
	// roundsPerPort of a full chain bound how often chips are asked before a stuck
	// interrupt has to wait for the next turn.
	roundsPerPort = 2
	// edgePatience bounds one wait for the interrupt pin. It must be positive:
	// implementations disagree on what zero and negative mean.
	edgePatience = 100 * time.Millisecond
	// busFailuresMax turns in a row with a failing bus take every port out of
	// service; each busRetry from then on begins anew with a reset of the chain.
	busFailuresMax = 3
	busRetry       = time.Second
)

// errQueue refuses an order.
var errQueue = errors.New("too many orders are waiting; the chain does not run")

// errBusLost is why the whole chain begins anew.
var (
	errBusLost = errors.New("the bus fails")
	errNobody  = errors.New("no chip of the chain works")
)

// Bus is how the driver speaks to its chips. Its first error sticks, so that a
// sequence of accesses reads as in the data sheet; the chain takes it off.
type Bus interface {
	// Err is the error that sticks, nil when there is none.
	Err() error
	// Taken returns the error that sticks and forgets it.
	Taken() error
}

// Options of a chain, filled in by the driver.
type Options struct {
	Driver   string // "si3050"; every error begins with it
	PortsMax int    // in the longest chain of these chips
	Bus      Bus
	Frame    func() // brings the bytes of the bus into step after a reset

	Reset    gpio.PinOut   // active low, shared by the chain
	Int      gpio.PinIn    // active low, shared by the chain
	ResetLow time.Duration // how long RESET is held
	Settle   time.Duration // how long the chips get after it

	Tell func(hal.Event) // must not block
}

// Chain is the chips of one SPI select.
type Chain struct {
	opts   Options
	ports  []*Service
	orders chan func(now time.Time)

	busFailures int
}

// New makes a chain without ports; Add them before Serve.
func New(o Options) *Chain {
	return &Chain{opts: o, orders: make(chan func(time.Time), ordersPerPort*o.PortsMax)}
}

func (c *Chain) String() string {
	return fmt.Sprintf("%s chain %s..", c.opts.Driver, c.ports[0].Name())
}

// Urgency fulfils hal.Urgent: below the sound, which must never wait, above
// everything else, since dial pulses and flashes are timed to a few milliseconds.
func (c *Chain) Urgency() int { return 10 }

// Serve resets and initialises the chips and then serves them until ctx ends; when
// the bus fails it begins again, a second later.
func (c *Chain) Serve(ctx context.Context) error {
	edges := make(chan struct{}, 1) // one is enough: an edge only means look
	var waiter sync.WaitGroup
	stop, cancel := context.WithCancel(ctx)
	waiter.Go(func() { c.waitEdges(stop, edges) })
	defer waiter.Wait()
	defer cancel()

	defer c.rest() // a reset that fails has begun initialisations
	for {
		err := c.run(ctx, edges)
		if !errors.Is(err, errBusLost) && !errors.Is(err, errNobody) {
			return err
		}
		for _, s := range c.ports {
			s.stop()
			if errors.Is(err, errBusLost) {
				s.Fail(err, time.Now())
			}
		}
		if err := pause(ctx, busRetry); err != nil {
			return err
		}
	}
}

// run is one life of the chips, from reset on, until ctx ends or the bus fails.
func (c *Chain) run(ctx context.Context, edges <-chan struct{}) error {
	if err := c.reset(ctx); err != nil {
		return err
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case order := <-c.orders:
			order(time.Now())
		case <-edges:
		case <-timer.C:
		}
		if err := c.turn(time.Now()); err != nil {
			return err
		}
		if c.nobody() {
			return errNobody
		}
		timer.Reset(max(time.Until(c.due()), 0))
	}
}

// nobody tells that every port has failed and none is being brought up: what is
// wrong is common to them, such as bytes out of step, and only RESET helps. While
// one works it would cut that one's call.
func (c *Chain) nobody() bool {
	for _, s := range c.ports {
		if s.ready || s.up != nil {
			return false
		}
	}
	return true
}

// pause waits, but no longer than ctx.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// waitEdges turns falling edges of the interrupt into something a select can
// wait for.
func (c *Chain) waitEdges(ctx context.Context, edges chan<- struct{}) {
	for ctx.Err() == nil {
		if c.opts.Int.WaitForEdge(edgePatience) {
			select {
			case edges <- struct{}{}:
			default:
			}
		}
	}
}

// reset pulls RESET and starts every port's initialisation.
func (c *Chain) reset(ctx context.Context) error {
	if err := c.opts.Int.In(gpio.PullUp, gpio.FallingEdge); err != nil {
		return fmt.Errorf("%s: %w", c.opts.Driver, err)
	}
	for _, step := range []struct {
		level gpio.Level
		wait  time.Duration
	}{{gpio.Low, c.opts.ResetLow}, {gpio.High, c.opts.Settle}} {
		if err := c.opts.Reset.Out(step.level); err != nil {
			return fmt.Errorf("%s: %w", c.opts.Driver, err)
		}
		if err := pause(ctx, step.wait); err != nil {
			return err
		}
	}
	c.opts.Frame()
	c.busFailures = 0
	now := time.Now()
	for _, s := range c.ports {
		s.begin(s.chip.BringUp, now)
	}
	return c.lost(c.opts.Bus.Taken())
}

// lost makes an error of the bus one that begins anew.
func (c *Chain) lost(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errBusLost, err)
}

// turn is everything that is due now.
func (c *Chain) turn(now time.Time) error {
	c.interrupts(now)
	for _, s := range c.ports {
		c.step()
		s.turn(now)
	}
	err := c.opts.Bus.Taken()
	if err == nil {
		c.busFailures = 0
		return nil
	}
	c.busFailures++
	if c.busFailures < busFailuresMax {
		return nil
	}
	return c.lost(err)
}

// step does what is timed on any port, between the audits of others: an audit may
// take a millisecond of the bus, and dial pulses must not wait for several.
func (c *Chain) step() {
	now := time.Now()
	for _, s := range c.ports {
		if s.up == nil && s.ready {
			s.chip.Step(now)
		}
	}
}

// interrupts serves ports until the shared pin is high again; the level counts,
// edges only wake. The bound keeps a stuck pin from starving the rest.
func (c *Chain) interrupts(now time.Time) {
	for range roundsPerPort * c.opts.PortsMax {
		if c.opts.Int.Read() == gpio.High || c.opts.Bus.Err() != nil {
			return
		}
		for _, s := range c.ports {
			s.chip.Interrupt(now)
		}
	}
}

func (c *Chain) due() time.Time {
	due := c.ports[0].due()
	for _, s := range c.ports[1:] {
		if d := s.due(); d.Before(due) {
			due = d
		}
	}
	return due
}

// rest leaves the chips as they may stay while nobody runs.
func (c *Chain) rest() {
	for _, s := range c.ports {
		s.abandon()
	}
	c.opts.Bus.Taken()
}

// order queues f for the chain's goroutine.
func (c *Chain) order(f func(now time.Time)) error {
	select {
	case c.orders <- f:
		return nil
	default:
		return errQueue
	}
}
