package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Bounds of a document from outside.
const (
	docMax   = 1 << 20 // bytes; a hundred times the largest office
	depthMax = 12      // the tree itself is 6 deep
	nodesMax = 100_000 // values; 1000 stations with all their fields are 10 000
)

// Parse reads a YAML (or JSON) document strictly: unknown fields, anchors, a
// second document, wrong types and anything beyond the bounds are refused with
// Problems. It looks at the shape only; Validate looks at the meaning.
func Parse(doc []byte) (*Tree, error) { return parse(doc, new(shape)) }

func parse(doc []byte, s *shape) (*Tree, error) {
	if len(doc) > docMax {
		return nil, Problems{problem("", fmt.Sprint(len(doc)), "too-large", fmt.Sprint(docMax))}
	}
	root, err := readNode(doc)
	if err != nil {
		return nil, err
	}
	t := new(Tree)
	if root == nil {
		return t, nil
	}
	s.check(root, reflect.TypeFor[Tree](), "", 0)
	if len(s.found) > 0 {
		return nil, s.found
	}
	if err := root.Decode(t); err != nil {
		return nil, Problems{syntaxProblem(err)}
	}
	return t, nil
}

// readNode parses exactly one document; nil is an empty one.
func readNode(doc []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(doc))
	var first, second yaml.Node
	if err := dec.Decode(&first); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, Problems{syntaxProblem(err)}
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, Problems{problem("", "---", "two-documents")}
	}
	if len(first.Content) != 1 || isNull(first.Content[0]) {
		return nil, nil
	}
	return first.Content[0], nil
}

func syntaxProblem(err error) Problem {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	return problem("", "", "syntax", clip(text))
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// shape compares a document with the Go type it is to fill. It also smooths two
// harmless spellings: a single value where a list is meant, and an explicit null
// where nothing is meant.
type shape struct {
	found Problems
	nodes int

	lenient bool // sets aside what cannot be read, see ParseCommitted
	beyond  Beyond
	steps   []step // to the group being looked at, where lenient
}

func (s *shape) add(p Problem) {
	if len(s.found) < problemsMax {
		s.found = append(s.found, p)
	}
}

func (s *shape) check(n *yaml.Node, t reflect.Type, path string, depth int) {
	if s.nodes++; s.nodes > nodesMax || depth > depthMax {
		if s.nodes <= nodesMax+1 || depth > depthMax {
			s.add(problem(path, "", "too-deep"))
		}
		return
	}
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		s.add(problem(path, clip(n.Value), "anchor", fmt.Sprint(n.Line)))
		return
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[Duration]():
		s.checkDuration(n, path)
	case t.Kind() == reflect.Struct:
		s.checkStruct(n, t, path, depth)
	case t.Kind() == reflect.Slice:
		s.checkList(n, t, path, depth)
	case t.Kind() == reflect.Map:
		s.checkMap(n, t, path, depth)
	default:
		s.checkScalar(n, t, path)
	}
}

func (s *shape) checkStruct(n *yaml.Node, t reflect.Type, path string, depth int) {
	if n.Kind != yaml.MappingNode {
		s.add(problem(path, clip(n.Value), "want-group", fmt.Sprint(n.Line)))
		return
	}
	kept := n.Content[:0]
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		f, ok := fieldOf(t, k.Value)
		at := join(path, clip(k.Value))
		switch {
		case !ok && s.lenient && k.Kind == yaml.ScalarNode && k.Value != "<<" && !seen[k.Value] && s.aside(k.Value, v, at):
		case k.Kind != yaml.ScalarNode || !ok:
			s.add(problem(at, clip(k.Value), "unknown-field", strings.Join(FieldNames(t), ", ")))
		case seen[k.Value]:
			s.add(problem(at, clip(k.Value), "twice", clip(k.Value)))
		case isNull(v):
		default:
			if s.field(k.Value, v, f.Type, at, depth) {
				kept = append(kept, k, v)
			}
		}
		seen[k.Value] = true
	}
	n.Content = kept
}

// field checks a field's value and reports whether the group keeps it: one of another
// shape is set aside where that is meant.
func (s *shape) field(name string, v *yaml.Node, t reflect.Type, path string, depth int) bool {
	before := len(s.found)
	s.steps = append(s.steps, step{field: name})
	s.check(v, t, path, depth+1)
	s.steps = s.steps[:len(s.steps)-1]
	if !s.lenient || len(s.found) == before || slices.ContainsFunc(s.found[before:], Problem.broken) || !s.aside(name, v, path) {
		return true
	}
	s.found = s.found[:before]
	return false
}

func (s *shape) checkList(n *yaml.Node, t reflect.Type, path string, depth int) {
	if n.Kind != yaml.SequenceNode {
		one := *n
		*n = yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{&one}, Line: n.Line}
	}
	for i, item := range n.Content {
		s.into(item, t.Elem(), i)
		s.check(item, t.Elem(), path+"["+itemName(item, t.Elem(), i)+"]", depth+1)
	}
}

func (s *shape) checkMap(n *yaml.Node, t reflect.Type, path string, depth int) {
	if n.Kind != yaml.MappingNode {
		s.add(problem(path, clip(n.Value), "want-group", fmt.Sprint(n.Line)))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		at := path + "[" + clip(k.Value) + "]"
		if k.Kind != yaml.ScalarNode || k.Value == "<<" {
			s.add(problem(at, clip(k.Value), "want-text", fmt.Sprint(k.Line)))
			continue
		}
		if seen[k.Value] {
			s.add(problem(at, clip(k.Value), "twice", clip(k.Value)))
		}
		seen[k.Value] = true
		k.Tag, k.Style = "!!str", yaml.DoubleQuotedStyle
		s.check(v, t.Elem(), at, depth+1)
	}
}

// into says which item of a list is being looked at.
func (s *shape) into(item *yaml.Node, t reflect.Type, place int) {
	at := &s.steps[len(s.steps)-1]
	at.list, at.item, at.place = true, nameAt(item, keyField(t)), place
}

func (s *shape) checkDuration(n *yaml.Node, path string) {
	if n.Kind == yaml.ScalarNode && n.Value == "" {
		n.Value = "0s"
	}
	if n.Kind != yaml.ScalarNode {
		s.add(problem(path, "", "duration"))
	} else if _, err := ParseDuration(n.Value); err != nil {
		s.add(problem(path, clip(n.Value), "duration"))
	}
}

func (s *shape) checkScalar(n *yaml.Node, t reflect.Type, path string) {
	if n.Kind != yaml.ScalarNode {
		s.add(problem(path, "", wantOf(t), fmt.Sprint(n.Line)))
		return
	}
	switch t.Kind() {
	case reflect.String:
		// 101, 0101 and yes are numbers and truths to YAML; here they are what was written.
		n.Tag, n.Style = "!!str", yaml.DoubleQuotedStyle
	case reflect.Bool:
		if n.ShortTag() != "!!bool" {
			s.add(problem(path, clip(n.Value), "want-truth", fmt.Sprint(n.Line)))
		}
	case reflect.Int:
		var v int
		if n.ShortTag() != "!!int" || n.Decode(&v) != nil {
			s.add(problem(path, clip(n.Value), "want-number", fmt.Sprint(n.Line)))
		}
	}
}

func wantOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "want-truth"
	case reflect.Int:
		return "want-number"
	}
	return "want-text"
}

// itemName is how a path calls one item of a list: by its name where it has one.
func itemName(n *yaml.Node, t reflect.Type, i int) string {
	if n.Kind == yaml.MappingNode && t.Kind() == reflect.Struct {
		for j := 0; j+1 < len(n.Content); j += 2 {
			if n.Content[j].Value == keyField(t) && n.Content[j+1].Value != "" {
				return clip(n.Content[j+1].Value)
			}
		}
	}
	return fmt.Sprint(i)
}

func join(path, field string) string {
	if path == "" {
		return field
	}
	return path + "." + field
}
