package copper

import (
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	"centralita/firmware/leg/rtp"
)

// network is an IP network of memory: its sockets count as waiting in a bubble.
type network struct {
	mu    sync.Mutex
	socks map[netip.AddrPort]*sock
}

func newNetwork() *network { return &network{socks: map[netip.AddrPort]*sock{}} }

type packet struct {
	b    []byte
	from netip.AddrPort
}

type sock struct {
	n    *network
	addr netip.AddrPort
	in   chan packet
	done chan struct{}
	once sync.Once

	mu       sync.Mutex
	deadline time.Time
}

func (n *network) open(host netip.Addr, port int) (rtp.Conn, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	addr := netip.AddrPortFrom(host, uint16(port))
	if n.socks[addr] != nil {
		return nil, syscall.EADDRINUSE
	}
	s := &sock{n: n, addr: addr, in: make(chan packet, 512), done: make(chan struct{})}
	n.socks[addr] = s
	return s, nil
}

// ReadFrom implements rtp.Conn.
func (s *sock) ReadFrom(b []byte) (int, netip.AddrPort, error) {
	s.mu.Lock()
	deadline := s.deadline
	s.mu.Unlock()
	var over <-chan time.Time
	if !deadline.IsZero() {
		t := time.NewTimer(time.Until(deadline))
		defer t.Stop()
		over = t.C
	}
	select {
	case p := <-s.in:
		return copy(b, p.b), p.from, nil
	case <-s.done:
		return 0, netip.AddrPort{}, net.ErrClosed
	case <-over:
		return 0, netip.AddrPort{}, os.ErrDeadlineExceeded
	}
}

// WriteTo implements rtp.Conn; what finds no room is lost, as in the kernel.
func (s *sock) WriteTo(b []byte, to netip.AddrPort) error {
	s.n.mu.Lock()
	other := s.n.socks[to]
	s.n.mu.Unlock()
	if other == nil {
		return nil
	}
	select {
	case other.in <- packet{append([]byte(nil), b...), s.addr}:
	default:
	}
	return nil
}

// SetReadDeadline implements rtp.Conn.
func (s *sock) SetReadDeadline(t time.Time) error {
	s.mu.Lock()
	s.deadline = t
	s.mu.Unlock()
	return nil
}

// Close implements rtp.Conn.
func (s *sock) Close() error {
	s.once.Do(func() {
		close(s.done)
		s.n.mu.Lock()
		delete(s.n.socks, s.addr)
		s.n.mu.Unlock()
	})
	return nil
}
