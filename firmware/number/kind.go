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
	Other         Kind = "other"         // no number of the country, or the beginning of one
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
// without international prefix. The longest prefix decides; a number whose length
// does not fit is Other, for what is missing may be dialled when the line is open.
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
	best := rule{kind: Other}
	found := -1
	for _, r := range rules[country] {
		if len(r.prefix) > found && strings.HasPrefix(s, r.prefix) && len(s) >= r.least && len(s) <= r.most {
			best, found = r, len(r.prefix)
		}
	}
	if best.kind != Premium && best.kind != International && longerPremium(country, s, found) {
		return Other
	}
	return best.kind
}

// longerPremium reports whether digits begin with a dear prefix longer than the one
// that decided: their length fits no number of it, but it must not pass for less.
func longerPremium(country, s string, than int) bool {
	for _, r := range rules[country] {
		if (r.kind == Premium || r.kind == International) && len(r.prefix) > than && strings.HasPrefix(s, r.prefix) {
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
