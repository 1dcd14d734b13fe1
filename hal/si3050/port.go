package si3050

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"centralita/hal"
)

// Port is one chip and its outside line. It fulfils hal.FXO.
type Port struct {
	chain   *Chain
	number  int
	name    string
	slot    int
	country country

	// The rest belongs to the chain's goroutine, but for status.
	up      *task // initialisation or recovery of the link under way
	ready   bool
	faulty  bool      // a fault was told and no recovery since
	tries   int       // failed initialisations in a row
	retry   time.Time // next try, zero when there is none
	audit   time.Time // next look
	strange int       // audits in a row with an unbelievable answer
	chip    string
	hook    hookControl
	line    supervision
	ring    ringWatch

	mu     sync.Mutex
	status hal.Status
}

var _ hal.FXO = (*Port)(nil)

func newPort(c *Chain, n int, o PortOpts) *Port {
	p := &Port{chain: c, number: n, name: o.Name, slot: o.Slot, country: countryOf(c.opts.Country)}
	p.ring.confirm = ringCount[p.country.rcc]
	p.ring.timeout = time.Duration(p.country.rto) * 128 * time.Millisecond
	p.status = hal.Status{Chip: "Si3050", Fault: "not started"}
	return p
}

// Name fulfils hal.Port.
func (p *Port) Name() string { return p.name }

// Slot fulfils hal.Port.
func (p *Port) Slot() int { return p.slot }

// Status fulfils hal.Port.
func (p *Port) Status() hal.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status
}

func (p *Port) String() string { return "si3050: " + p.name }

// errNotReady refuses orders to a port that does not work; its Fault was told.
var errNotReady = errors.New("port is not ready")

// order queues f for the chain's goroutine.
func (p *Port) order(f func(now time.Time)) error {
	if !p.Status().Ready {
		return fmt.Errorf("si3050: %s: %w", p.name, errNotReady)
	}
	err := p.chain.order(func(now time.Time) {
		if p.ready { // it may have failed meanwhile, and told so
			f(now)
		}
	})
	if err != nil {
		return fmt.Errorf("si3050: %s: %w", p.name, err)
	}
	return nil
}

func (p *Port) write(reg, v byte)  { p.chain.bus.write(p.number, reg, v) }
func (p *Port) read(reg byte) byte { return p.chain.bus.read(p.number, reg) }
func (p *Port) tell(e hal.Event)   { e.Port = p.name; p.chain.tell(e) }

func (p *Port) remember(change func(*hal.Status)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.status)
}
