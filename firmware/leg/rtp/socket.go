package rtp

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"centralita/firmware/media"
)

// socket is where a session sends: the kernel's, read by the loop of all sessions,
// or one of memory.
type socket interface {
	// WriteTo sends b or drops it; it never waits and allocates nothing. One
	// goroutine at a time.
	WriteTo(b []byte, to netip.AddrPort) error
	Close() error
}

// Conn is a datagram socket of memory, as tests bring them: a goroutine of its own
// reads it.
type Conn interface {
	socket
	// ReadFrom fills b with the next datagram. It allocates nothing.
	ReadFrom(b []byte) (int, netip.AddrPort, error)
	SetReadDeadline(time.Time) error
}

// Opener opens a datagram socket on a port of this machine.
type Opener func(host netip.Addr, port int) (Conn, error)

// Ports hands out pairs of ports: an even one for sound and the next for control
// (RFC 3550 section 11). It remembers where it stopped, so that a port just
// given back is not the next one used and late packets of an old call hit nobody.
type Ports struct {
	Host     netip.Addr  // address to bind; the zero value is every IPv4 address, "::" every address
	Min, Max int         // inclusive; Min is raised to an even number
	Open     Opener      // nil is the kernel's UDP
	Beat     *media.Beat // of the engine that mixes; nil is not known, and costs up to 10 ms of delay

	mu   sync.Mutex
	next int
	loop loop
}

// ErrNoPorts says that all ports of the range are taken, by calls or by others.
var ErrNoPorts = errors.New("rtp: no free pair of UDP ports")

// pair opens two neighbouring sockets, or says which range is used up and what
// to do.
func (p *Ports) pair() (sound, control socket, port int, err error) {
	host := p.Host
	if !host.IsValid() {
		host = netip.IPv4Unspecified()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	first := (p.Min + 1) &^ 1
	pairs := (p.Max - first + 1) / 2
	for range pairs {
		port := first + 2*(p.next%pairs)
		p.next++
		sound, err := p.open(host, port)
		if err != nil {
			continue
		}
		control, err := p.open(host, port+1)
		if err != nil {
			_ = sound.Close() // half a pair is of no use, and nothing was sent on it
			continue
		}
		return sound, control, port, nil
	}
	return nil, nil, 0, fmt.Errorf("%w on %v between %d and %d: widen the range in the settings or end calls", ErrNoPorts, host, p.Min, p.Max)
}

func (p *Ports) open(host netip.Addr, port int) (socket, error) {
	if p.Open != nil {
		return p.Open(host, port)
	}
	return openUDP(host, port)
}
