package si3050

import (
	"time"

	"centralita/hal"
	"centralita/hal/chain"
)

// Port is one chip and its outside line. It fulfils hal.FXO.
type Port struct {
	chain   *Chain
	number  int
	slot    int
	country country

	service *chain.Service
	gain    chain.Gain
	match   match

	// The rest belongs to the chain's goroutine.
	chip   string
	shadow chain.Shadow
	hook   hookControl
	line   supervision
	ring   ringWatch
}

// talks and kept are for chain.Shadow.
var (
	talks = [...]byte{regTXS, regTXS + 1}
	kept  = [...]byte{
		regControl2, regIntMask, regIntl1, regIntl2, regIntl3, regRingVal1, regRingVal2, regRingVal3,
		regDCTerm, regACTerm, regDAA5, regRXS, regRXS + 1,
		regGain, regGain + 1, regGain + 2, regGain + 3,
		regHybrid, regHybrid + 1, regHybrid + 2, regHybrid + 3, regHybrid + 4, regHybrid + 5, regHybrid + 6, regHybrid + 7,
		regSpark,
	}
)

var _ hal.FXO = (*Port)(nil)

func newPort(c *Chain, n int, o PortOpts) *Port {
	p := &Port{chain: c, number: n, slot: o.Slot, country: countryOf(c.opts.Country)}
	p.match.wanted = hal.Balance{Impedance: p.country.ac}
	p.ring.confirm = ringCount[p.country.rcc]
	p.ring.timeout = time.Duration(p.country.rto) * 128 * time.Millisecond
	p.shadow = chain.Shadow{Talks: talks[:], Kept: kept[:], Bus: &c.bus, Read: p.read, Write: p.write}
	p.service = c.run.Add(chain.Chip{
		Name: o.Name, Part: "Si3050", BringUp: p.bringUp, BroughtUp: p.broughtUp,
		Interrupt: p.interrupt, Step: p.stepHook, Audit: p.check, Due: p.due,
		Fallen: p.fallen, Rest: p.rest, Recheck: recheck,
	})
	return p
}

// Name fulfils hal.Port.
func (p *Port) Name() string { return p.service.Name() }

// Slot fulfils hal.Port.
func (p *Port) Slot() int { return p.slot }

// Status fulfils hal.Port.
func (p *Port) Status() hal.Status { return p.service.Status() }

func (p *Port) String() string { return "si3050: " + p.Name() }

func (p *Port) write(reg, v byte) {
	p.shadow.Wrote(reg, v)
	p.chain.bus.write(p.number, reg, v)
}
func (p *Port) read(reg byte) byte { return p.chain.bus.read(p.number, reg) }
