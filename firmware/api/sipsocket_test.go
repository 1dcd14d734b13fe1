package api

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"crypto/tls"
)

// TestSocketOfABrowsersPhone: who is handed over to SIP and who is not.
func TestSocketOfABrowsersPhone(t *testing.T) {
	f := build(t)
	took := make(chan string, 1)
	f.h = New(Options{Features: features, Box: f.box, Gate: f.gate, SIPSocket: func(c net.Conn, head []byte) {
		took <- string(head)
		c.Close()
	}})
	secure := httptest.NewTLSServer(f.h)
	defer secure.Close()
	plain := httptest.NewServer(f.h)
	defer plain.Close()
	for name, c := range map[string]struct {
		server  *httptest.Server
		headers string
		taken   bool
	}{
		"a page of the box":      {secure, "Sec-WebSocket-Protocol: sip\r\nOrigin: https://HOST\r\n", true},
		"no browser":             {secure, "Sec-WebSocket-Protocol: other, sip\r\n", true},
		"a page of another":      {secure, "Sec-WebSocket-Protocol: sip\r\nOrigin: https://evil.example\r\n", false},
		"a page of no one":       {secure, "Sec-WebSocket-Protocol: sip\r\nOrigin: null\r\n", false},
		"another subprotocol":    {secure, "Sec-WebSocket-Protocol: chat\r\n", false},
		"without TLS":            {plain, "Sec-WebSocket-Protocol: sip\r\n", false},
		"from a plain page":      {secure, "Sec-WebSocket-Protocol: sip\r\nOrigin: http://HOST\r\n", false},
		"with a line of its own": {secure, "Sec-WebSocket-Protocol: sip\r\nX-Other: a\r\n", true},
	} {
		host := strings.TrimPrefix(strings.TrimPrefix(c.server.URL, "https://"), "http://")
		var conn net.Conn
		var err error
		if c.server == secure {
			conn, err = tls.Dial("tcp", host, &tls.Config{InsecureSkipVerify: true})
		} else {
			conn, err = net.Dial("tcp", host)
		}
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
		_, _ = io.WriteString(conn, "GET /sip HTTP/1.1\r\nHost: "+host+"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"+
			strings.ReplaceAll(c.headers, "HOST", host)+"\r\nfirst frame")
		if c.taken {
			head := <-took
			if !strings.HasPrefix(head, "GET /sip HTTP/1.1\r\n") || !strings.Contains(head, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n") || strings.Contains(head, "X-Other") {
				t.Errorf("%s: %q", name, head)
			}
		} else if res, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil || res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %v %v", name, res, err)
		}
		conn.Close()
	}
}
