package si3210

import (
	"sync"
	"time"

	"centralita/hal"
)

// wishes are what country and office want of the port.
type wishes struct {
	mu     sync.Mutex
	wanted hal.HandsetSettings
	loaded hal.HandsetSettings // what the port goes by; of the chain's goroutine
}

// Configure fulfils hal.FXS.
func (p *Port) Configure(s hal.HandsetSettings) error {
	p.wishes.mu.Lock()
	p.wishes.wanted = s
	p.wishes.mu.Unlock()
	// At once where the port works; else bringing it up, or the next audit, does it.
	_ = p.order(func(time.Time) { p.keepWishes() })
	return nil
}

// takeWishes has the port go by what is wanted, and tells whether that is new.
func (p *Port) takeWishes() bool {
	p.wishes.mu.Lock()
	defer p.wishes.mu.Unlock()
	if p.wishes.loaded == p.wishes.wanted {
		return false
	}
	p.wishes.loaded = p.wishes.wanted
	p.country = countryOf(p.wishes.loaded.Country)
	p.hook.flashMin, p.hook.flashMax = p.country.flashMin, p.country.flashMax
	p.hook.pulse = p.wishes.loaded.Pulse
	return true
}

// keepWishes gives the chip what is wanted, if that has changed.
func (p *Port) keepWishes() {
	if p.takeWishes() {
		p.write(regImpedance, 0x08|p.country.impedance)
	}
}
