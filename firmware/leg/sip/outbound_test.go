package sip

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"
)

// registers registers with a contact of the test's own and further headers.
func (p *phone) registers(contact string, extra ...string) msg {
	p.t.Helper()
	send := func(extra ...string) msg {
		text := p.request("REGISTER", "sip:10.0.0.1", "r"+contact, "<sip:"+p.user+"@10.0.0.1>", append(extra, "Expires: 600")...)
		old := "Contact: <sip:" + p.user + "@" + p.s.addr.String() + ">\r\n"
		p.send(strings.Replace(text, old, "Contact: "+contact+"\r\n", 1))
		m, ok := p.next(5e9)
		if !ok {
			p.t.Fatal("no answer to REGISTER")
		}
		return m
	}
	m := send(extra...)
	return send(append(extra, p.credentials(m, "REGISTER", "sip:10.0.0.1", 1))...)
}

// A phone behind a proxy is called by way of it (RFC 3327).
func TestPath(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		edge := newPhone(t, b.n, "10.0.0.9:5060", "202", "other")
		edge.algo = "MD5"
		m := edge.registers("<sip:202@192.168.7.7:5060>", "Path: <sip:core.example;lr>, <sip:10.0.0.9;lr;ob>", "Supported: path")
		if m.status() != 200 || m.get("Path") != "<sip:core.example;lr>, <sip:10.0.0.9;lr;ob>" {
			t.Fatalf("registered: %s", m.text)
		}
		if m = edge.registers("<sip:202@192.168.7.7:5060>", "Path: <sip:10.0.0.9;lr>"); m.status() != 200 || m.get("Path") != "" {
			t.Fatalf("registered by a phone that knows no Path: %s", m.text)
		}
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.dial("202", p.sdp)
		l, refused := b.e.Make("sip/202")
		if refused != nil {
			t.Fatal(refused)
		}
		l.Ring(leg.Caller{Number: "201"})
		in := edge.expect("INVITE")
		if !strings.HasPrefix(in.start, "INVITE sip:202@192.168.7.7:5060 ") || in.get("Route") != "<sip:10.0.0.9;lr>" {
			t.Errorf("called by\n%s", in.text)
		}
	})
}

// Two flows of one phone are two bindings, and it rings by the newer (RFC 5626); a
// proxy between that does not keep flows is refused.
func TestFlowsOfOnePhone(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		const instance = `;+sip.instance="<urn:uuid:1>"`
		first := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		second := newPhone(t, b.n, "10.0.0.5:5062", "201", "secret")
		first.registers("<sip:201@10.0.0.5:5060>"+instance+";reg-id=1", "Supported: outbound, path")
		m := second.registers("<sip:201@10.0.0.5:5062>"+instance+";reg-id=2", "Supported: outbound, path")
		if m.status() != 200 || len(m.head["contact"]) != 2 || m.get("Require") != "outbound" || m.get("Flow-Timer") == "" ||
			param(m.head["contact"][1], "reg-id") != "2" {
			t.Fatalf("second flow: %s", m.text)
		}
		l, refused := b.e.Make("sip/201")
		if refused != nil {
			t.Fatal(refused)
		}
		l.Ring(leg.Caller{Number: "202"})
		second.expect("INVITE")
		synctest.Wait()
		if len(first.s.in) > 0 {
			t.Error("the phone rings by both of its flows")
		}
		m = first.registers("<sip:201@10.0.0.5:5060>"+instance+";reg-id=1", "Supported: outbound, path", "Via: SIP/2.0/UDP 10.9.9.9;branch=z9hG4bKx")
		if m.status() != 439 {
			t.Errorf("by way of a proxy without outbound: %s", m.start)
		}
	})
}

// A phone that asks over its connection whether we are there is told so (RFC 5626
// section 4.4.1).
func TestPingOverConnection(t *testing.T) {
	e, err := New(Config{Listen: "127.0.0.1:0", Ports: newNetwork().ports("127.0.0.1"), Told: func(leg.Leg, leg.Report) {}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = e.Serve(ctx)
	}()
	defer func() {
		cancel()
		<-done
	}()
	c, err := net.Dial("tcp", e.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	for range 2 {
		if _, err := c.Write([]byte("\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		var pong [2]byte
		if _, err := io.ReadFull(c, pong[:]); err != nil || string(pong[:]) != "\r\n" {
			t.Fatalf("%q, %v", pong, err)
		}
	}
}
