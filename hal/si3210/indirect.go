package si3210

import (
	"errors"
	"fmt"
)

// indirectPolls bounds waiting for an indirect access; the chip serves it within
// 125 us, which is about two accesses.
const indirectPolls = 100

var errIndirect = errors.New("indirect access does not end")

// awaitIndirect polls register 31 until the last access is served.
func (p *Port) awaitIndirect() bool {
	for range indirectPolls {
		if p.read(regIAS)&1 == 0 {
			return true
		}
		if p.chain.bus.err != nil {
			return false
		}
	}
	return false
}

// writeIndirect follows section 4 of the data sheet: data, then address.
func (p *Port) writeIndirect(reg byte, v uint16) bool {
	if !p.awaitIndirect() {
		return false
	}
	p.write(regIDALow, byte(v))
	p.write(regIDAHigh, byte(v>>8))
	p.write(regIAA, reg)
	return true
}

func (p *Port) readIndirect(reg byte) (uint16, bool) {
	if !p.awaitIndirect() {
		return 0, false
	}
	p.write(regIAA, reg)
	if !p.awaitIndirect() {
		return 0, false
	}
	return uint16(p.read(regIDALow)) | uint16(p.read(regIDAHigh))<<8, true
}

// loadIndirect writes every indirect register and reads all back; one retry per
// register, as a disturbed transfer is possible and a wrong coefficient is not.
func (p *Port) loadIndirect() error {
	p.gain.Load()
	for _, d := range indirectDefaults {
		value := d.value
		if v, ok := p.coefficient(d.reg); ok {
			value = v
		}
		if err := p.loadOne(d.reg, value); err != nil {
			return err
		}
	}
	for _, f := range filters {
		if err := p.loadOne(f.reg, 0x8000); err != nil {
			return err
		}
	}
	return nil
}

func (p *Port) loadOne(reg byte, v uint16) error {
	var got uint16
	for range 2 {
		if !p.writeIndirect(reg, v) {
			return fmt.Errorf("indirect reg %d: %w", reg, errIndirect)
		}
		var ok bool
		if got, ok = p.readIndirect(reg); !ok {
			return fmt.Errorf("indirect reg %d: %w", reg, errIndirect)
		}
		if got == v {
			return nil
		}
	}
	return fmt.Errorf("indirect reg %d reads %04x after writing %04x", reg, got, v)
}
