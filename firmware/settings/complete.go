package settings

import (
	"maps"
	"reflect"
	"slices"

	"centralita/firmware/id"
)

// Next says which words can follow the given ones in Set, Delete and Show, and
// what is wanted when it is not one of them ("" when only these can): "name",
// "15s", "text", "number". It is what a console completes from; the grammar is
// the tree's types themselves.
func Next(t *Tree, words ...string) (next []string, wants string) {
	v := reflect.ValueOf(t).Elem()
	field := ""
	for i, w := range words {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v = reflect.New(v.Type().Elem())
			}
			v = v.Elem()
		}
		switch v.Kind() {
		case reflect.Struct:
			field = w
			if v = byYAML(v, w); !v.IsValid() {
				return nil, ""
			}
		case reflect.Slice:
			if v.Type().Elem().Kind() != reflect.Struct {
				return t.values(words[:i], field, v.Type().Elem())
			}
			if at := find(v, w); at >= 0 {
				v = v.Index(at)
			} else {
				v = reflect.New(v.Type().Elem()).Elem()
			}
		case reflect.Map:
			if one := v.MapIndex(reflect.ValueOf(w)); one.IsValid() {
				v = one
			} else {
				v = reflect.New(v.Type().Elem()).Elem()
			}
		default:
			return nil, ""
		}
	}
	return t.following(v, words, field)
}

func (t *Tree) following(v reflect.Value, words []string, field string) ([]string, string) {
	if v.Kind() == reflect.Pointer {
		v = reflect.New(v.Type().Elem()).Elem()
	}
	switch v.Kind() {
	case reflect.Struct:
		return FieldNames(v.Type()), ""
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Struct {
			return namesOf(v), "name"
		}
		return t.values(words, field, v.Type().Elem())
	case reflect.Map:
		if keys := t.keys(words, v.Type()); len(keys) > 0 {
			return keys, ""
		}
		return namesOf(v), "name"
	}
	return t.values(words, field, v.Type())
}

// values lists what a plain field may be.
func (t *Tree) values(words []string, field string, typ reflect.Type) (next []string, wants string) {
	switch {
	case typ == reflect.TypeFor[id.Destination]():
		next = t.destinations()
		if field == "to" { // of the dial plan: callers from outside speak through nobody
			for _, p := range t.Pages {
				next = append(next, "page/"+p.Name)
			}
		}
		return next, ""
	case typ == reflect.TypeFor[id.Station](), field == "stations":
		for _, s := range t.ExpandStations() {
			next = append(next, s.Extension)
		}
		return next, ""
	case field == "through":
		for _, p := range t.Ports() {
			next = append(next, string(p))
		}
		return next, ""
	case field == "agents":
		for _, p := range t.People {
			next = append(next, p.Name)
		}
		return next, ""
	case field == "open":
		for _, h := range t.Hours {
			next = append(next, h.Name)
		}
		return next, ""
	case typ.Kind() == reflect.Bool:
		return []string{"true", "false"}, ""
	}
	return t.limits(words, typ)
}

// destinations lists every place a call can be sent to.
func (t *Tree) destinations() []string {
	var all []string
	for _, q := range t.Queues {
		all = append(all, "queue/"+q.Name)
	}
	for _, m := range t.Menus {
		all = append(all, "menu/"+m.Name)
	}
	for _, s := range t.ExpandStations() {
		all = append(all, "station/"+s.Extension)
	}
	return append(all, "service/echo")
}

// namesOf lists the names of items, keys or words of a list or map.
func namesOf(v reflect.Value) []string {
	if v.Kind() == reflect.Map {
		return slices.Sorted(maps.Keys(mapKeys(v)))
	}
	var names []string
	for i := range v.Len() {
		if v.Index(i).Kind() == reflect.Struct {
			names = append(names, keyOf(v.Index(i)))
		} else {
			names = append(names, v.Index(i).String())
		}
	}
	return names
}
