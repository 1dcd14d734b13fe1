package settings

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// part is a piece of a committed document that this version cannot read: a field it
// does not know, or one whose value has another shape. A newer version wrote it.
type part struct {
	path  string
	steps []step // to the group it stands in
	key   string
	value *yaml.Node
}

// step leads one group down: into a field, and where that is a list into one of its
// items, by name or, where those have none, by place.
type step struct {
	field string
	list  bool
	item  string
	place int
}

// Beyond are the parts of a committed document that this version passes over. A
// revision made from that document has them too, as long as what they belong to is
// there under the same name: a newer version that comes back finds its settings.
type Beyond []part

// Paths names them, in the order of the document.
func (b Beyond) Paths() []string {
	paths := make([]string, len(b))
	for i, p := range b {
		paths[i] = p.path
	}
	return paths
}

// ParseCommitted reads a document that was once committed, perhaps by a newer version:
// what Parse refuses as a field it does not know, or as a value of another shape, is
// set aside. Documents of people go through Parse, which tells them their mistakes.
func ParseCommitted(doc []byte) (*Tree, Beyond, error) {
	s := shape{lenient: true}
	t, err := parse(doc, &s)
	return t, s.beyond, err
}

// broken reports what is wrong with a document in every version, and not only of
// another shape than this one has.
func (p Problem) broken() bool {
	code := strings.TrimPrefix(p.Reason, "settings.problem.")
	return code != "duration" && !strings.HasPrefix(code, "want-")
}

// asideMax bounds the parts of one document: a newer version has some dozens of new
// fields, and a list that has one of them in each item is as long as lists may be.
const asideMax = 10_000

// aside sets a field's value aside; false where no version writes such a thing.
func (s *shape) aside(key string, v *yaml.Node, path string) bool {
	if len(s.beyond) >= asideMax || !plain(v, depthMax) {
		return false
	}
	if isNull(v) {
		return true // says nothing
	}
	s.beyond = append(s.beyond, part{path, slices.Clone(s.steps), key, v})
	return true
}

// plain reports a value without references, no deeper than so many groups.
func plain(n *yaml.Node, deep int) bool {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || deep < 0 {
		return false
	}
	for _, c := range n.Content {
		if !plain(c, deep-1) {
			return false
		}
	}
	return true
}

// MarshalWith is Marshal with the parts laid back into their places. A field that is
// set in the tree stays as the tree has it.
func (t *Tree) MarshalWith(beyond Beyond) []byte {
	if len(beyond) == 0 {
		return t.Marshal()
	}
	var root yaml.Node
	if err := yaml.Unmarshal(t.Marshal(), &root); err != nil {
		panic(fmt.Sprintf("settings: a marshalled tree does not read: %v", err))
	}
	// A group that was set aside as a whole goes before what was taken out of it.
	for _, p := range slices.SortedStableFunc(slices.Values(beyond), func(a, b part) int { return len(a.steps) - len(b.steps) }) {
		if group := p.group(root.Content[0]); group != nil {
			p.lay(group)
		}
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(&root); err != nil || b.Len() > docMax {
		return t.Marshal() // what is in force goes before what is only kept
	}
	return b.Bytes()
}

// group finds the part's place; nil where the owner has taken it away.
func (p part) group(n *yaml.Node) *yaml.Node {
	t := reflect.TypeFor[Tree]()
	for _, s := range p.steps {
		f, _ := fieldOf(t, s.field)
		t = f.Type
		next := valueAt(n, s.field)
		if next == nil && t.Kind() == reflect.Struct {
			next = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"} // left out, for this version knows nothing of what is in it
			n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s.field}, next)
		}
		if next != nil && s.list {
			t = t.Elem()
			next = s.of(next, t)
		}
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if n = next; n == nil || n.Kind != yaml.MappingNode {
			return nil
		}
	}
	return n
}

// of finds the step's item in a list.
func (s step) of(list *yaml.Node, t reflect.Type) *yaml.Node {
	if s.item == "" && s.place < len(list.Content) {
		return list.Content[s.place]
	}
	for _, item := range list.Content {
		if s.item != "" && nameAt(item, keyField(t)) == s.item {
			return item
		}
	}
	return nil
}

// lay puts the part into its group, unless the tree says something there itself.
func (p part) lay(group *yaml.Node) {
	at := valueAt(group, p.key)
	if at == nil {
		group.Content = append(group.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: p.key}, p.value)
	} else if len(at.Content) == 0 && slices.Contains(nothings, at.Value) {
		*at = *p.value
	}
}

// nothings are how values are written that say nothing, a list or group included.
var nothings = []string{"", "0", "0s", "false"}
