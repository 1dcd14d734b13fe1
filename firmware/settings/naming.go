package settings

import "reflect"

// Fields are the names of fields on the way of words into the tree, without the
// names of items: "queues", "ring" of queues citas ring. Words that lead nowhere
// end it.
func Fields(words ...string) []string {
	var names []string
	t := reflect.TypeFor[Tree]()
	for _, w := range words {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch t.Kind() {
		case reflect.Struct:
			f, ok := fieldOf(t, w)
			if !ok {
				return names
			}
			names, t = append(names, w), f.Type
		case reflect.Slice, reflect.Map:
			keyed := t.Kind() == reflect.Map
			if t = t.Elem(); keyed && t.Kind() != reflect.Struct {
				names = append(names, w) // a key stands for a field: ringing external
			}
		default:
			return names
		}
	}
	return names
}
