// Package number knows telephone numbers: what of a text can be dialled, when a
// dialled number is complete, when two texts mean the same subscriber.
//
// The dial plan, callers' names and searches ask it. It looks nothing up.
package number

import "strings"

// Max bounds a dialled number: 15 digits of E.164 with an international and an
// outside prefix, rounded up.
const Max = 24

// Clean keeps what can be dialled: digits, star, hash and a leading plus. Other
// characters, as people write them in between, are dropped.
func Clean(s string) string {
	if strings.Trim(s, "0123456789") == "" && len(s) <= Max {
		return s // the usual case, without a copy
	}
	var b strings.Builder
	for _, r := range s {
		digit := '0' <= r && r <= '9' || r == '*' || r == '#'
		if digit || r == '+' && b.Len() == 0 {
			b.WriteRune(r)
		}
		if b.Len() == Max {
			break
		}
	}
	return b.String()
}

// plans are what the national numbering plans say of lengths, as far as a number
// can be known to be complete while it is dialled.
//
// ES: 9 digits beginning 6 to 9 (Plan Nacional de Numeración Telefónica); short
// numbers begin 0 or 1. US: 10 digits, or 11 with the long-distance 1 (NANP).
// FR: 10 digits beginning 0. MX: 10 digits. IT, GB, DE, AR and BR have numbers of
// several lengths, so the pause decides there; in BR a long-distance carrier's code
// belongs after the 0, which the dial plan's rules put in.
var plans = map[string]struct {
	first   string // leading digits this is true of
	length  int
	country string // calling code
	abroad  string // international prefix
	trunk   string // before a national number, left out after the calling code
}{
	"ES": {"6789", 9, "34", "00", ""},
	"US": {"23456789", 10, "1", "011", "1"},
	"IT": {"", 0, "39", "00", ""},
	"GB": {"", 0, "44", "00", "0"},
	"FR": {"0", 10, "33", "00", "0"},
	"DE": {"", 0, "49", "00", "0"},
	"MX": {"23456789", 10, "52", "00", ""},
	"AR": {"", 0, "54", "00", "0"},
	"BR": {"", 0, "55", "00", "0"},
}

// Dialled turns a number with a leading plus into what is dialled in the country:
// the national number, or one with the international prefix. Others stay.
func Dialled(country, s string) string {
	rest, plus := strings.CutPrefix(s, "+")
	p, known := plans[country]
	if !plus || !known {
		return rest
	}
	if own, ok := strings.CutPrefix(rest, p.country); ok {
		return p.trunk + own
	}
	return p.abroad + rest
}

// Complete reports whether no further digit can belong to a national number of
// the country (ISO code).
func Complete(country, digits string) bool {
	p := plans[country]
	if country == "US" && strings.HasPrefix(digits, "1") {
		digits = digits[1:]
	}
	return p.length > 0 && len(digits) == p.length && strings.Contains(p.first, digits[:1])
}

// Same reports whether two numbers mean one subscriber in a country: equal after
// cleaning, or one of them is the other with the country's calling code.
func Same(country, a, b string) bool {
	a, b = national(country, Clean(a)), national(country, Clean(b))
	return a == b && a != ""
}

func national(country, s string) string {
	code := plans[country].country
	if code == "" {
		return s
	}
	for _, prefix := range []string{"+", "00"} {
		if rest, ok := strings.CutPrefix(s, prefix+code); ok {
			return rest
		}
	}
	if p := plans[country]; p.length > 0 && len(s) == p.length+len(code) {
		return strings.TrimPrefix(s, code)
	}
	return s
}
