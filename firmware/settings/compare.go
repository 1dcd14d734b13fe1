package settings

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Change is one value that differs; Old or New is "" where there is none.
type Change struct {
	Path string `json:"path"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

// Compare lists what leads from one tree to another, in the order of the new
// document, with what went at the end. Passwords show as stars.
func Compare(from, to *Tree) []Change {
	old, now := leaves(from), leaves(to)
	changes := []Change{}
	for _, l := range now.list {
		if was := old.at[l.path]; was != l.value {
			changes = append(changes, Change{l.path, was, l.value})
		}
	}
	for _, l := range old.list {
		if _, stays := now.at[l.path]; !stays {
			changes = append(changes, Change{l.path, l.value, ""})
		}
	}
	return changes
}

type leaf struct{ path, value string }

// leafList is a tree laid flat: what is empty is left out.
type leafList struct {
	list []leaf
	at   map[string]string
}

func leaves(t *Tree) *leafList {
	l := &leafList{at: map[string]string{}}
	l.walk(reflect.ValueOf(*t), "")
	return l
}

func (l *leafList) put(path, value string) {
	once := path
	for n := 2; l.at[path] != ""; n++ { // a name that stands twice is a fault still to be shown
		path = fmt.Sprintf("%s(%d)", once, n)
	}
	l.at[path] = value
	l.list = append(l.list, leaf{path, value})
}

func (l *leafList) walk(v reflect.Value, path string) {
	if v.IsZero() {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.Elem().Kind() == reflect.Struct && v.Elem().IsZero() {
			l.put(path, "yes")
			return
		}
		if v.Elem().Kind() != reflect.Struct {
			l.put(path, scalarText(v.Elem()))
			return
		}
		l.walk(v.Elem(), path)
	case reflect.Struct:
		for i := range v.NumField() {
			name := yamlName(v.Type().Field(i))
			at := join(path, name)
			if name == "password" && !v.Field(i).IsZero() {
				l.put(at, "********")
				continue
			}
			l.walk(v.Field(i), at)
		}
	case reflect.Slice:
		l.walkList(v, path)
	case reflect.Map:
		keys := slices.SortedFunc(maps.Keys(mapKeys(v)), strings.Compare)
		for _, k := range keys {
			l.walk(v.MapIndex(reflect.ValueOf(k)), path+"["+k+"]")
		}
	default:
		l.put(path, scalarText(v))
	}
}

func (l *leafList) walkList(v reflect.Value, path string) {
	if v.Len() == 0 {
		return
	}
	if v.Type().Elem().Kind() != reflect.Struct {
		words := make([]string, v.Len())
		for i := range words {
			words[i] = v.Index(i).String()
		}
		l.put(path, strings.Join(words, ", "))
		return
	}
	for i := range v.Len() {
		name := keyOf(v.Index(i))
		at := path + "[" + name + "]"
		l.put(at, "yes")
		l.walk(v.Index(i), at)
	}
}

// mapKeys are the keys of a map from text.
func mapKeys(v reflect.Value) map[string]bool {
	keys := map[string]bool{}
	for _, k := range v.MapKeys() {
		keys[k.String()] = true
	}
	return keys
}

func scalarText(v reflect.Value) string {
	if d, ok := v.Interface().(Duration); ok {
		return d.String()
	}
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return "yes"
		}
		return "no"
	case reflect.Int:
		return fmt.Sprint(v.Int())
	}
	return v.String()
}
