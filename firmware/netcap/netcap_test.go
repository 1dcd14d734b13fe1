package netcap

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

// street is a listener in memory; callers come from the address they name.
type street struct {
	calls chan net.Conn
	shut  chan struct{}
}

func newStreet() *street { return &street{make(chan net.Conn), make(chan struct{})} }

type from struct {
	net.Conn
	addr net.Addr
}

func (f from) RemoteAddr() net.Addr { return f.addr }

func (s *street) Accept() (net.Conn, error) {
	select {
	case c := <-s.calls:
		return c, nil
	case <-s.shut:
		return nil, net.ErrClosed
	}
}
func (s *street) Close() error   { close(s.shut); return nil }
func (s *street) Addr() net.Addr { return &net.TCPAddr{} }

func (s *street) call(host string) net.Conn {
	near, away := net.Pipe()
	s.calls <- from{away, net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(host), 5000))}
	return near
}

// shut reports whether the far side closed c.
func shut(c net.Conn) bool {
	_ = c.SetReadDeadline(time.Now().Add(time.Second))
	_, err := c.Read(make([]byte, 1))
	return errors.Is(err, io.EOF)
}

func TestCapsOfConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStreet()
		phone := netip.MustParseAddr("10.0.0.9")
		l := Listen(s, Caps{All: 6, PerAddress: 2, Exempt: func(a netip.Addr) bool { return a == phone }})
		accepted := make(chan net.Conn, 10)
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					close(accepted)
					return
				}
				accepted <- c
			}
		}()
		greedy := []net.Conn{s.call("10.0.0.1"), s.call("10.0.0.1"), s.call("10.0.0.1")}
		if !shut(greedy[2]) || shut(greedy[1]) {
			t.Error("the third connection of an address is let in, or the second is not")
		}
		for range 3 {
			if shut(s.call("10.0.0.9")) {
				t.Error("who is exempt is refused")
			}
		}
		if shut(s.call("10.0.0.2")) || !shut(s.call("10.0.0.3")) {
			t.Error("six in all are wanted, no more")
		}
		if l.Open() != 6 || l.Refused() != 2 {
			t.Errorf("%d open, %d refused", l.Open(), l.Refused())
		}
		(<-accepted).Close()
		if shut(s.call("10.0.0.1")) {
			t.Error("room that was given back is not there")
		}
		_ = l.Close()
		for c := range accepted {
			c.Close()
			c.Close()
		}
		if l.Open() != 0 {
			t.Errorf("%d open after all ended", l.Open())
		}
	})
}

func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"box"}, NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// TestOneWhoSaysNothing neither keeps others waiting nor stays longer than a
// handshake may take.
func TestOneWhoSaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStreet()
		var failed []string
		l := ListenTLS(s, &tls.Config{Certificates: []tls.Certificate{certificate(t)}}, func(a net.Addr, err error) { failed = append(failed, a.String()) })
		accepted := make(chan net.Conn, 1)
		go func() {
			c, err := l.Accept()
			if err == nil {
				accepted <- c
			}
			if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
				t.Errorf("after the end: %v", err)
			}
		}()
		began := time.Now()
		silent := s.call("10.0.0.66")
		good := s.call("10.0.0.1")
		go func() { _ = tls.Client(good, &tls.Config{InsecureSkipVerify: true}).Handshake() }()
		c := <-accepted
		if time.Since(began) > time.Second {
			t.Error("the silent one kept another waiting")
		}
		if _, err := silent.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("the silent one: %v", err)
		}
		if took := time.Since(began); took != HandshakeMax {
			t.Errorf("it stayed %v", took)
		}
		synctest.Wait()
		if len(failed) != 1 || failed[0] != "10.0.0.66:5000" {
			t.Errorf("%v failed", failed)
		}
		silent = s.call("10.0.0.66")
		_ = l.Close()
		if _, err := silent.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("a handshake under way at the end: %v", err)
		}
		go io.Copy(io.Discard, good)
		c.Close()
		good.Close()
	})
}
