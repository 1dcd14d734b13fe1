package sip

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"

	"github.com/emiago/sipgo/sip"
)

// outward is the connections by TLS that we make to providers. The library knows the
// address of a server alone, but its certificate must be of the name that the settings
// have, whatever address that name led to, and a server with many names wants to be
// told which (RFC 6066 section 3). So we connect, and hand the connection to the
// library as one that came in; requests find it by its address.
type outward struct {
	once  sync.Once
	in    chan handed
	over  chan struct{}
	work  sync.WaitGroup
	taken chan struct{} // of the connection handed over last; the library's reader alone
}

type handed struct {
	net.Conn
	taken chan struct{} // closed when the library has it
}

// onlyProviders refuses what the library would connect to by itself.
func onlyProviders() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, // nobody is accepted
		VerifyConnection:   func(tls.ConnectionState) error { return errors.New("sip: no server of a provider") },
	}
}

// reach sees that there is a connection for a request by TLS where it is for a
// provider's server.
func (e *Endpoint) reach(ctx context.Context, req *sip.Request) error {
	t, x := e.trunks.serverAt(req.Destination())
	if x == nil {
		return nil
	}
	x.dialling.Lock()
	defer x.dialling.Unlock()
	if c, err := e.ua.TransportLayer().GetConnection("TLS", x.String()); err == nil && c != nil {
		_, _ = c.TryClose() // it was only looked at
		return nil
	}
	dialer := e.dialer(nil)
	secure := tls.Dialer{NetDialer: &dialer, Config: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: e.cfg.Roots, ServerName: hostOf(x.server)}}
	c, err := secure.DialContext(ctx, "tcp", x.String())
	var bad *tls.CertificateVerificationError
	t.mu.Lock()
	if x.distrust = nil; errors.As(err, &bad) {
		x.distrust = bad.Err
	}
	t.mu.Unlock()
	if err != nil {
		return err
	}
	return e.outward.hand(c)
}

// hand gives the library a connection and waits until it has it.
func (d *outward) hand(c net.Conn) error {
	h := handed{c, make(chan struct{})}
	select {
	case d.in <- h:
	case <-d.over:
		_ = c.Close()
		return errShut
	}
	select {
	case <-h.taken:
		return nil
	case <-d.over:
		return errShut
	}
}

// Accept implements net.Listener. The library comes for the next one when it has
// entered the last one in its list.
func (d *outward) Accept() (net.Conn, error) {
	if d.taken != nil {
		close(d.taken)
		d.taken = nil
	}
	select {
	case h := <-d.in:
		d.taken = h.taken
		return h.Conn, nil
	case <-d.over:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (d *outward) Close() error {
	d.once.Do(func() { close(d.over) })
	return nil
}

// Addr implements net.Listener; the library wants a port.
func (d *outward) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4zero, Port: 1} }

func (e *Endpoint) startOutward() {
	e.outward.work.Go(func() {
		if err := e.ua.TransportLayer().ServeTLS(&e.outward); !closed(err) {
			e.log.Error("sip: connections to providers ended", "error", err)
		}
	})
}

func (e *Endpoint) stopOutward() {
	_ = e.outward.Close() // it is no socket
	e.outward.work.Wait()
}

// serverAt is the provider's server by TLS at an address, nil if none.
func (ts *trunks) serverAt(addr string) (*trunk, *target) {
	at, err := netip.ParseAddrPort(addr)
	if err != nil {
		return nil, nil // only addresses that were looked up are connected to
	}
	at = netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for _, t := range ts.byName {
		if t.transport() != "TLS" {
			continue
		}
		t.mu.Lock()
		targets := t.targets // never changed in place
		t.mu.Unlock()
		if i := slices.IndexFunc(targets, func(a *target) bool { return a.addr == at }); i >= 0 {
			return t, targets[i]
		}
	}
	return nil, nil
}

// at reports whether a provider has a server or a peer at an address.
func (ts *trunks) at(addr netip.Addr) bool {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for _, t := range ts.byName {
		t.mu.Lock()
		found := slices.ContainsFunc(t.targets, func(a *target) bool { return a.addr.Addr() == addr })
		t.mu.Unlock()
		if found || slices.ContainsFunc(t.Peers, func(p netip.Prefix) bool { return p.Contains(addr) }) {
			return true
		}
	}
	return false
}

// distrusts is what is wrong with a server's certificate.
func (t *trunk) distrusts(x *target) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if x.distrust == nil {
		return nil
	}
	return fmt.Errorf("certificate of %s: %w", hostOf(x.server), x.distrust)
}
