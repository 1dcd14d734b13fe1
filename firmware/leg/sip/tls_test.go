package sip

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"

	"github.com/icholy/digest"
)

// serverFor is a certificate for a name, and who trusts it.
func serverFor(t testing.TB, name string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// tlsBox is a box on the loopback with a door by TLS.
func tlsBox(t *testing.T, change func(*Config)) (*Endpoint, chan word, *x509.CertPool) {
	t.Helper()
	server, pool := serverFor(t, "box.local")
	told := make(chan word, 64)
	cfg := Config{Listen: "127.0.0.1:0", Ports: &rtp.Ports{Min: 29000, Max: 29099}, TLS: server,
		Told: func(l leg.Leg, r leg.Report) { told <- word{l, r} }, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&cfg)
	}
	e, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	e.SetUsers([]User{{Name: "201", Password: "secret"}, {Name: "202", Password: "secret", SRTP: SRTPRequire}})
	if err := e.ListenTLS("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = e.Serve(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	for !e.serving.Load() {
		time.Sleep(time.Millisecond)
	}
	return e, told, pool
}

// tlsPhone speaks SIP as text over a connection.
type tlsPhone struct {
	t    *testing.T
	c    net.Conn
	in   *bufio.Reader
	user string
	via  string
	seq  int
}

func dialPhone(t *testing.T, e *Endpoint, pool *x509.CertPool, user string) *tlsPhone {
	t.Helper()
	c, err := tls.Dial("tcp", e.AddrTLS().String(), &tls.Config{RootCAs: pool, ServerName: "box.local"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	return &tlsPhone{t: t, c: c, in: bufio.NewReader(c), user: user, via: "TLS"}
}

func (p *tlsPhone) read() msg {
	p.t.Helper()
	m := msg{head: map[string][]string{}}
	r := textproto.NewReader(p.in)
	var err error
	for m.start == "" && err == nil {
		m.start, err = r.ReadLine()
	}
	if err != nil {
		p.t.Helper()
		p.t.Fatalf("%s: %v", p.user, err)
	}
	head, err := r.ReadMIMEHeader()
	if err != nil {
		p.t.Fatal(err)
	}
	for k, v := range head {
		m.head[strings.ToLower(k)] = v
	}
	n, _ := strconv.Atoi(m.get("content-length"))
	body := make([]byte, n)
	if _, err := io.ReadFull(p.in, body); err != nil {
		p.t.Fatal(err)
	}
	m.body = string(body)
	return m
}

// final is the next response that is not provisional.
func (p *tlsPhone) final() msg {
	p.t.Helper()
	for {
		if m := p.read(); m.status() >= 200 {
			return m
		}
	}
}

func (p *tlsPhone) send(method, uri, callID, contact, body string, extra ...string) {
	p.seq++
	to := strings.TrimPrefix(strings.TrimPrefix(uri, "sips:"), "sip:")
	if method == "REGISTER" {
		to = p.user + "@" + to
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s SIP/2.0\r\nVia: SIP/2.0/%s %s;branch=z9hG4bK%s;rport\r\n", method, uri, p.via, p.c.LocalAddr(), token(6))
	fmt.Fprintf(&b, "From: <sip:%s@box.local>;tag=t%s\r\nTo: <sip:%s>\r\nCall-ID: %s\r\nCSeq: %d %s\r\nMax-Forwards: 70\r\nContact: %s\r\n",
		p.user, p.user, to, callID, p.seq, method, contact)
	for _, e := range extra {
		b.WriteString(e + "\r\n")
	}
	if body != "" {
		b.WriteString("Content-Type: application/sdp\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	if _, err := io.WriteString(p.c, b.String()); err != nil {
		p.t.Fatal(err)
	}
}

// proved sends a request with credentials and gives the final response.
func (p *tlsPhone) proved(method, uri, callID, contact, body string, extra ...string) msg {
	p.t.Helper()
	p.send(method, uri, callID, contact, body, extra...)
	m := p.final()
	if m.status() != 401 {
		p.t.Fatalf("%s without credentials: %s", method, m.start)
	}
	c, err := digest.ParseChallenge(m.get("www-authenticate"))
	if err != nil {
		p.t.Fatal(err)
	}
	if method == "INVITE" {
		p.ack(m, uri, callID)
	}
	cred, err := digest.Digest(c, digest.Options{Method: method, URI: uri, Username: p.user, Password: "secret"})
	if err != nil {
		p.t.Fatal(err)
	}
	p.send(method, uri, callID, contact, body, append(extra, "Authorization: "+cred.String())...)
	return p.final()
}

func (p *tlsPhone) ack(m msg, uri, callID string) {
	fmt.Fprintf(p.c, "ACK %s SIP/2.0\r\nVia: %s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d ACK\r\nContent-Length: 0\r\n\r\n",
		uri, m.get("via"), m.get("from"), m.get("to"), callID, p.seq)
}

func (p *tlsPhone) contact() string {
	return fmt.Sprintf("<sip:%s@%s;transport=tls>", p.user, p.c.LocalAddr())
}

// TestPhoneByTLS signs on, is called over the connection it made, with keys in the
// offer, and answers with its own.
func TestPhoneByTLS(t *testing.T) {
	e, told, pool := tlsBox(t, nil)
	p := dialPhone(t, e, pool, "202")
	if m := p.proved("REGISTER", "sip:box.local", "reg", p.contact(), "", "Expires: 300"); m.status() != 200 {
		t.Fatal(m.start)
	}
	l, refused := e.Make("sip/202")
	if refused != nil {
		t.Fatal(refused)
	}
	l.Ring(leg.Caller{Number: "201"})
	inv := p.read()
	if inv.method() != "INVITE" || !strings.Contains(inv.get("via"), "SIP/2.0/TLS") || !strings.Contains(inv.get("contact"), "transport=tls") {
		t.Fatalf("%s\n%v", inv.start, inv.head)
	}
	if !strings.Contains(inv.body, "RTP/SAVP") || !strings.Contains(inv.body, "AES_CM_128_HMAC_SHA1_80 inline:") {
		t.Fatalf("offer without keys:\n%s", inv.body)
	}
	tag := ""
	for line := range strings.Lines(inv.body) {
		if v, ok := strings.CutPrefix(line, "a=crypto:"); ok && strings.Contains(v, "HMAC_SHA1_80") {
			tag, _, _ = strings.Cut(v, " ")
		}
	}
	body := strings.Replace(soundAt("127.0.0.1", 41000), "RTP/AVP", "RTP/SAVP", 1) + "a=crypto:" + tag + " AES_CM_128_HMAC_SHA1_80 inline:" + key30 + "\r\n"
	fmt.Fprintf(p.c, "SIP/2.0 200 OK\r\nVia: %s\r\nFrom: %s\r\nTo: %s;tag=x\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: %s\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s",
		inv.get("via"), inv.get("from"), inv.get("to"), inv.get("call-id"), inv.get("cseq"), p.contact(), len(body), body)
	if m := p.read(); m.method() != "ACK" {
		t.Fatalf("%s", m.start)
	}
	w := <-told
	if w.r.Kind != leg.Answered || l.(*Leg).sound == nil {
		t.Fatalf("%+v", w.r)
	}
	l.Hangup(leg.Normal)
	if m := p.read(); m.method() != "BYE" {
		t.Fatalf("%s", m.start)
	}
}

// TestCallsByTLS: what a phone may offer, and a sips: address stays one.
func TestCallsByTLS(t *testing.T) {
	e, told, pool := tlsBox(t, nil)
	p := dialPhone(t, e, pool, "202")
	plain := soundAt("127.0.0.1", 41000)
	if m := p.proved("INVITE", "sips:600@box.local", "c1", p.contact(), plain); m.status() != 488 {
		t.Errorf("plain sound of a station that must encrypt: %s", m.start)
	}
	secure := strings.Replace(plain, "RTP/AVP", "RTP/SAVP", 1)
	if m := p.proved("INVITE", "sips:600@box.local", "c2", p.contact(), secure+"a=crypto:x AES_CM_128_HMAC_SHA1_80 inline:"+key30+"\r\n"); m.status() != 488 {
		t.Errorf("a tag that is none: %s", m.start)
	}
	go func() {
		for w := range told { // refused calls are told too
			if w.r.Kind == leg.Offered && w.r.Cause == "" {
				w.l.Answer()
				return
			}
		}
	}()
	m := p.proved("INVITE", "sips:600@box.local", "c3", fmt.Sprintf("<sips:202@%s>", p.c.LocalAddr()), secure+"a=crypto:4 AES_CM_128_HMAC_SHA1_32 inline:"+key30+"\r\n")
	if m.status() != 200 || !strings.Contains(m.body, "RTP/SAVP") || !strings.Contains(m.body, "a=crypto:4 AES_CM_128_HMAC_SHA1_32 inline:") || strings.Contains(m.body, key30) {
		t.Errorf("%s\n%s", m.start, m.body)
	}
	if !strings.Contains(m.get("contact"), "<sips:") {
		t.Errorf("contact of a sips: call is %s", m.get("contact"))
	}
}

// TestStrangersOverConnections leave room for others: by TLS, without it, and over web
// sockets.
func TestStrangersOverConnections(t *testing.T) {
	e, _, pool := tlsBox(t, func(c *Config) { c.Limits.PerSourceConnections = 3 })
	for range 3 {
		c, err := net.Dial("tcp", e.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		opened(t, e)
	}
	plain, err := net.Dial("tcp", e.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	_ = plain.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := plain.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the fourth of one address by TCP: %v", err)
	}
	if _, err := knocks(t, e); err == nil {
		t.Error("the fourth web socket of one address is taken")
	}
	var held []net.Conn
	for range 3 {
		c, err := net.Dial("tcp", e.AddrTLS().String()) // says nothing
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		held = append(held, c)
	}
	c, err := net.Dial("tcp", e.AddrTLS().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := c.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the fourth of one address: %v", err)
	}
	held[0].Close()
	for end := time.Now().Add(5 * time.Second); ; {
		c, err := tls.Dial("tcp", e.AddrTLS().String(), &tls.Config{RootCAs: pool, ServerName: "box.local"})
		if err == nil {
			c.Close()
			break
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}

// TestDoorByTLSMoves and closes while calls and registrations stay.
func TestDoorByTLSMoves(t *testing.T) {
	e, _, pool := tlsBox(t, nil)
	p := dialPhone(t, e, pool, "201")
	if m := p.proved("REGISTER", "sip:box.local", "reg", p.contact(), "", "Expires: 300"); m.status() != 200 {
		t.Fatal(m.start)
	}
	was := e.AddrTLS()
	if err := e.ListenTLS("127.0.0.2:0"); err != nil {
		t.Fatal(err)
	}
	if e.AddrTLS().Addr() == was.Addr() {
		t.Error("not moved")
	}
	if m := p.proved("REGISTER", "sip:box.local", "reg", p.contact(), "", "Expires: 300"); m.status() != 200 {
		t.Errorf("over the old connection: %s", m.start)
	}
	if err := e.ListenTLS(""); err != nil || e.AddrTLS().IsValid() {
		t.Errorf("not closed: %v %v", err, e.AddrTLS())
	}
	if c, err := net.Dial("tcp", was.String()); err == nil {
		c.Close()
		t.Error("the old port still answers")
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if err := e.ListenTLS(taken.Addr().String()); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a port that is taken: %v", err)
	}
}
