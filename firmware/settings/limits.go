package settings

import (
	"reflect"
	"slices"
	"strings"
)

// What may stand at a place is asked of the checks themselves: an impossible value
// is put there in a copy of the tree, and the complaint names what is possible. So
// completion, help and checks cannot say different things.
const (
	noWord   = "¿"
	noNumber = "2147483647"
	noTime   = "36499d"
)

// limits are the words a plain place takes or, where it is free, what is wanted:
// "-5..5", "1m..24h", "number", "15s", "text".
func (t *Tree) limits(words []string, typ reflect.Type) (next []string, wants string) {
	switch {
	case typ == reflect.TypeFor[Duration]():
		return nil, t.span(words, noTime, "15s")
	case typ.Kind() == reflect.Int:
		return nil, t.span(words, noNumber, "number")
	}
	if p, ok := t.complaint(append(slices.Clone(words), noWord), noWord, "choice", "country"); ok {
		return strings.Split(p.Args[1], ", "), ""
	}
	return nil, "text"
}

func (t *Tree) span(words []string, probe, free string) string {
	p, ok := t.complaint(append(slices.Clone(words), probe), probe, "range")
	if !ok || len(p.Args) < 3 {
		return free
	}
	return p.Args[1] + ".." + p.Args[2]
}

// keys are the words that a map takes as its keys, nil where any will do.
func (t *Tree) keys(words []string, typ reflect.Type) []string {
	value := "1"
	if typ.Elem().Kind() == reflect.String {
		value = "service/echo"
	}
	p, ok := t.complaint(append(slices.Clone(words), noWord, value), noWord, "choice", "weekday")
	if !ok {
		return nil
	}
	return strings.Split(p.Args[1], ", ")
}

// complaint is what the checks say of a value at a place.
func (t *Tree) complaint(words []string, value string, codes ...string) (Problem, bool) {
	next := t.Clone()
	if set(reflect.ValueOf(next).Elem(), words, "") != nil {
		return Problem{}, false
	}
	for _, p := range next.Validate() {
		if p.Value == value && len(p.Args) > 1 && slices.Contains(codes, strings.TrimPrefix(p.Reason, "settings.problem.")) {
			return p, true
		}
	}
	return Problem{}, false
}
