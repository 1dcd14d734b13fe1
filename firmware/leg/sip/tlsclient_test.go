package sip

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"

	"centralita/firmware/leg"
)

// A provider whose certificate is of nobody we trust, or of another name, is down for
// that reason and not for its silence.
func TestProviderNotTrusted(t *testing.T) {
	for _, c := range []struct{ name, why string }{{"voice.example", "valid for voice.example"}, {"localhost", "unknown authority"}} {
		mine, roots := serverFor(t, c.name)
		if c.name == "localhost" {
			roots = x509.NewCertPool()
		}
		l, err := tls.Listen("tcp", "127.0.0.1:0", mine)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go func(c net.Conn) { _ = c.(*tls.Conn).Handshake(); c.Close() }(c)
			}
		}()
		news := make(chan TrunkState, 16)
		e, _, _ := tlsBox(t, func(c *Config) { c.Roots, c.Trunks = roots, func(s TrunkState) { news <- s } })
		e.SetTrunks([]Trunk{{Name: "prov", Server: strings.Replace(l.Addr().String(), "127.0.0.1", "localhost", 1), Transport: "tls", User: "u", Password: "p", Register: true}})
		select {
		case s := <-news:
			if s.Ready || s.Code != faultCertificate || !strings.Contains(s.Why, c.why) {
				t.Errorf("%+v; wanted %q", s, c.why)
			}
		case <-time.After(10 * time.Second):
			t.Error("nothing is told of it")
		}
	}
}

// A provider by TLS is registered at and called, whichever address its name leads to,
// and is told its name.
func TestProviderByTLS(t *testing.T) {
	mine, pool := serverFor(t, "localhost")
	named := make(chan string, 8)
	mine.GetConfigForClient = func(h *tls.ClientHelloInfo) (*tls.Config, error) { named <- h.ServerName; return nil, nil }
	l, err := tls.Listen("tcp", "127.0.0.1:0", mine)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	heard := make(chan string, 8)
	go answerAll(l, heard)
	news := make(chan TrunkState, 16)
	e, _, _ := tlsBox(t, func(c *Config) { c.Roots, c.Trunks = pool, func(s TrunkState) { news <- s } })
	e.SetTrunks([]Trunk{{Name: "prov", Server: strings.Replace(l.Addr().String(), "127.0.0.1", "localhost", 1), Transport: "tls", User: "u", Password: "p", Register: true, NoProbe: true}})
	select {
	case s := <-news:
		if !s.Ready {
			t.Fatalf("%+v", s)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nothing is told of it")
	}
	if n := <-named; n != "localhost" {
		t.Errorf("named %q", n)
	}
	out, refused := e.Make("trunk/prov")
	if refused != nil {
		t.Fatal(refused)
	}
	out.Ring(leg.Caller{To: "912345678"})
	for _, want := range []string{"REGISTER", "INVITE"} {
		select {
		case m := <-heard:
			if !strings.HasPrefix(m, want) || !strings.Contains(m, "SIP/2.0/TLS") {
				t.Errorf("%s", m)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("no %s", want)
		}
	}
	if len(named) != 0 {
		t.Error("a second connection was made")
	}
}

// answerAll is a provider that takes every registration and is busy for every call.
func answerAll(l net.Listener, heard chan<- string) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			in := bufio.NewReader(c)
			for {
				head := textproto.NewReader(in)
				start, err := head.ReadLine()
				if err != nil {
					return
				}
				m, err := head.ReadMIMEHeader()
				if err != nil {
					return
				}
				n, _ := strconv.Atoi(m.Get("Content-Length"))
				_, _ = io.CopyN(io.Discard, in, int64(n))
				if strings.HasPrefix(start, "ACK") {
					continue
				}
				heard <- start + " " + m.Get("Via")
				status := "200 OK"
				if strings.HasPrefix(start, "INVITE") {
					status = "486 Busy Here"
				}
				fmt.Fprintf(c, "SIP/2.0 %s\r\nVia: %s\r\nFrom: %s\r\nTo: %s;tag=p\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: %s;expires=600\r\nContent-Length: 0\r\n\r\n",
					status, m.Get("Via"), m.Get("From"), m.Get("To"), m.Get("Call-Id"), m.Get("Cseq"), m.Get("Contact"))
			}
		}()
	}
}
