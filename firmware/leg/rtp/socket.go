package rtp

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Conn is a datagram socket. The kernel's is made by openUDP; tests bring one of
// memory.
type Conn interface {
	// ReadFrom fills b with the next datagram. It allocates nothing.
	ReadFrom(b []byte) (int, netip.AddrPort, error)
	// WriteTo sends b or drops it; it never waits and allocates nothing. One
	// goroutine at a time.
	WriteTo(b []byte, to netip.AddrPort) error
	SetReadDeadline(time.Time) error
	Close() error
}

// Opener opens a datagram socket on a port of this machine.
type Opener func(host netip.Addr, port int) (Conn, error)

var errWouldWait = errors.New("rtp: socket buffer is full, packet dropped")

// udp sends by a direct system call: net.UDPConn.WriteToUDPAddrPort would park
// the caller on the poller when the socket buffer is full, and the caller is the
// media tick. MSG_DONTWAIT makes the kernel refuse instead, and the raw
// function says "done" whatever happened, so the poller is never entered.
type udp struct {
	*net.UDPConn
	raw  syscall.RawConn
	send func(fd uintptr) bool // made once: a closure for each packet would be garbage

	buf []byte // the packet under way, for send
	err error
	to4 unix.SockaddrInet4
	to6 unix.SockaddrInet6
	dst unix.Sockaddr
}

// dscpEF is expedited forwarding (RFC 3246) in the upper six bits of the TOS
// byte, the customary mark of voice (RFC 4594).
const dscpEF = 46 << 2

func openUDP(host netip.Addr, port int) (Conn, error) {
	network := "udp"
	if host.Is4() {
		network = "udp4"
	}
	c, err := net.ListenUDP(network, net.UDPAddrFromAddrPort(netip.AddrPortFrom(host, uint16(port))))
	if err != nil {
		return nil, err
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	_ = raw.Control(func(fd uintptr) { // a mark for routers; its refusal harms nothing
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_TOS, dscpEF)
	})
	u := &udp{UDPConn: c, raw: raw}
	u.send = func(fd uintptr) bool {
		u.err = unix.Sendto(int(fd), u.buf, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, u.dst)
		return true
	}
	return u, nil
}

func (u *udp) ReadFrom(b []byte) (int, netip.AddrPort, error) {
	n, from, err := u.ReadFromUDPAddrPort(b)
	return n, netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), err
}

func (u *udp) WriteTo(b []byte, to netip.AddrPort) error {
	if a := to.Addr(); a.Is4() {
		u.to4.Addr, u.to4.Port, u.dst = a.As4(), int(to.Port()), &u.to4
	} else {
		u.to6.Addr, u.to6.Port, u.dst = a.As16(), int(to.Port()), &u.to6
	}
	u.buf = b
	if err := u.raw.Write(u.send); err != nil {
		return err
	}
	if u.err == unix.EAGAIN {
		return errWouldWait
	}
	return u.err
}

// Ports hands out pairs of ports: an even one for sound and the next for control
// (RFC 3550 section 11). It remembers where it stopped, so that a port just
// given back is not the next one used and late packets of an old call hit nobody.
type Ports struct {
	Host     netip.Addr // address to bind; the zero value is every IPv4 address
	Min, Max int        // inclusive; Min is raised to an even number
	Open     Opener     // nil is the kernel's UDP

	mu   sync.Mutex
	next int
}

// pair opens two neighbouring sockets, or says which range is used up and what
// to do.
func (p *Ports) pair() (sound, control Conn, port int, err error) {
	open := p.Open
	if open == nil {
		open = openUDP
	}
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
		sound, err := open(host, port)
		if err != nil {
			continue
		}
		control, err := open(host, port+1)
		if err != nil {
			_ = sound.Close() // half a pair is of no use, and nothing was sent on it
			continue
		}
		return sound, control, port, nil
	}
	return nil, nil, 0, fmt.Errorf("rtp: no free pair of UDP ports on %v between %d and %d: widen the range in the settings or end calls", host, p.Min, p.Max)
}
