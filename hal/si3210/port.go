package si3210

import (
	"fmt"
	"time"

	"centralita/hal"
	"centralita/hal/chain"
)

// Port is one chip and its handset. It fulfils hal.FXS.
type Port struct {
	chain   *Chain
	number  int
	slot    int
	country country

	service *chain.Service
	gain    chain.Gain
	wishes  wishes

	// The rest belongs to the chain's goroutine.
	saved      []byte // registers 98..107 of the last calibration
	feed       byte   // what register 64 was told
	chip       string
	shadow     chain.Shadow
	overload   overload
	load       load
	trouble    trouble
	suspect    bool      // the pair had a fault and is tested whole again
	parked     bool      // fed with little, see feed.go
	volts      byte      // what register 72 was told
	quietSince time.Time // nothing has happened on the port since then
	hook       hook
	ring       ringing
	broken     time.Time // feed stays open until then
	transmit   bool
	reversed   bool
}

// talks and kept are for chain.Shadow.
var (
	talks = [...]byte{regTXS, regTXS + 1}
	kept  = [...]byte{
		regRXS, regRXS + 1, regGain, regImpedance, regHybrid, regPowerDown1,
		regIntEnable1, regIntEnable2, regIntEnable3, regPauseDeb, regBattery, regAuto,
		regLoopDeb, regTripDeb, regLoopLimit, regOnHookV, regCommonMode, regVBATH, regVBATL, regEnhance,
	}
)

var _ hal.FXS = (*Port)(nil)

func newPort(c *Chain, n int, o PortOpts) *Port {
	p := &Port{chain: c, number: n, slot: o.Slot}
	p.wishes.wanted = hal.HandsetSettings{Country: c.opts.Country, Pulse: true}
	p.takeWishes()
	p.shadow = chain.Shadow{Talks: talks[:], Kept: kept[:], Bus: &c.bus, Read: p.read, Write: p.write}
	p.service = c.run.Add(chain.Chip{
		Name: o.Name, Part: "Si3210", BringUp: p.bringUp, BroughtUp: p.broughtUp,
		Recheck:   p.recheck,
		Interrupt: p.interrupt, Step: p.step, Audit: p.audit, Due: p.due,
		Fallen: p.fallen, Rest: p.rest,
	})
	return p
}

// Name fulfils hal.Port.
func (p *Port) Name() string { return p.service.Name() }

// Slot fulfils hal.Port.
func (p *Port) Slot() int { return p.slot }

// Status fulfils hal.Port.
func (p *Port) Status() hal.Status { return p.service.Status() }

func (p *Port) String() string { return "si3210: " + p.Name() }

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
		return fmt.Errorf("si3210: %s: break of %s; possible are %s..%s", p.Name(), d, breakMin, breakMax)
	}
	return p.order(func(now time.Time) {
		p.stopRing(now)
		p.broken = now.Add(d)
		p.hook.blind(p.broken.Add(breakGuard))
	})
}

// order queues f and what register 64 has to become after it.
func (p *Port) order(f func(now time.Time)) error {
	return p.service.Order(func(now time.Time) {
		f(now)
		p.applyFeed(now)
	})
}

func (p *Port) write(reg, v byte) {
	p.shadow.Wrote(reg, v)
	p.chain.bus.write(p.number, reg, v)
}
func (p *Port) read(reg byte) byte { return p.chain.bus.read(p.number, reg) }
func (p *Port) timing() *Timing    { return &p.chain.opts.Timing }
func (p *Port) write16(reg byte, v int) {
	p.write(reg, byte(v))
	p.write(reg+1, byte(v>>8))
}

// wantedFeed is the linefeed state that all wishes together ask for.
func (p *Port) wantedFeed(now time.Time) byte {
	state := byte(lfActive)
	switch {
	case now.Before(p.broken), now.Before(p.overload.until):
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
	p.keepFeed(now)
}
