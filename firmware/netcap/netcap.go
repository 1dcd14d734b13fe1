// Package netcap bounds the connections that strangers may hold open: how many in
// all and from one address, and how long a TLS handshake may take.
//
// firmware/app puts it before the web doors, leg/sip before SIP over TCP and TLS.
// It reads nothing of what is said and closes no connection that it let in.
package netcap

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Caps of a listener.
type Caps struct {
	All        int // connections open at once; 0 is without bound
	PerAddress int // of them from one address; 0 is without bound
	// Exempt addresses have no bound of their own; nil exempts nobody.
	Exempt func(netip.Addr) bool
}

// Listener accepts within caps.
type Listener struct {
	net.Listener
	caps    Caps
	refused atomic.Uint64

	mu   sync.Mutex
	open int
	from map[netip.Addr]int
}

// Listen puts caps before l.
func Listen(l net.Listener, caps Caps) *Listener {
	return &Listener{Listener: l, caps: caps, from: map[netip.Addr]int{}}
}

// breath is how long accepting pauses when the machine has no descriptors left:
// others must end first.
const breath = 50 * time.Millisecond

// Accept waits for the next connection that has room. Its errors are those of a
// closed listener; passing ones are waited out.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) {
				return nil, err
			}
			time.Sleep(breath)
			continue
		}
		if from := Addr(c.RemoteAddr()); l.enter(from) {
			return &conn{Conn: c, leave: sync.OnceFunc(func() { l.exit(from) })}, nil
		}
		l.refused.Add(1)
		_ = c.Close() // no room
	}
}

func (l *Listener) enter(from netip.Addr) bool {
	exempt := l.caps.Exempt != nil && l.caps.Exempt(from)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.caps.All > 0 && l.open >= l.caps.All || l.caps.PerAddress > 0 && !exempt && l.from[from] >= l.caps.PerAddress {
		return false
	}
	l.open++
	l.from[from]++
	return true
}

func (l *Listener) exit(from netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	if l.from[from]--; l.from[from] == 0 {
		delete(l.from, from)
	}
}

// Open is how many connections are open now, Refused how many found no room.
func (l *Listener) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open
}

// Refused counts those that found no room.
func (l *Listener) Refused() uint64 { return l.refused.Load() }

type conn struct {
	net.Conn
	leave func()
}

func (c *conn) Close() error {
	c.leave()
	return c.Conn.Close()
}

// Addr is the address of a far end, the zero value where it has none.
func Addr(a net.Addr) netip.Addr {
	if t, ok := a.(*net.TCPAddr); ok {
		return t.AddrPort().Addr().Unmap()
	}
	if a == nil {
		return netip.Addr{}
	}
	ap, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap()
}
