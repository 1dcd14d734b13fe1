package bus

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"periph.io/x/conn/v3"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// Device is what hangs on one chip select: one chip or a daisy chain of them.
type Device interface {
	// Selected tells that chip select fell (true) or rose (false).
	Selected(bool)
	// Shift clocks one byte in and the byte out that the devices drove meanwhile;
	// 0xFF when nobody did.
	Shift(in byte) (out byte)
}

// Port is one chip select of an SPI bus.
type Port struct {
	name string

	mu        sync.Mutex
	dev       Device
	connected bool
	kept      bool // chip select still low from the call before
	broken    error
	noise     float64 // probability of one flipped bit per byte
	random    *rand.Rand
	bytes     uint64
}

// NewPort makes the chip select called name with dev on it.
func NewPort(name string, dev Device) *Port {
	return &Port{name: name, dev: dev, random: rand.New(rand.NewPCG(1, 2))}
}

func (p *Port) String() string { return p.name }

// Close fulfils spi.PortCloser; there is nothing to give back.
func (p *Port) Close() error { return nil }

// LimitSpeed fulfils spi.PortCloser.
func (p *Port) LimitSpeed(f physic.Frequency) error {
	if f <= 0 {
		return fmt.Errorf("bus: %s: speed must be positive", p.name)
	}
	return nil
}

// Connect fulfils spi.Port. Both line chips shift on the falling and latch on
// the rising clock edge with the clock idle high, so anything but mode 3 with 8
// bits would read garbage and is refused.
func (p *Port) Connect(f physic.Frequency, mode spi.Mode, bits int) (spi.Conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.connected:
		return nil, fmt.Errorf("bus: %s: already connected", p.name)
	case mode != spi.Mode3 || bits != 8:
		return nil, fmt.Errorf("bus: %s: %s with %d bits; the chips need Mode3 with 8", p.name, mode, bits)
	case f > 16*physic.MegaHertz:
		return nil, fmt.Errorf("bus: %s: %s is too fast", p.name, f)
	}
	p.connected = true
	return &link{p}, nil
}

// Break makes every transfer fail with err until it is called with nil.
func (p *Port) Break(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = err
}

// Noise flips one bit of a byte, in or out, with the given probability.
func (p *Port) Noise(perByte float64, seed uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.noise, p.random = perByte, rand.New(rand.NewPCG(seed, 1))
}

// Bytes counts what was clocked so far.
func (p *Port) Bytes() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bytes
}

// link is the connection a driver holds.
type link struct{ p *Port }

var errLength = errors.New("bus: read and write lengths differ")

func (l *link) String() string       { return l.p.name }
func (l *link) Duplex() conn.Duplex  { return conn.Full }
func (l *link) MaxTxSize() int       { return 4096 }
func (l *link) Tx(w, r []byte) error { return l.TxPackets([]spi.Packet{{W: w, R: r}}) }

func (l *link) TxPackets(packets []spi.Packet) error {
	p := l.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken != nil {
		return p.broken
	}
	for i := range packets {
		k := &packets[i]
		if len(k.W) != 0 && len(k.R) != 0 && len(k.W) != len(k.R) {
			return errLength
		}
		if !p.kept {
			p.dev.Selected(true)
		}
		p.frame(k)
		p.kept = k.KeepCS
		if !p.kept {
			p.dev.Selected(false)
		}
	}
	return nil
}

func (p *Port) frame(k *spi.Packet) {
	for i := range max(len(k.W), len(k.R)) {
		in := byte(0)
		if i < len(k.W) {
			in = k.W[i]
		}
		out := p.noisy(p.dev.Shift(p.noisy(in)))
		if i < len(k.R) {
			k.R[i] = out
		}
		p.bytes++
	}
}

func (p *Port) noisy(b byte) byte {
	if p.noise > 0 && p.random.Float64() < p.noise {
		return b ^ 1<<p.random.IntN(8)
	}
	return b
}
