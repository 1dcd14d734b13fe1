package settings

import (
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Show writes a part of the tree as YAML, passwords as stars. No words show all.
func Show(t *Tree, words ...string) (string, error) {
	shown := t.Clone()
	for i := range shown.Trunks {
		mask(&shown.Trunks[i].Password)
	}
	for i := range shown.Stations {
		if shown.Stations[i].SIP != nil {
			mask(&shown.Stations[i].SIP.Password)
		}
	}
	v, err := walk(reflect.ValueOf(shown).Elem(), words)
	if err != nil {
		return "", err
	}
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return "", nil
	}
	if v.CanAddr() && v.Type() == reflect.TypeFor[Tree]() {
		return string(shown.Marshal()), nil
	}
	b, mErr := yaml.Marshal(v.Interface())
	if mErr != nil {
		panic(fmt.Sprintf("settings: a part of plain values does not marshal: %v", mErr))
	}
	return string(b), nil
}

func mask(password *string) {
	if *password != "" {
		*password = "********"
	}
}

// walk goes to a part by words.
func walk(v reflect.Value, words []string) (reflect.Value, error) {
	path := ""
	for _, w := range words {
		if v.Kind() == reflect.Pointer {
			v = reflect.Indirect(v)
		}
		next := reflect.Value{}
		var names []string
		switch v.Kind() {
		case reflect.Struct:
			names, next = FieldNames(v.Type()), byYAML(v, w)
		case reflect.Slice:
			names = namesOf(v)
			if i := findAny(v, w); i >= 0 {
				next = v.Index(i)
			}
		case reflect.Map:
			names, next = namesOf(v), v.MapIndex(reflect.ValueOf(w))
		}
		if !next.IsValid() {
			return v, missing(path, w, strings.Join(names, ", "))
		}
		v, path = next, path+"["+w+"]"
	}
	return v, nil
}
