package settings

import (
	"reflect"
	"strings"
)

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
