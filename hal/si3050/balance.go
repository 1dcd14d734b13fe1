package si3050

import (
	"fmt"
	"sync"
	"time"

	"centralita/hal"
)

// match is how the port matches its line.
type match struct {
	mu     sync.Mutex
	wanted hal.Balance // the country's before anybody asked
	loaded hal.Balance // what the chip was given; of the chain's goroutine
}

// impedances are the codes of ACIM, register 30.
var impedances = [16]string{
	"600 Ω", "900 Ω", "270 Ω + 750 Ω // 150 nF", "220 Ω + 820 Ω // 120 nF",
	"370 Ω + 620 Ω // 310 nF", "320 Ω + 1050 Ω // 230 nF", "370 Ω + 820 Ω // 110 nF", "275 Ω + 780 Ω // 115 nF",
	"120 Ω + 820 Ω // 110 nF", "350 Ω + 1000 Ω // 210 nF", "200 Ω + 680 Ω // 100 nF", "600 Ω + 2.16 µF",
	"900 Ω + 1 µF", "900 Ω + 2.16 µF", "600 Ω + 1 µF", "complex",
}

// balance is an ACIM code with hybrid coefficients, signed bytes as printed.
type balance struct {
	acim   byte
	hybrid [8]byte
}

// sets are terminations with coefficients for common cable between the box and an
// exchange of a nominal impedance, published with the chip, by the ACIM code of the
// nominal impedance.
var sets = map[byte][]balance{
	0: {
		{10, [8]byte{0, 6, 1, 254, 2, 255, 0, 0}}, {3, [8]byte{255, 255, 0, 1, 0, 0, 0, 0}}, {3, [8]byte{1, 253, 253, 2, 255, 0, 0, 0}},
		{9, [8]byte{254, 251, 255, 2, 0, 1, 0, 0}}, {5, [8]byte{3, 251, 250, 2, 254, 0, 0, 255}}, {0, [8]byte{0, 254, 0, 1, 255, 1, 0, 0}},
	},
	1: {
		{10, [8]byte{252, 255, 1, 255, 0, 0, 0, 0}}, {7, [8]byte{255, 251, 251, 2, 255, 255, 1, 255}}, {3, [8]byte{1, 251, 250, 1, 254, 255, 0, 255}},
		{5, [8]byte{252, 250, 0, 0, 255, 1, 0, 0}}, {5, [8]byte{3, 251, 250, 1, 253, 0, 0, 255}},
	},
	2: {
		{7, [8]byte{0, 0, 255, 254, 0, 0, 0, 0}}, {9, [8]byte{0, 253, 254, 2, 255, 0, 0, 0}}, {5, [8]byte{1, 249, 254, 4, 253, 1, 0, 0}},
		{5, [8]byte{252, 250, 1, 1, 254, 0, 255, 0}}, {5, [8]byte{3, 251, 250, 2, 253, 255, 255, 255}}, {2, [8]byte{4, 246, 242, 4, 254, 255, 1, 255}},
	},
	3: {
		{7, [8]byte{0, 255, 254, 255, 0, 255, 0, 0}}, {9, [8]byte{0, 253, 253, 1, 255, 0, 0, 0}}, {5, [8]byte{1, 249, 254, 3, 253, 1, 0, 0}},
		{5, [8]byte{252, 250, 1, 1, 254, 0, 255, 0}}, {3, [8]byte{4, 244, 241, 6, 253, 255, 2, 255}},
	},
	4: {
		{9, [8]byte{255, 1, 4, 0, 0, 1, 255, 0}}, {9, [8]byte{0, 253, 0, 3, 254, 0, 0, 255}}, {9, [8]byte{2, 250, 253, 5, 253, 1, 0, 255}},
		{5, [8]byte{252, 250, 1, 2, 255, 0, 255, 0}}, {5, [8]byte{3, 251, 250, 3, 254, 255, 255, 255}},
	},
	5: {
		{9, [8]byte{0, 255, 1, 255, 255, 0, 255, 0}}, {5, [8]byte{255, 252, 0, 2, 254, 0, 255, 255}}, {9, [8]byte{2, 250, 253, 4, 252, 0, 255, 255}},
		{5, [8]byte{252, 250, 1, 1, 254, 0, 255, 255}}, {3, [8]byte{1, 1, 242, 2, 9, 245, 3, 253}},
	},
}

// farSets are for long or loaded cable, whatever the exchange.
var farSets = []balance{
	{8, [8]byte{253, 2, 244, 255, 10, 244, 3, 253}}, {10, [8]byte{249, 244, 8, 12, 245, 252, 0, 1}},
}

// Balances fulfils hal.FXO: every termination without coefficients, the country's
// own first, then the published sets of its group.
func (p *Port) Balances() []hal.Balance {
	own := p.country.ac & 15
	list := []hal.Balance{named(balance{acim: own})}
	for code := range byte(len(impedances)) {
		if code != own {
			list = append(list, named(balance{acim: code}))
		}
	}
	for _, b := range append(append([]balance{}, sets[own]...), farSets...) {
		list = append(list, named(b))
	}
	return list
}

func named(b balance) hal.Balance {
	return hal.Balance{Impedance: b.acim, Hybrid: b.hybrid, Name: impedances[b.acim]}
}

// SetBalance fulfils hal.FXO.
func (p *Port) SetBalance(b hal.Balance) error {
	if int(b.Impedance) >= len(impedances) {
		return fmt.Errorf("si3050: %s: impedance code %d; there are 0..%d", p.Name(), b.Impedance, len(impedances)-1)
	}
	p.match.mu.Lock()
	p.match.wanted = b
	p.match.mu.Unlock()
	// At once where the port works; else bringing it up, or the next audit, does it.
	_ = p.service.Order(func(time.Time) { p.keepBalance() })
	return nil
}

// keepBalance gives the chip what is wanted, if that has changed.
func (p *Port) keepBalance() {
	p.match.mu.Lock()
	same := p.match.wanted == p.match.loaded
	p.match.mu.Unlock()
	if !same {
		p.loadBalance()
	}
}

// loadBalance writes registers 30 and 45..52.
func (p *Port) loadBalance() {
	p.match.mu.Lock()
	p.match.loaded = p.match.wanted
	b := p.match.loaded
	p.match.mu.Unlock()
	p.write(regACTerm, b.Impedance)
	for i, v := range b.Hybrid {
		p.write(regHybrid+byte(i), v)
	}
}
