package sip

import (
	"strconv"
	"strings"
)

// credentials are what an Authorization header of Digest says (RFC 7616 section
// 3.4).
type credentials struct {
	username, realm, nonce, uri, response, algorithm, cnonce, qop, nc string

	count int // nc as a number
}

// credentialsMax bounds what is read: a phone's are 300 bytes.
const credentialsMax = 2048

// parseCredentials reads a header's value; false is anything but Digest or a
// header that is no list of parameters, or names one twice.
func parseCredentials(v string) (c credentials, ok bool) {
	v = strings.TrimSpace(v)
	if len(v) > credentialsMax || len(v) < 7 || !strings.EqualFold(v[:6], "Digest") || v[6] != ' ' && v[6] != '\t' {
		return c, false
	}
	v = v[7:]
	for {
		v = strings.TrimLeft(v, " \t,")
		if v == "" {
			break
		}
		var key, value string
		if key, v, ok = strings.Cut(v, "="); !ok {
			return c, false
		}
		if value, v, ok = credentialValue(strings.TrimLeft(v, " \t")); !ok {
			return c, false
		}
		field := c.field(strings.TrimRight(key, " \t"))
		if field == nil {
			continue // opaque, userhash and what may come: not asked for
		}
		if *field != "" {
			return c, false
		}
		*field = value
	}
	if n, err := strconv.ParseUint(c.nc, 16, 31); err == nil {
		c.count = int(n)
	}
	return c, true
}

// credentialValue reads a token or a quoted string and gives the rest behind the
// comma.
func credentialValue(s string) (value, rest string, ok bool) {
	if s == "" || s[0] != '"' {
		value, rest, _ = strings.Cut(s, ",")
		value = strings.TrimRight(value, " \t")
		return value, rest, !strings.ContainsAny(value, `" `)
	}
	s = s[1:]
	end := strings.IndexAny(s, `"\`)
	if end >= 0 && s[end] == '"' { // nothing quoted within
		value, rest = s[:end], s[end+1:]
	} else {
		var b strings.Builder
		i := 0
		for ; i < len(s) && s[i] != '"'; i++ {
			if s[i] == '\\' && i+1 < len(s) {
				i++
			}
			b.WriteByte(s[i])
		}
		if i >= len(s) {
			return "", "", false
		}
		value, rest = b.String(), s[i+1:]
	}
	rest = strings.TrimLeft(rest, " \t")
	return value, strings.TrimPrefix(rest, ","), rest == "" || rest[0] == ','
}

func (c *credentials) field(name string) *string {
	switch strings.ToLower(name) {
	case "username":
		return &c.username
	case "realm":
		return &c.realm
	case "nonce":
		return &c.nonce
	case "uri":
		return &c.uri
	case "response":
		return &c.response
	case "algorithm":
		return &c.algorithm
	case "cnonce":
		return &c.cnonce
	case "qop":
		return &c.qop
	case "nc":
		return &c.nc
	}
	return nil
}
