package sip

import (
	"net"
	"sync"

	"centralita/firmware/netcap"
)

// webSockets is the door of phones that live in browsers (RFC 7118). The web server
// takes the connection, for it has the port and judges where the page came from, and
// hands it over; who calls is proved by digest as everywhere.
type webSockets struct {
	once sync.Once
	in   chan net.Conn
	over chan struct{}
	work sync.WaitGroup
	mu   sync.Mutex
	port int // of the web server
}

// TakeWebSocket serves a connection whose opening request is head: method, path and
// headers as they came, and whatever followed. It is HTTPS's, so it counts as WSS.
// The connection is closed here when there is no room, or in the end.
func (e *Endpoint) TakeWebSocket(c net.Conn, head []byte) {
	d := &e.web
	if a, ok := addrPort(c.LocalAddr()); ok {
		d.mu.Lock()
		d.port = int(a.Port())
		d.mu.Unlock()
	}
	select {
	case d.in <- newFramed(c, head, &e.friends):
	case <-d.over:
		_ = c.Close() // the box stops
	}
}

// startWeb lets the library read what is handed over, stopWeb ends it.
func (e *Endpoint) startWeb() {
	capped := netcap.Listen(&e.web, netcap.Caps{All: e.limits.Connections, PerAddress: e.limits.PerSourceConnections})
	e.web.work.Go(func() {
		if err := e.ua.TransportLayer().ServeWSS(capped); !closed(err) {
			e.log.Error("sip: taking of web sockets ended", "error", err)
		}
	})
}

func (e *Endpoint) stopWeb() {
	_ = e.web.Close() // it is no socket
	e.web.work.Wait()
}

// Accept implements net.Listener.
func (d *webSockets) Accept() (net.Conn, error) {
	select {
	case c := <-d.in:
		return c, nil
	case <-d.over:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (d *webSockets) Close() error {
	d.once.Do(func() { close(d.over) })
	return nil
}

// Addr implements net.Listener; the library wants a port.
func (d *webSockets) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4zero, Port: 1} }
