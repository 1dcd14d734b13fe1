package bus

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
)

// Pin is one wire between the host and models: the host drives it (reset), or
// any number of models pull it low against a pull-up (interrupt, button).
type Pin struct {
	name string

	mu     sync.Mutex
	pulled uint32 // one bit per model that pulls low
	out    bool   // the host drives
	host   gpio.Level
	want   gpio.Edge
	level  gpio.Level
	watch  func(high bool)
	edge   chan struct{} // capacity 1: as in the kernel an edge is remembered once
}

// NewPin makes a wire, pulled high, driven by nobody.
func NewPin(name string) *Pin {
	return &Pin{name: name, level: gpio.High, edge: make(chan struct{}, 1)}
}

// Watch calls f at each level the host drives. f runs in the host's goroutine.
func (p *Pin) Watch(f func(high bool)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watch = f
}

// PullLow makes model n (0..31) pull the wire low or let it go: open drain, so
// the wire is low while any model pulls.
func (p *Pin) PullLow(n int, low bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if low {
		p.pulled |= 1 << n
	} else {
		p.pulled &^= 1 << n
	}
	p.settle()
}

// settle works out the level and remembers the edge; p.mu is held.
func (p *Pin) settle() {
	level := gpio.Level(p.pulled == 0)
	if p.out {
		level = p.host
	}
	if level == p.level {
		return
	}
	p.level = level
	fell := level == gpio.Low
	if p.want == gpio.BothEdges || fell && p.want == gpio.FallingEdge || !fell && p.want == gpio.RisingEdge {
		select {
		case p.edge <- struct{}{}:
		default: // one is remembered already
		}
	}
}

func (p *Pin) String() string { return p.name }

// Name fulfils pin.Pin.
func (p *Pin) Name() string { return p.name }

// Number fulfils pin.Pin; a wire in memory has none.
func (p *Pin) Number() int { return -1 }

// Function fulfils pin.Pin.
func (p *Pin) Function() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out {
		return "Out"
	}
	return "In"
}

// Halt fulfils conn.Resource: the host lets go of the wire.
func (p *Pin) Halt() error { return p.In(gpio.PullNoChange, gpio.NoEdge) }

// In fulfils gpio.PinIn.
func (p *Pin) In(_ gpio.Pull, edge gpio.Edge) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out, p.want = false, edge
	select {
	case <-p.edge: // edges from before are forgotten
	default:
	}
	p.settle()
	return nil
}

// Read fulfils gpio.PinIn.
func (p *Pin) Read() gpio.Level {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.level
}

// WaitForEdge fulfils gpio.PinIn. Implementations disagree on what no patience
// and negative patience mean, so here they get nothing at all: a driver that
// relies on either fails its tests.
func (p *Pin) WaitForEdge(patience time.Duration) bool {
	if patience <= 0 {
		return false
	}
	select {
	case <-p.edge:
		return true
	default:
	}
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-p.edge:
		return true
	case <-t.C:
		return false
	}
}

// Pull fulfils gpio.PinIn.
func (p *Pin) Pull() gpio.Pull { return gpio.PullUp }

// DefaultPull fulfils gpio.PinIn.
func (p *Pin) DefaultPull() gpio.Pull { return gpio.PullUp }

// Out fulfils gpio.PinOut.
func (p *Pin) Out(l gpio.Level) error {
	p.mu.Lock()
	p.out, p.host = true, l
	p.settle()
	watch := p.watch
	p.mu.Unlock()
	if watch != nil {
		watch(bool(l))
	}
	return nil
}

var errPWM = errors.New("pulse width modulation is not wired")

// PWM fulfils gpio.PinOut.
func (p *Pin) PWM(gpio.Duty, physic.Frequency) error {
	return fmt.Errorf("bus: %s: %w", p.name, errPWM)
}
