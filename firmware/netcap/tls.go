package netcap

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"time"
)

// HandshakeMax is how long a far end may take for its handshake: two seconds on a
// bad radio link, and some.
const HandshakeMax = 5 * time.Second

// shakingMax is how many handshakes may be under way: each takes some milliseconds
// of a small processor, and calls need it too.
const shakingMax = 64

// TLS is a listener whose connections have their handshake behind them: one that
// says nothing keeps nobody else waiting.
type TLS struct {
	net.Listener
	config *tls.Config
	failed func(net.Addr, error)
	ready  chan net.Conn
	room   chan struct{}
	end    context.Context
	stop   context.CancelFunc
	once   sync.Once
	work   sync.WaitGroup
}

// ListenTLS shakes hands over l. failed hears of handshakes that came to nothing; it
// may be nil.
func ListenTLS(l net.Listener, config *tls.Config, failed func(net.Addr, error)) *TLS {
	if failed == nil {
		failed = func(net.Addr, error) {}
	}
	t := &TLS{Listener: l, config: config, failed: failed, ready: make(chan net.Conn), room: make(chan struct{}, shakingMax)}
	t.end, t.stop = context.WithCancel(context.Background())
	return t
}

// Accept gives the next connection that shook hands.
func (t *TLS) Accept() (net.Conn, error) {
	t.once.Do(func() { t.work.Go(t.accept) })
	select {
	case c := <-t.ready:
		return c, nil
	case <-t.end.Done():
		return nil, net.ErrClosed
	}
}

func (t *TLS) accept() {
	defer t.stop()
	for {
		c, err := t.Listener.Accept()
		if err != nil {
			return
		}
		select {
		case t.room <- struct{}{}:
			t.work.Go(func() { t.shake(c) })
		default:
			_ = c.Close() // too many at once
		}
	}
}

func (t *TLS) shake(c net.Conn) {
	secure := tls.Server(c, t.config)
	ctx, cancel := context.WithTimeout(t.end, HandshakeMax)
	err := secure.HandshakeContext(ctx)
	cancel()
	<-t.room
	if err != nil {
		t.failed(c.RemoteAddr(), err)
		_ = c.Close() // it never was one
		return
	}
	select {
	case t.ready <- secure:
	case <-t.end.Done():
		_ = secure.Close() // nobody accepts any more
	}
}

// Close ends the listener and the handshakes under way.
func (t *TLS) Close() error {
	t.stop()
	err := t.Listener.Close()
	t.work.Wait()
	return err
}
