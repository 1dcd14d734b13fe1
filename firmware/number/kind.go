package number

import (
	_ "embed"
	"strconv"
	"strings"
)

// Kind is what a call to a number costs by, as a person thinks of it.
type Kind string

// The kinds.
const (
	National      Kind = "national"      // a fixed line of the country, and short numbers of its services
	Mobile        Kind = "mobile"        // of the country
	Free          Kind = "free"          // the called pays
	Shared        Kind = "shared"        // dearer than national, within bounds: 901, 848, 0870
	Premium       Kind = "premium"       // the called earns: 806, 899, 09, 900
	International Kind = "international" // another country, also one that is dialled like a national number
	Other         Kind = "other"         // no number of the country, or the beginning of a dear one
)

// Kinds lists all.
var Kinds = []Kind{National, Mobile, Free, Shared, Premium, International, Other}

//go:embed kinds.tsv
var kindsDoc string

// rule says what numbers with a prefix are, by their whole length.
type rule struct {
	prefix      string
	least, most int
	kind        Kind
}

var rules = parseRules(kindsDoc)

// parseRules reads kinds.tsv: country, kind, lengths, prefixes.
func parseRules(doc string) map[string][]rule {
	by := map[string][]rule{}
	for line := range strings.Lines(doc) {
		f := strings.Fields(line)
		if len(f) < 4 || f[0] == "#" {
			continue
		}
		from, to, _ := strings.Cut(f[2], "-")
		least, _ := strconv.Atoi(from)
		most, err := strconv.Atoi(to)
		if err != nil {
			most = least
		}
		for _, p := range f[3:] {
			if p == "*" {
				p = ""
			}
			by[f[0]] = append(by[f[0]], rule{p, least, most, Kind(f[1])})
		}
	}
	return by
}

// KindOf is the kind of a number as it is dialled in a country (ISO code), with or
// without international prefix. The longest prefix decides, of those whose length
// fits where there are any. The beginning of a dear number is Other: what is missing
// may be dialled when the line is open.
func KindOf(country, s string) Kind {
	p, known := plans[country]
	if !known {
		return Other
	}
	if rest, ok := abroad(country, s); ok {
		own, ok := strings.CutPrefix(rest, p.country)
		if !ok {
			return International
		}
		if country == "US" {
			own = "1" + own
		} else if p.trunk != "" {
			own = p.trunk + own
		}
		s = own
	}
	kind, length := longest(country, s, true)
	if dear, n := longest(country, s, false); kind == "" || n > length && dear.dear() {
		kind = dear
	}
	if kind == "" || !kind.dear() && beginsDear(country, s) {
		return Other
	}
	return kind
}

func (k Kind) dear() bool { return k == Premium || k == International }

// longest is what the longest prefix says, of rules whose length fits or of all; ""
// where none begins the number.
func longest(country, s string, fits bool) (kind Kind, length int) {
	for _, r := range rules[country] {
		if strings.HasPrefix(s, r.prefix) && (kind == "" || len(r.prefix) > length) && (!fits || len(s) >= r.least && len(s) <= r.most) {
			kind, length = r.kind, len(r.prefix)
		}
	}
	return kind, length
}

// beginsDear reports whether further digits could make it a dear number, though as
// it stands it is too short for a number that is dialled whole.
func beginsDear(country, s string) bool {
	if fit, _ := longest(country, s, true); fit != "" {
		return false
	}
	if strings.HasPrefix(plans[country].abroad, s) {
		return true
	}
	for _, r := range rules[country] {
		if r.kind.dear() && strings.HasPrefix(r.prefix, s) {
			return true
		}
	}
	return false
}

// abroad is a number without its international prefix or plus.
func abroad(country, s string) (string, bool) {
	if rest, ok := strings.CutPrefix(s, "+"); ok {
		return rest, true
	}
	p, known := plans[country]
	if !known {
		return s, false
	}
	return strings.CutPrefix(s, p.abroad)
}
