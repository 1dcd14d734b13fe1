package sip

import (
	"strings"
	"unicode"
)

// What people and far ends write goes into headers only through these: the
// serializer writes every value as it stands, and a line end in a name would
// begin a header of its own.

// clean makes a text fit for a quoted display name or a header value: no
// controls, no quote or backslash, at most size bytes.
func clean(s string, size int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '"' || r == '\\' || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, s)
	if len(s) > size {
		s = strings.ToValidUTF8(s[:size], "")
	}
	return strings.TrimSpace(s)
}

// userMax bounds the user part of an address we write: E.164 has 15 digits, the
// longest names of accounts 64 characters.
const userMax = 64

// cleanUser makes a text fit for the user part of a URI: what RFC 3261 allows
// there bare, a hash escaped, the rest dropped.
func cleanUser(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', strings.IndexByte("+*-_.!~", c) >= 0:
			b.WriteByte(c)
		case c == '#':
			b.WriteString("%23") // not among the characters allowed bare
		}
	}
	if b.Len() > userMax {
		return b.String()[:userMax]
	}
	return b.String()
}

// printable reports whether s has no control characters and nothing beyond
// ASCII: what a URI must be.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
