package si3210

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"centralita/hal"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/spi"
)

const (
	// ordersMax bounds orders on their way to the chips: four per port of a full
	// chain. More means that the chain does not run, and is refused.
	ordersMax = 4 * portsMax
	// auditEvery is how often every chip is looked at without being asked to; it
	// also cures a lost interrupt.
	auditEvery = 100 * time.Millisecond
	// busyEvery is the audit of ports in a call or ringing.
	busyEvery = 20 * time.Millisecond
	// edgePatience bounds one wait for the interrupt pin. It must be positive:
	// implementations disagree on what zero and negative mean.
	edgePatience = 100 * time.Millisecond
	// busFailuresMax turns in a row with a failing bus end Serve, whose supervisor
	// starts it again with a reset of the whole chain.
	busFailuresMax = 3
)

// errQueue refuses an order.
var errQueue = errors.New("too many orders are waiting; the chain does not run")

// Chain is the chips of one SPI select.
type Chain struct {
	opts   Opts
	pins   Pins
	bus    bus
	ports  []*Port
	orders chan func(now time.Time)

	busFailures int
}

// New makes a chain; nothing is said to the chips before Serve.
func New(p spi.Port, pins Pins, opts Opts) (*Chain, error) {
	if err := opts.complete(); err != nil {
		return nil, err
	}
	c := &Chain{opts: opts, pins: pins, orders: make(chan func(time.Time), ordersMax)}
	if err := c.bus.connect(p, opts.Daisy); err != nil {
		return nil, err
	}
	for n, o := range opts.Ports {
		c.ports = append(c.ports, newPort(c, n, o))
	}
	return c, nil
}

// Ports are in the order of the chain.
func (c *Chain) Ports() []*Port { return c.ports }

func (c *Chain) String() string {
	return fmt.Sprintf("si3210 chain %s..", c.opts.Ports[0].Name)
}

// Serve resets and initialises the chips and then serves them until ctx ends or
// the bus fails; called again it begins with a reset.
func (c *Chain) Serve(ctx context.Context) error {
	edges := make(chan struct{}, 1) // one is enough: an edge only means look
	var waiter sync.WaitGroup
	stop, cancel := context.WithCancel(ctx)
	waiter.Go(func() { c.waitEdges(stop, edges) })
	defer waiter.Wait()
	defer cancel()

	if err := c.reset(ctx); err != nil {
		return err
	}
	defer c.rest()
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
		timer.Reset(max(time.Until(c.due()), 0))
	}
}

// waitEdges turns falling edges of the interrupt into something a select can
// wait for.
func (c *Chain) waitEdges(ctx context.Context, edges chan<- struct{}) {
	for ctx.Err() == nil {
		if c.pins.Int.WaitForEdge(edgePatience) {
			select {
			case edges <- struct{}{}:
			default:
			}
		}
	}
}

// reset pulls RESET and starts every port's initialisation.
func (c *Chain) reset(ctx context.Context) error {
	if err := c.pins.Int.In(gpio.PullUp, gpio.FallingEdge); err != nil {
		return fmt.Errorf("si3210: %w", err)
	}
	for _, step := range []struct {
		level gpio.Level
		wait  time.Duration
	}{{gpio.Low, c.opts.Timing.ResetLow}, {gpio.High, c.opts.Timing.Settle}} {
		if err := c.pins.Reset.Out(step.level); err != nil {
			return fmt.Errorf("si3210: %w", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(step.wait):
		}
	}
	if c.opts.Daisy {
		c.bus.enterDaisy()
	}
	c.busFailures = 0
	now := time.Now()
	for _, p := range c.ports {
		p.begin(now)
	}
	return c.bus.taken()
}

// turn is everything that is due now.
func (c *Chain) turn(now time.Time) error {
	c.interrupts(now)
	for _, p := range c.ports {
		p.turn(now)
	}
	if err := c.bus.taken(); err != nil {
		c.busFailures++
		if c.busFailures < busFailuresMax {
			return nil
		}
		for _, p := range c.ports {
			if p.ready {
				p.fail(err, now)
			}
		}
		return fmt.Errorf("si3210: bus of %s: %w", c.ports[0].name, err)
	}
	c.busFailures = 0
	return nil
}

// interrupts serves ports until the shared pin is high again; the level counts,
// edges only wake. The bound keeps a stuck pin from starving the rest.
func (c *Chain) interrupts(now time.Time) {
	for range 2 * portsMax {
		if c.pins.Int.Read() == gpio.High || c.bus.err != nil {
			return
		}
		for _, p := range c.ports {
			p.interrupt(now)
		}
	}
}

func (c *Chain) due() time.Time {
	due := c.ports[0].due()
	for _, p := range c.ports[1:] {
		if d := p.due(); d.Before(due) {
			due = d
		}
	}
	return due
}

// rest leaves the handsets quiet: no ringing, feed on, so that a box whose
// program restarts does not cut them off from battery.
func (c *Chain) rest() {
	for _, p := range c.ports {
		p.abandon()
	}
	c.bus.taken()
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

// tell hands an event to the board.
func (c *Chain) tell(e hal.Event) { c.opts.Tell(e) }
