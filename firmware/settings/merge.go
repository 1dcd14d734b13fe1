package settings

import (
	"bytes"
	"fmt"
	"reflect"

	"go.yaml.in/yaml/v3"
)

// Merge reads a document that names only what is to change and lays it over a
// tree: items of lists by their names, plain lists as a whole, null takes away. The
// answer is a new tree; t stays as it is.
func Merge(t *Tree, doc []byte) (*Tree, error) {
	if _, err := Parse(doc); err != nil {
		return nil, err
	}
	var base, patch yaml.Node
	if err := yaml.Unmarshal(t.Marshal(), &base); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	if err := yaml.Unmarshal(bytes.TrimPrefix(doc, []byte("\ufeff")), &patch); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	if len(patch.Content) == 0 || isNull(patch.Content[0]) {
		return t.Clone(), nil
	}
	lay(base.Content[0], patch.Content[0], reflect.TypeFor[Tree]())
	merged, err := yaml.Marshal(&base)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	return Parse(merged)
}

// lay puts a patch of the right shape over a base of the same type.
func lay(base, patch *yaml.Node, t reflect.Type) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case patch.Kind == yaml.MappingNode && base.Kind == yaml.MappingNode:
		layMap(base, patch, t)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && base.Kind == yaml.SequenceNode:
		items := patch.Content
		if patch.Kind != yaml.SequenceNode {
			items = []*yaml.Node{patch}
		}
		layList(base, items, t.Elem())
	default:
		*base = *patch
	}
}

func layMap(base, patch *yaml.Node, t reflect.Type) {
	for i := 0; i+1 < len(patch.Content); i += 2 {
		k, v := patch.Content[i], patch.Content[i+1]
		at := valueAt(base, k.Value)
		switch {
		case isNull(v):
			base.Content = without(base.Content, k.Value)
		case at == nil:
			base.Content = append(base.Content, k, v)
		default:
			of := t
			if t.Kind() == reflect.Struct {
				f, _ := fieldOf(t, k.Value) // Parse knew it
				of = f.Type
			} else {
				of = t.Elem()
			}
			lay(at, v, of)
		}
	}
}

func layList(base *yaml.Node, items []*yaml.Node, t reflect.Type) {
	key := keyField(t)
	have := make(map[string]*yaml.Node, len(base.Content))
	for _, one := range base.Content {
		have[nameAt(one, key)] = one
	}
	for _, item := range items {
		name := nameAt(item, key)
		if at := have[name]; at != nil {
			lay(at, item, t)
			continue
		}
		base.Content = append(base.Content, item)
		have[name] = item
	}
}

func valueAt(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func nameAt(n *yaml.Node, key string) string {
	if v := valueAt(n, key); v != nil {
		return v.Value
	}
	return ""
}

func without(pairs []*yaml.Node, key string) []*yaml.Node {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i].Value == key {
			return append(pairs[:i:i], pairs[i+2:]...)
		}
	}
	return pairs
}
