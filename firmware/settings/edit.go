package settings

import (
	"reflect"
	"strconv"
	"strings"
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
