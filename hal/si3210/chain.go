package si3210

import (
	"context"

	"centralita/hal/chain"

	"periph.io/x/conn/v3/spi"
)

// Chain is the chips of one SPI select.
type Chain struct {
	opts  Opts
	bus   bus
	ports []*Port
	run   *chain.Chain
}

// New makes a chain; nothing is said to the chips before Serve.
func New(p spi.Port, pins Pins, opts Opts) (*Chain, error) {
	if err := opts.complete(); err != nil {
		return nil, err
	}
	c := &Chain{opts: opts}
	if err := c.bus.connect(p, opts.Daisy); err != nil {
		return nil, err
	}
	c.run = chain.New(chain.Options{
		Driver: "si3210", PortsMax: portsMax, Bus: &c.bus, Frame: c.frame,
		Reset: pins.Reset, Int: pins.Int, ResetLow: opts.Timing.ResetLow, Settle: opts.Timing.Settle,
		Tell: opts.Tell,
	})
	for n, o := range opts.Ports {
		c.ports = append(c.ports, newPort(c, n, o))
	}
	return c, nil
}

// Ports are in the order of the chain.
func (c *Chain) Ports() []*Port { return c.ports }

func (c *Chain) String() string { return c.run.String() }

// Urgency fulfils hal.Urgent.
func (c *Chain) Urgency() int { return c.run.Urgency() }

// Serve resets and initialises the chips and then serves them until ctx ends,
// and begins again, a second later, when the bus fails.
func (c *Chain) Serve(ctx context.Context) error { return c.run.Serve(ctx) }

// frame chains chips that were just reset.
func (c *Chain) frame() {
	if c.opts.Daisy {
		c.bus.enterDaisy()
	}
}
