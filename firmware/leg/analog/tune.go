package analog

import (
	"fmt"

	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/hal"
)

// Tune sets a line as a guided test has chosen; the zero Tuning is the country's
// own. Unknown ports and codes that this chip lacks are passed over: another board
// may have been tested.
func (b *Bank) Tune(name id.Port, t leg.Tuning) {
	p := b.ports[name]
	if p == nil || p.line == nil {
		return
	}
	b.put(func() {
		ways := p.line.fxo.Balances()
		chosen := ways[0]
		if t != (leg.Tuning{}) {
			chosen = hal.Balance{Impedance: t.Impedance, Hybrid: coefficientsOf(t.Hybrid)}
			for _, w := range ways {
				if w.Impedance == t.Impedance {
					chosen.Name = w.Name
				}
			}
			if chosen.Name == "" {
				chosen = ways[0]
			}
		}
		p.line.match(chosen)
		p.tuned = int(t.Capture)
		p.level()
	})
}

func coefficientsOf(text string) (h [8]byte) {
	n, err := fmt.Sscan(text, &h[0], &h[1], &h[2], &h[3], &h[4], &h[5], &h[6], &h[7])
	if err != nil || n != len(h) {
		return [8]byte{}
	}
	return h
}

var _ leg.Examiner = (*Bank)(nil)
