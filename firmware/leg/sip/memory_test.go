package sip

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"centralita/firmware/leg/rtp"
)

// network is an IP network of memory: sockets in it work inside a synctest
// bubble, where a socket of the kernel would not count as waiting.
type network struct {
	mu    sync.Mutex
	socks map[netip.AddrPort]*sock
	lose  func(from, to netip.AddrPort, b []byte) bool // nil loses nothing
}

func newNetwork() *network { return &network{socks: make(map[netip.AddrPort]*sock)} }

type packet struct {
	b    []byte
	from netip.AddrPort
}

type sock struct {
	n        *network
	addr     netip.AddrPort
	in       chan packet
	done     chan struct{}
	once     sync.Once
	mu       sync.Mutex
	deadline time.Time
}

func (n *network) open(addr netip.AddrPort) (*sock, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, used := n.socks[addr]; used {
		return nil, syscall.EADDRINUSE
	}
	s := &sock{n: n, addr: addr, in: make(chan packet, 512), done: make(chan struct{})}
	n.socks[addr] = s
	return s, nil
}

// listen opens an address or ends the test.
func (n *network) listen(t testing.TB, addr string) *sock {
	t.Helper()
	s, err := n.open(netip.MustParseAddrPort(addr))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// rtp gives sessions their sockets in n.
func (n *network) ports(host string) *rtp.Ports {
	return &rtp.Ports{Host: netip.MustParseAddr(host), Min: 10000, Max: 10999, Open: func(host netip.Addr, port int) (rtp.Conn, error) {
		s, err := n.open(netip.AddrPortFrom(host, uint16(port)))
		if err != nil {
			return nil, err
		}
		return soundSock{s}, nil
	}}
}

// soundSock is a sock as rtp.Conn.
type soundSock struct{ *sock }

func (m soundSock) ReadFrom(b []byte) (int, netip.AddrPort, error) { return m.read(b) }
func (m soundSock) WriteTo(b []byte, to netip.AddrPort) error      { m.send(b, to); return nil }

func (s *sock) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := s.read(b)
	if err != nil {
		return 0, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

func (s *sock) WriteTo(b []byte, to net.Addr) (int, error) {
	ap, ok := addrPort(to)
	if !ok {
		return 0, errors.New("memory: bad address")
	}
	s.send(b, ap)
	return len(b), nil
}

func (s *sock) read(b []byte) (int, netip.AddrPort, error) {
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

func (s *sock) send(b []byte, to netip.AddrPort) {
	s.n.mu.Lock()
	other, lose := s.n.socks[to], s.n.lose
	s.n.mu.Unlock()
	if other == nil || lose != nil && lose(s.addr, to, b) {
		return
	}
	select {
	case other.in <- packet{append([]byte(nil), b...), s.addr}:
	default: // the kernel drops too
	}
}

func (s *sock) Close() error {
	s.once.Do(func() {
		close(s.done)
		s.n.mu.Lock()
		delete(s.n.socks, s.addr)
		s.n.mu.Unlock()
	})
	return nil
}

func (s *sock) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(s.addr) }

func (s *sock) SetReadDeadline(t time.Time) error {
	s.mu.Lock()
	s.deadline = t
	s.mu.Unlock()
	return nil
}
func (s *sock) SetDeadline(t time.Time) error    { return s.SetReadDeadline(t) }
func (s *sock) SetWriteDeadline(time.Time) error { return nil }
