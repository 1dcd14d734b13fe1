package sip

import (
	"errors"
	"net"
	"net/netip"
	"sync"

	"centralita/firmware/netcap"
)

// secureDoor is SIP over TLS (RFC 3261 section 26.3.2.1): a socket of its own, which
// may be moved while the box runs. Calls to a phone go over the connection that the
// phone registered by (RFC 5626), so nothing ever connects to a phone.
type secureDoor struct {
	mu     sync.Mutex
	asked  string
	l      *netcap.TLS
	socket net.Listener
	addr   netip.AddrPort
	read   bool // Serve reads it
	over   bool // it was closed for good
	work   sync.WaitGroup
}

// ListenTLS opens the door by TLS, moves it, or closes it for "". Connections that
// are there stay.
func (e *Endpoint) ListenTLS(addr string) error {
	d := &e.secure
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over || addr == d.asked {
		return nil
	}
	if e.cfg.TLS == nil && addr != "" {
		return errors.New("sip: TLS needs a certificate")
	}
	if d.l != nil {
		_ = d.l.Close() // its connections go on
		d.l, d.addr = nil, netip.AddrPort{}
	}
	if d.asked = addr; addr == "" {
		return nil
	}
	socket, err := net.Listen("tcp", addr)
	if err != nil {
		d.asked = ""
		return inUse("TLS", addr, err)
	}
	d.addr, _ = addrPort(socket.Addr())
	d.socket = socket
	mark(socket, int(e.dscp.Load()))
	d.l = netcap.ListenTLS(e.capped(socket), e.cfg.TLS, e.cfg.TLSFailed)
	if d.read {
		e.readTLS()
	}
	return nil
}

// capped puts the limits of connections before a socket.
func (e *Endpoint) capped(l net.Listener) net.Listener {
	return netcap.Listen(l, netcap.Caps{All: e.limits.Connections, PerAddress: e.limits.PerSourceConnections})
}

// AddrTLS is where we listen by TLS; the zero value is nowhere.
func (e *Endpoint) AddrTLS() netip.AddrPort {
	e.secure.mu.Lock()
	defer e.secure.mu.Unlock()
	return e.secure.addr
}

// readTLS lets the library read the door. Under the mutex.
func (e *Endpoint) readTLS() {
	d, l := &e.secure, e.secure.l
	d.work.Go(func() {
		if err := e.ua.TransportLayer().ServeTLS(&patientListener{l, &e.friends}); !closed(err) {
			e.log.Error("sip: TLS accepting ended", "addr", l.Addr(), "error", err)
		}
	})
}

// startTLS begins to read, stopTLS closes for good and waits.
func (e *Endpoint) startTLS() {
	e.secure.mu.Lock()
	defer e.secure.mu.Unlock()
	if e.secure.read = true; e.secure.l != nil {
		e.readTLS()
	}
}

func (e *Endpoint) stopTLS() {
	d := &e.secure
	d.mu.Lock()
	d.over, d.addr = true, netip.AddrPort{}
	if d.l != nil {
		_ = d.l.Close() // nobody is let in any more
	}
	d.mu.Unlock()
	d.work.Wait()
}
