package sip

import (
	"strings"
	"testing"
)

func TestCredentials(t *testing.T) {
	c, ok := parseCredentials(`Digest username="a\"b", realm="r, s",nonce="n==" ,uri="sip:x;p=1", algorithm=SHA-256,  qop=auth, nc=0000001f, cnonce="", response="00", opaque="o"`)
	if !ok || c.username != `a"b` || c.realm != "r, s" || c.nonce != "n==" || c.uri != "sip:x;p=1" || c.algorithm != "SHA-256" ||
		c.qop != "auth" || c.count != 0x1f || c.cnonce != "" || c.response != "00" {
		t.Errorf("%+v, %v", c, ok)
	}
	if c, ok = parseCredentials(`digest username=a, qop="auth"`); !ok || c.username != "a" || c.qop != "auth" {
		t.Errorf("tokens and quotes changed: %+v, %v", c, ok)
	}
	for _, bad := range []string{
		"", "Digest", "Basic dXNlcg==", "Digest username", `Digest username="a`, `Digest username="a\`, `Digest username="a"b`,
		`Digest username="a", username="b"`, "Digest " + strings.Repeat("x", credentialsMax),
	} {
		if c, ok := parseCredentials(bad); ok {
			t.Errorf("%q gives %+v", bad, c)
		}
	}
}

func FuzzCredentials(f *testing.F) {
	f.Add(`Digest username="a\"b", realm="r, s",nonce="n==" ,uri="sip:x;p=1", algorithm=SHA-256,qop=auth,nc=0000001f,cnonce="",response="00"`)
	f.Add(`digest  username = a , nc=zz, qop="auth`)
	f.Fuzz(func(t *testing.T, v string) {
		if c, ok := parseCredentials(v); ok && c.count < 0 {
			t.Errorf("%q gives a count of %d", v, c.count)
		}
	})
}
