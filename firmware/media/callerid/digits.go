package callerid

import "strings"

// MaxDigits is the longest string of a caller ID sent as DTMF.
const MaxDigits = 64

// ParseDigits reads caller ID that came as DTMF digits, in the forms in use:
// A<number>D<redirected>B<reason>C and parts of it (Brazil, the Netherlands, the
// Nordic countries, India), A<number>#, D<number>C or #, D1# to D3# for reasons,
// and <number># or <number>C alone. It reports false for anything else.
func ParseDigits(s string) (Message, bool) {
	m := Message{Kind: Call}
	if len(s) < 2 || len(s) > MaxDigits {
		return m, false
	}
	end := s[len(s)-1]
	if end != 'C' && end != '#' {
		return m, false
	}
	s = s[:len(s)-1]
	switch {
	case s[0] == 'D' && end == '#' && len(s) == 2:
		return m, m.reason(s[1:])
	case s[0] != 'A' && s[0] != 'B' && s[0] != 'D':
		return m, m.number(s)
	}
	return m, m.parts(s)
}

// parts reads fields that begin with a letter each. Nobody's number is 10 or 00.
func (m *Message) parts(s string) bool {
	some := false
	only := s[0]
	for len(s) > 0 {
		n := strings.IndexAny(s[1:], "ABD") + 1
		if n == 0 {
			n = len(s)
		}
		kind, v := s[0], s[1:n]
		s = s[n:]
		switch {
		case kind == 'B', kind != 'B' && (v == "10" || v == "00"):
			some = m.reason(v) || some
		case kind == 'A' && v != "", kind == 'D' && only == 'D':
			if !m.number(v) {
				return false
			}
			some = true
		}
	}
	return some
}

func (m *Message) number(v string) bool {
	n := clean(v, MaxNumber, dialled)
	if len(n) == 0 || len(n) != len(v) || strings.ContainsAny(v, "*#+") {
		return false
	}
	m.Number, m.NoNumber = string(n), Shown
	return true
}

// reason reads why there is no number: 10 and 1 restricted, 00 and others not
// available.
func (m *Message) reason(v string) bool {
	switch v {
	case "10", "1":
		m.NoNumber = Private
	case "00", "2", "3":
		m.NoNumber = Unavailable
	default:
		return false
	}
	return true
}
