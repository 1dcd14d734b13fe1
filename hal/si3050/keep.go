package si3050

// kept are the registers that hold what they were given: a spike may change one
// without resetting the chip, and nobody would notice before a call fails. The
// others change by themselves, or are looked at by every audit.
var kept = [...]byte{
	regControl2, regIntMask, regIntl1, regIntl2, regIntl3, regRingVal1, regRingVal2, regRingVal3,
	regDCTerm, regACTerm, regDAA5, regTXS + 1, regRXS, regRXS + 1,
	regGain, regGain + 1, regGain + 2, regGain + 3,
	regHybrid, regHybrid + 1, regHybrid + 2, regHybrid + 3, regHybrid + 4, regHybrid + 5, regHybrid + 6, regHybrid + 7,
	regSpark,
}

// shadow is what the registers were given.
type shadow struct {
	value [64]byte
	next  int // of kept, to be looked at
}

// keepSettings looks at a few registers of an audit and writes again what is not
// as it was left: where the chip talks, every time, for there it could disturb
// another port; the rest in turn, all within two seconds of busy audits.
func (p *Port) keepSettings() {
	p.keep(regTXS)
	p.keep(regTXS + 1)
	for range 3 {
		p.keep(kept[p.shadow.next])
		p.shadow.next = (p.shadow.next + 1) % len(kept)
	}
}

func (p *Port) keep(reg byte) {
	want := p.shadow.value[reg]
	if got := p.read(reg); p.chain.bus.err == nil && got != want {
		p.write(reg, want)
	}
}
