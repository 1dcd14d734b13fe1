package sip

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"

	"github.com/gobwas/ws"
)

// browser is the far end of a web socket, as a stream. It cuts what it says into two
// fragments with a ping between them, as it may.
type browser struct {
	net.Conn
	rest  []byte
	pongs int
	pings int
}

func (b *browser) Write(p []byte) (int, error) {
	half := len(p) / 2
	for _, f := range []ws.Frame{
		ws.NewFrame(ws.OpText, false, bytes.Clone(p[:half])), ws.NewPingFrame([]byte("there?")), ws.NewFrame(ws.OpContinuation, true, bytes.Clone(p[half:])),
	} {
		if err := ws.WriteFrame(b.Conn, ws.MaskFrame(f)); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

func (b *browser) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		f, err := ws.ReadFrame(b.Conn)
		if err != nil {
			return 0, err
		}
		switch f.Header.OpCode {
		case ws.OpPong:
			if string(f.Payload) == "there?" {
				b.pongs++
			}
		case ws.OpPing:
			b.pings++
		case ws.OpText:
			b.rest = f.Payload
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// opened is a web socket to the box, taken over as the web server would.
func opened(t *testing.T, e *Endpoint) *browser {
	t.Helper()
	b, err := knocks(t, e)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// knocks is opened, or why it was not.
func knocks(t *testing.T, e *Endpoint) (*browser, error) {
	t.Helper()
	server, pool := serverFor(t, "box.local")
	l, err := tls.Listen("tcp", "127.0.0.1:0", server)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		var head []byte
		for r := bufio.NewReader(c); !bytes.HasSuffix(head, []byte("\r\n\r\n")); {
			line, err := r.ReadBytes('\n')
			if err != nil {
				return
			}
			head = append(head, line...)
		}
		e.TakeWebSocket(c, head)
	}()
	return dialBrowser(t, l.Addr().String(), pool)
}

func dialBrowser(t *testing.T, addr string, pool *x509.CertPool) (*browser, error) {
	t.Helper()
	c, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: pool, ServerName: "box.local"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(15 * time.Second))
	u, _ := url.Parse("wss://box.local/sip")
	r, h, err := (&ws.Dialer{Protocols: []string{"sip"}}).Upgrade(c, u)
	if err != nil || h.Protocol != "sip" || r != nil && r.Buffered() > 0 {
		return nil, fmt.Errorf("%w, subprotocol %q", err, h.Protocol)
	}
	return &browser{Conn: c}, nil
}

// A web socket on which nobody proves who he is ends when a sign-on would have been
// over, whatever is said on it and in the middle of a frame; one that is known ends
// when three pings were not answered.
func TestSilentWebSocketEnds(t *testing.T) {
	for name, c := range map[string]struct {
		says   func(net.Conn)
		friend bool
		after  time.Duration
	}{
		"silent":       {func(net.Conn) {}, false, strangerIdle},
		"half a head":  {func(c net.Conn) { _, _ = c.Write([]byte{0x81}) }, false, strangerIdle},
		"half a frame": {func(c net.Conn) { _, _ = c.Write([]byte{0x81, 0x85, 0, 0, 0, 0, 'h'}) }, false, frameWrite},
		"talkative": {func(c net.Conn) {
			for ws.WriteFrame(c, ws.MaskFrame(ws.NewPingFrame(nil))) == nil {
				time.Sleep(3 * time.Second)
			}
		}, false, strangerIdle},
		"known and gone": {func(net.Conn) {}, true, framesIdle},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, away := net.Pipe()
				defer near.Close()
				f := &friends{}
				p := newFramed(away, []byte("GET /sip HTTP/1.1\r\n\r\n"), f)
				f.of[p.addr] = c.friend
				go func() { _, _ = io.Copy(io.Discard, near) }()
				var speaker sync.WaitGroup
				speaker.Go(func() { c.says(near) })
				began := time.Now()
				_, err := io.Copy(io.Discard, p)
				if took := time.Since(began); !errors.Is(err, os.ErrDeadlineExceeded) || took < c.after || took > c.after+time.Second {
					t.Errorf("ended after %v with %v, want %v", took, err, c.after)
				}
				p.Close()
				speaker.Wait()
			})
		})
	}
}

// TestPhoneInABrowser signs on and calls, and is called over its web socket.
func TestPhoneInABrowser(t *testing.T) {
	e, told, _ := tlsBox(t, nil)
	b := opened(t, e)
	p := &tlsPhone{t: t, c: b, in: bufio.NewReader(b), user: "201", via: "WSS"}
	contact := "<sip:201@df7jal23ls0d.invalid;transport=ws>"
	if m := p.proved("REGISTER", "sip:box.local", "reg", contact, "", "Expires: 300"); m.status() != 200 {
		t.Fatal(m.start)
	}
	if b.pongs < 2 {
		t.Errorf("%d pings answered", b.pongs)
	}
	go func() { (<-told).l.Answer() }()
	m := p.proved("INVITE", "sip:600@box.local", "call", contact, soundAt("127.0.0.1", 41000))
	if m.status() != 200 || !strings.Contains(m.get("contact"), "transport=ws") {
		t.Fatalf("%s %s", m.start, m.get("contact"))
	}
	l, refused := e.Make("sip/201")
	if refused != nil {
		t.Fatal(refused)
	}
	l.Ring(leg.Caller{Number: "202"})
	for {
		m := p.read()
		if m.method() == "INVITE" && strings.Contains(m.get("via"), "SIP/2.0/WSS") {
			break
		}
	}
	l.Hangup(leg.Cancelled)
}

// TestFramesThatAreNone end the connection.
func TestFramesThatAreNone(t *testing.T) {
	e, _, _ := tlsBox(t, nil)
	for name, f := range map[string]ws.Frame{
		"not masked":        ws.NewTextFrame([]byte("hello")),
		"too long":          ws.MaskFrame(ws.NewTextFrame(make([]byte, datagramMax+1))),
		"goes on with none": ws.MaskFrame(ws.NewFrame(ws.OpContinuation, true, []byte("x"))),
		"of no kind":        ws.MaskFrame(ws.NewFrame(7, true, []byte("x"))),
		"long ping":         ws.MaskFrame(ws.NewFrame(ws.OpPing, true, make([]byte, 126))),
		"farewell":          ws.MaskFrame(ws.NewCloseFrame(nil)),
	} {
		b := opened(t, e)
		if err := ws.WriteFrame(b.Conn, f); err != nil {
			continue // ended before it was all said
		}
		if n, err := b.Read(make([]byte, 10)); err == nil {
			t.Errorf("%s: %d bytes came back", name, n)
		}
	}
}

func FuzzFrames(f *testing.F) {
	var good bytes.Buffer
	_ = ws.WriteFrame(&good, ws.MaskFrame(ws.NewTextFrame([]byte("OPTIONS sip:a SIP/2.0\r\n\r\n"))))
	f.Add(good.Bytes())
	f.Add([]byte{0x89, 0x80, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		near, away := net.Pipe()
		defer near.Close()
		go func() { _, _ = io.Copy(io.Discard, near) }()
		p := newFramed(away, append([]byte("GET /sip HTTP/1.1\r\n\r\n"), b...), &friends{})
		go func() { time.Sleep(time.Millisecond); near.Close() }()
		n, _ := io.Copy(io.Discard, p)
		p.Close()
		if n > int64(len(b))*20+100 {
			t.Errorf("%d bytes of %d", n, len(b))
		}
	})
}
