package settings

import (
	"reflect"
	"strings"
)

// yamlName is the name of a field in the document.
func yamlName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return name
}

func fieldOf(t reflect.Type, name string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		if f := t.Field(i); yamlName(f) == name && name != "" {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// FieldNames lists the fields of a group of the tree, in its order.
func FieldNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		names = append(names, yamlName(t.Field(i)))
	}
	return names
}

// keyField names the field by which items of a list are told apart, their first
// one; "" is none.
func keyField(t reflect.Type) string {
	if t.Kind() != reflect.Struct {
		return ""
	}
	switch k := yamlName(t.Field(0)); k {
	case "extension", "name", "dial", "prefix":
		return k
	}
	return ""
}

// keyOf is the value of the key field of an item.
func keyOf(v reflect.Value) string {
	k := keyField(v.Type())
	if k == "" {
		return ""
	}
	return byYAML(v, k).String()
}

func byYAML(v reflect.Value, name string) reflect.Value {
	f, ok := fieldOf(v.Type(), name)
	if !ok {
		return reflect.Value{}
	}
	return v.FieldByIndex(f.Index)
}
