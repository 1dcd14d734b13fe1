package si3210

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"centralita/hal"
)

// Port is one chip and its handset. It fulfils hal.FXS.
type Port struct {
	chain   *Chain
	number  int
	name    string
	slot    int
	country country

	// The rest belongs to the chain's goroutine, but for status.
	up       *task // initialisation under way
	ready    bool
	faulty   bool      // a fault was told and no recovery since
	tries    int       // failed initialisations in a row
	retry    time.Time // next try, zero when there is none
	saved    []byte    // registers 98..107 of the last calibration
	audit    time.Time // next look
	strange  int       // audits in a row with an unbelievable answer
	feed     byte      // what register 64 was told
	chip     string
	alarms   int // power alarms, forgiven one per alarmForgiven
	forgive  time.Time
	hook     hook
	ring     ringing
	broken   time.Time // feed stays open until then
	transmit bool
	reversed bool

	mu     sync.Mutex
	status hal.Status
}

var _ hal.FXS = (*Port)(nil)

func newPort(c *Chain, n int, o PortOpts) *Port {
	p := &Port{chain: c, number: n, name: o.Name, slot: o.Slot, country: countryOf(c.opts.Country)}
	p.hook.flashMin, p.hook.flashMax = p.country.flashMin, p.country.flashMax
	p.status = hal.Status{Chip: "Si3210", Fault: "not started"}
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

func (p *Port) String() string { return "si3210: " + p.name }

// Transmit fulfils hal.FXS.
func (p *Port) Transmit(on bool) error {
	return p.order(func(time.Time) { p.transmit = on })
}

// Reverse fulfils hal.FXS. While the port rings or its loop is open the new
// polarity waits: reversing then would look like ring trip.
func (p *Port) Reverse(on bool) error {
	return p.order(func(time.Time) { p.reversed = on })
}

// Limits of Break: shorter is not seen by sets, longer is not a pulse.
const (
	breakMin = 50 * time.Millisecond
	breakMax = 5 * time.Second
	// breakGuard after a break, while the set's hook is not judged.
	breakGuard = 300 * time.Millisecond
)

// Break fulfils hal.FXS.
func (p *Port) Break(d time.Duration) error {
	if d < breakMin || d > breakMax {
		return fmt.Errorf("si3210: %s: break of %s; possible are %s..%s", p.name, d, breakMin, breakMax)
	}
	return p.order(func(now time.Time) {
		p.stopRing(now)
		p.broken = now.Add(d)
		p.hook.blind(p.broken.Add(breakGuard))
	})
}

// errNotReady refuses orders to a port that does not work; its Fault was told.
var errNotReady = errors.New("port is not ready")

// order queues f and what register 64 has to become after it.
func (p *Port) order(f func(now time.Time)) error {
	if !p.Status().Ready {
		return fmt.Errorf("si3210: %s: %w", p.name, errNotReady)
	}
	err := p.chain.order(func(now time.Time) {
		if p.ready { // it may have failed meanwhile, and told so
			f(now)
			p.applyFeed(now)
		}
	})
	if err != nil {
		return fmt.Errorf("si3210: %s: %w", p.name, err)
	}
	return nil
}

func (p *Port) write(reg, v byte)  { p.chain.bus.write(p.number, reg, v) }
func (p *Port) read(reg byte) byte { return p.chain.bus.read(p.number, reg) }
func (p *Port) tell(e hal.Event)   { e.Port = p.name; p.chain.tell(e) }
func (p *Port) timing() *Timing    { return &p.chain.opts.Timing }
func (p *Port) write16(reg byte, v int) {
	p.write(reg, byte(v))
	p.write(reg+1, byte(v>>8))
}

// wantedFeed is the linefeed state that all wishes together ask for.
func (p *Port) wantedFeed(now time.Time) byte {
	state := byte(lfActive)
	switch {
	case now.Before(p.broken):
		return lfOpen
	case p.ring.wants(lfRinging):
		return lfRinging
	case !p.hook.lifted && (p.transmit || p.ring.on):
		state = lfTransmit
	}
	if p.reversed {
		state += lfReverse
	}
	return state
}

// applyFeed writes register 64 when what it asks for has changed.
func (p *Port) applyFeed(now time.Time) {
	if want := p.wantedFeed(now); want != p.feed {
		p.feed = want
		p.write(regLinefeed, want)
	}
}
