package settings

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Set changes one value of the tree by words: Set(t, "queues", "citas", "ring",
// "20s"). Items of lists go by their name and are made when missing; a list of
// plain values takes all the words that follow. The answer to a wrong word is
// Problems. The tree is changed only if all of it is right in shape.
func Set(t *Tree, words ...string) error {
	next := t.Clone()
	if err := set(reflect.ValueOf(next).Elem(), words, ""); err != nil {
		return err
	}
	*t = *next
	return nil
}

func set(v reflect.Value, words []string, path string) error {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		if v = v.Elem(); v.Kind() == reflect.Struct && len(words) == 0 {
			return nil // "set stations 205 sip" is enough to want a phone
		}
	}
	if len(words) == 0 {
		return Problems{problem(path, path, "want-value", hint(v.Type()))}
	}
	switch v.Kind() {
	case reflect.Struct:
		f, ok := fieldOf(v.Type(), words[0])
		if !ok {
			return unknown(v.Type(), words[0], path)
		}
		return set(v.FieldByIndex(f.Index), words[1:], join(path, words[0]))
	case reflect.Slice:
		return setList(v, words, path)
	case reflect.Map:
		return setMap(v, words, path)
	}
	if len(words) > 1 {
		return Problems{problem(path, strings.Join(words, " "), "one-value")}
	}
	return setScalar(v, words[0], path)
}

func unknown(t reflect.Type, word, path string) error {
	return Problems{problem(join(path, clip(word)), clip(word), "unknown-field", strings.Join(FieldNames(t), ", "))}
}

func setList(v reflect.Value, words []string, path string) error {
	item := v.Type().Elem()
	if item.Kind() != reflect.Struct {
		list := reflect.MakeSlice(v.Type(), 0, len(words))
		for _, w := range words {
			list = reflect.Append(list, reflect.ValueOf(w).Convert(item))
		}
		v.Set(list)
		return nil
	}
	at := path + "[" + clip(words[0]) + "]"
	i := find(v, words[0])
	if i < 0 {
		one := reflect.New(item).Elem()
		byYAML(one, keyField(item)).Set(reflect.ValueOf(words[0]).Convert(byYAML(one, keyField(item)).Type()))
		v.Set(reflect.Append(v, one))
		i = v.Len() - 1
	}
	if len(words) == 1 {
		return nil
	}
	return set(v.Index(i), words[1:], at)
}

func setMap(v reflect.Value, words []string, path string) error {
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	at := path + "[" + clip(words[0]) + "]"
	one := reflect.New(v.Type().Elem()).Elem()
	if err := set(one, words[1:], at); err != nil {
		return err
	}
	v.SetMapIndex(reflect.ValueOf(words[0]), one)
	return nil
}

func setScalar(v reflect.Value, word, path string) error {
	if v.Type() == reflect.TypeFor[Duration]() {
		d, err := ParseDuration(word)
		if err != nil {
			return Problems{problem(path, clip(word), "duration")}
		}
		v.SetInt(int64(d))
		return nil
	}
	switch v.Kind() {
	case reflect.Bool:
		switch word {
		case "true", "yes", "si", "sí", "sì":
			v.SetBool(true)
		case "false", "no":
			v.SetBool(false)
		default:
			return Problems{problem(path, clip(word), "want-truth", "1")}
		}
	case reflect.Int:
		n, err := strconv.ParseInt(word, 10, 32)
		if err != nil {
			return Problems{problem(path, clip(word), "want-number", "1")}
		}
		v.SetInt(n)
	default:
		v.SetString(word)
	}
	return nil
}

func hint(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[Duration]():
		return "15s, 10m, 2h, 90d"
	case t.Kind() == reflect.Bool:
		return "true, false"
	case t.Kind() == reflect.Int:
		return "1, 2, 3 ..."
	case t.Kind() == reflect.Struct:
		return strings.Join(FieldNames(t), ", ")
	}
	return "..."
}

// find is the place of an item in a list by its name.
func find(v reflect.Value, name string) int {
	for i := range v.Len() {
		if keyOf(v.Index(i)) == name {
			return i
		}
	}
	return -1
}

// Delete removes a value, an item of a list by its name, or one word of a list
// of words.
func Delete(t *Tree, words ...string) error {
	next := t.Clone()
	if len(words) == 0 {
		return Problems{problem("", "", "want-value", strings.Join(FieldNames(reflect.TypeFor[Tree]()), ", "))}
	}
	if err := remove(reflect.ValueOf(next).Elem(), words, ""); err != nil {
		return err
	}
	*t = *next
	return nil
}

func remove(v reflect.Value, words []string, path string) error {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return missing(path, words[0], "-")
		}
		v = v.Elem()
	}
	word, last := words[0], len(words) == 1
	switch v.Kind() {
	case reflect.Struct:
		f, ok := fieldOf(v.Type(), word)
		if !ok {
			return unknown(v.Type(), word, path)
		}
		if last {
			v.FieldByIndex(f.Index).SetZero()
			return nil
		}
		return remove(v.FieldByIndex(f.Index), words[1:], join(path, word))
	case reflect.Slice:
		i := findAny(v, word)
		if i < 0 {
			return missing(path, word, strings.Join(namesOf(v), ", "))
		}
		if last {
			v.Set(reflect.AppendSlice(v.Slice(0, i), v.Slice(i+1, v.Len())))
			return nil
		}
		return remove(v.Index(i), words[1:], path+"["+clip(word)+"]")
	case reflect.Map:
		if !v.MapIndex(reflect.ValueOf(word)).IsValid() {
			return missing(path, word, strings.Join(namesOf(v), ", "))
		}
		if !last && v.Type().Elem().Kind() == reflect.Slice {
			one := clone(v.MapIndex(reflect.ValueOf(word)))
			if err := remove(one, words[1:], path+"["+clip(word)+"]"); err != nil {
				return err
			}
			v.SetMapIndex(reflect.ValueOf(word), one)
			return nil
		}
		v.SetMapIndex(reflect.ValueOf(word), reflect.Value{})
		return nil
	}
	return missing(path, word, "-")
}

func missing(path, word, known string) error {
	return Problems{problem(path+"["+clip(word)+"]", clip(word), "no-path", clip(known))}
}

func findAny(v reflect.Value, word string) int {
	if v.Type().Elem().Kind() == reflect.Struct {
		return find(v, word)
	}
	for i := range v.Len() {
		if v.Index(i).String() == word {
			return i
		}
	}
	return -1
}

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
