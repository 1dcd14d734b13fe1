package settings

import (
	"bytes"
	"fmt"
	"reflect"

	"go.yaml.in/yaml/v3"
)

// Marshal writes the tree as YAML: fields in the order of the types, maps by
// key, numbers that people dial in quotes. Equal trees give equal bytes.
func (t *Tree) Marshal() []byte {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	err := enc.Encode(t)
	if err == nil {
		err = enc.Close()
	}
	if err != nil {
		panic(fmt.Sprintf("settings: a tree of plain values does not marshal: %v", err))
	}
	return b.Bytes()
}

// Clone is a copy that shares nothing, with empty lists and maps in place of
// nil ones, so that its JSON has [] and {} where a page wants them.
func (t *Tree) Clone() *Tree {
	return clone(reflect.ValueOf(*t)).Addr().Interface().(*Tree)
}

// clone copies addressably.
func clone(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			out.Field(i).Set(clone(v.Field(i)))
		}
	case reflect.Slice:
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(clone(v.Index(i)))
		}
	case reflect.Map:
		out.Set(reflect.MakeMap(v.Type()))
		for it := v.MapRange(); it.Next(); {
			out.SetMapIndex(it.Key(), clone(it.Value()))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(clone(v.Elem()).Addr())
		}
	default:
		out.Set(v)
	}
	return out
}
