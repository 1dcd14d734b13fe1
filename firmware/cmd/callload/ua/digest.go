package ua

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// challenge is what a server asks credentials by (RFC 7616, RFC 8760), kept for
// as long as it may be used again.
type challenge struct {
	proxy                          bool // 407
	realm, nonce, opaque, qop, alg string
	used                           int
}

// challengeOf reads the first challenge we can answer.
func challengeOf(m *Message) (*challenge, error) {
	name, proxy := "www-authenticate", false
	if m.Status() == 407 {
		name, proxy = "proxy-authenticate", true
	}
	for v := range m.values(name) {
		rest, ok := strings.CutPrefix(v, "Digest ")
		if !ok {
			continue
		}
		c := &challenge{proxy: proxy}
		for _, part := range commas(rest) {
			k, val, _ := strings.Cut(part, "=")
			val = strings.Trim(strings.TrimSpace(val), `"`)
			switch strings.ToLower(strings.TrimSpace(k)) {
			case "realm":
				c.realm = val
			case "nonce":
				c.nonce = val
			case "opaque":
				c.opaque = val
			case "qop":
				c.qop = val
			case "algorithm":
				c.alg = val
			}
		}
		if a := strings.ToUpper(c.alg); a == "" || a == "MD5" || a == "SHA-256" {
			return c, nil
		}
	}
	return nil, fmt.Errorf("no challenge that can be answered in %q", m.start())
}

// commas splits at the commas outside quotes.
func commas(s string) []string {
	var out []string
	from, quoted := 0, false
	for i := range len(s) {
		switch s[i] {
		case '"':
			quoted = !quoted
		case ',':
			if !quoted {
				out = append(out, s[from:i])
				from = i + 1
			}
		}
	}
	return append(out, s[from:])
}

// answer is the header line with credentials for one request; each counts the
// nonce up.
func (c *challenge) answer(user, password, method, uri string) string {
	c.used++
	hash := md5Hex
	if strings.EqualFold(c.alg, "SHA-256") {
		hash = shaHex
	}
	a1, a2 := hash(user+":"+c.realm+":"+password), hash(method+":"+uri)
	name := "Authorization"
	if c.proxy {
		name = "Proxy-Authorization"
	}
	line := name + `: Digest username="` + user + `",realm="` + c.realm + `",nonce="` + c.nonce + `",uri="` + uri + `"`
	if c.alg != "" {
		line += ",algorithm=" + c.alg
	}
	if c.opaque != "" {
		line += `,opaque="` + c.opaque + `"`
	}
	if c.qop == "" { // RFC 2069, which some servers still speak
		return line + `,response="` + hash(a1+":"+c.nonce+":"+a2) + `"`
	}
	cnonce, nc := token(), fmt.Sprintf("%08x", c.used)
	return line + `,qop=auth,nc=` + nc + `,cnonce="` + cnonce + `",response="` + hash(a1+":"+c.nonce+":"+nc+":"+cnonce+":auth:"+a2) + `"`
}

func md5Hex(s string) string {
	h := md5.Sum([]byte(s))
	return hex.EncodeToString(h[:])
}

func shaHex(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}
