package number

import "strings"

// Form is how numbers are written.
type Form string

// The forms; "" leaves a number as it is.
const (
	E164         Form = "e164"     // +34912345678
	Bare         Form = "bare"     // 34912345678
	DoubleZero   Form = "00"       // 0034912345678
	NationalForm Form = "national" // as it is dialled in the country
)

// Global is the E.164 number, without plus, of what is dialled in a country; false
// for short numbers, and where it cannot be known.
func Global(country, s string) (string, bool) {
	p, known := plans[country]
	if rest, ok := abroad(country, s); ok || !known {
		return rest, ok && len(rest) >= 7 && digits(rest)
	}
	if !digits(s) || len(s) < 7 {
		return "", false
	}
	switch {
	case country == "US":
		s = strings.TrimPrefix(s, "1")
		return p.country + s, len(s) == 10
	case p.length > 0 && p.trunk == "":
		return p.country + s, len(s) == p.length && strings.Contains(p.first, s[:1])
	case country == "IT":
		kind, _ := longest(country, s, true)
		return p.country + s, kind != ""
	}
	rest, ok := strings.CutPrefix(s, p.trunk)
	return p.country + rest, ok
}

// Write gives a number in a form; one that has no such form stays as it is.
func Write(country string, f Form, s string) string {
	if f == "" {
		return s
	}
	global, ok := Global(country, s)
	if f == NationalForm && !ok {
		// A provider may write its own country's numbers without any prefix.
		if code := plans[country].country; code != "" && strings.HasPrefix(s, code) && digits(s) {
			if own := Dialled(country, "+"+s); KindOf(country, own) != Other {
				return own
			}
		}
	}
	if !ok {
		return s
	}
	switch f {
	case E164:
		return "+" + global
	case Bare:
		return global
	case DoubleZero:
		return "00" + global
	}
	return Dialled(country, "+"+global)
}

// Change writes a number for somebody else: a prefix is taken away, then it is
// written in a form, then another prefix is set before it.
func Change(country string, f Form, strip, add, s string) string {
	if strip != "" {
		s = strings.TrimPrefix(s, strip)
	}
	return add + Write(country, f, s)
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
