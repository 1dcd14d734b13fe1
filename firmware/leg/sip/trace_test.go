package sip

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A trace of a station shows its registration, without the answer to the challenge,
// and nothing of another's.
func TestTrace(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		of, other := b.e.Trace("201", ""), b.e.Trace("999", "")
		defer other.Close()
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.register(600)
		b.phoneNews(false)
		synctest.Wait() // what was sent is traced after it is sent
		var text strings.Builder
		sent := 0
		for len(of.C) > 0 {
			m := <-of.C
			if m.Sent {
				sent++
			}
			if m.Far != "10.0.0.5:5060" || m.Transport != "UDP" || time.Since(m.At) > time.Minute {
				t.Errorf("%+v", m)
			}
			text.WriteString(m.Text)
		}
		if !contains(text.String(), "REGISTER sip:10.0.0.1", "401 ", "Authorization: Digest", `username="201"`, `response="***"`, "200 OK") || sent < 2 {
			t.Errorf("%d sent: %s", sent, text.String())
		}
		if n := len(other.C); n != 0 {
			t.Errorf("%d messages of somebody else", n)
		}
		of.Close()
		of.Close()
		p.register(0)
		if len(of.C) != 0 {
			t.Error("a trace that was closed goes on")
		}
	})
}

// A reader that does not read costs messages, never time or room.
func TestTraceIsBounded(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		all := b.e.Trace("", "")
		defer all.Close()
		for range 3 * tracesAhead {
			showTraces(false, "UDP", farEnd("10.0.0.9:5060"), []byte("OPTIONS sip:x SIP/2.0\r\n\r\n"))
		}
		if all.Missed() != 2*tracesAhead || len(all.C) != tracesAhead {
			t.Error(all.Missed(), len(all.C))
		}
	})
}

func TestNoSecretsInTraces(t *testing.T) {
	for in, want := range map[string]string{
		"Proxy-Authorization: Basic dXNlcjpwYXNz\r\nX: y":                  "Proxy-Authorization: Basic ***\r\nX: y",
		`Authorization: Digest username="a", response="0123", cnonce="zz"`: `Authorization: Digest username="a", response="***", cnonce="***"`,
		"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwg|2^20":  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:***|2^20",
		"a=ice-ufrag:abc\r\na=ice-pwd:geheim\r\n":                          "a=ice-ufrag:abc\r\na=ice-pwd:***\r\n",
		"Signal=5\r\nDuration=100":                                         "Signal=***\r\nDuration=100",
		"MESSAGE sip:1 SIP/2.0\r\nA: b\r\n\r\nmeet me at 8":                "MESSAGE sip:1 SIP/2.0\r\nA: b\r\n\r\n***",
		"INVITE sip:1;password=x@y SIP/2.0\r\n":                            "INVITE sip:1;password=*** SIP/2.0\r\n",
	} {
		if got := string(withoutSecrets([]byte(in))); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
