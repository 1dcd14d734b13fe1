package console

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"centralita/firmware/core"
	"centralita/firmware/words"
)

// table draws a view as text: single values as "name: value", lists of groups as
// tables, in the order of the view's fields.
func table(data any, at core.Time, lang string) (string, error) {
	b, err := json.Marshal(data)
	if err != nil {
		return "", fmt.Errorf("console: %w", err)
	}
	n, err := parse(json.NewDecoder(strings.NewReader(string(b))))
	if err != nil {
		return "", fmt.Errorf("console: %w", err)
	}
	d := drawer{at: at, lang: lang}
	d.draw(n)
	return d.String(), nil
}

// node is JSON that kept its order.
type node struct {
	names []string // of a group
	items []*node  // of a group or list
	list  bool
	text  string // of a plain value
	num   float64
}

func (n *node) plain() bool { return n.names == nil && !n.list }

func (n *node) get(name string) *node {
	for i, have := range n.names {
		if have == name {
			return n.items[i]
		}
	}
	return nil
}

func parse(dec *json.Decoder) (*node, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	n := &node{}
	switch t := t.(type) {
	case json.Delim:
		n.list = t == '['
		if !n.list {
			n.names = []string{}
		}
		for dec.More() {
			if !n.list {
				name, err := dec.Token()
				if err != nil {
					return nil, err
				}
				n.names = append(n.names, fmt.Sprint(name))
			}
			item, err := parse(dec)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
		_, err = dec.Token()
	case nil:
	case float64:
		n.num, n.text = t, fmt.Sprintf("%.0f", t)
		if t != float64(int64(t)) {
			n.text = fmt.Sprint(t)
		}
	default:
		n.text = printable(fmt.Sprint(t))
	}
	return n, err
}

type drawer struct {
	strings.Builder
	at   core.Time
	lang string
}

func (d *drawer) draw(n *node) {
	if n.list {
		d.rows("", n)
		return
	}
	for i, name := range n.names {
		item := n.items[i]
		switch {
		case item.list:
			d.rows(name, item)
		case item.plain():
			fmt.Fprintf(d, "%s: %s\n", d.title(name), d.value(name, n, item))
		default:
			fmt.Fprintf(d, "%s\n", d.title(name))
			d.draw(item)
		}
	}
}

// rows draws a list of groups with a column a field; lists inside show their
// number.
func (d *drawer) rows(name string, n *node) {
	if d.Len() > 0 {
		d.WriteByte('\n')
	}
	if name != "" {
		fmt.Fprintf(d, "%s (%d)\n", d.title(name), len(n.items))
	}
	if len(n.items) == 0 {
		return
	}
	if n.items[0].plain() {
		for _, item := range n.items {
			fmt.Fprintf(d, "  %s\n", item.text)
		}
		return
	}
	columns := n.items[0].names
	cells := make([][]string, 1, len(n.items)+1)
	for _, c := range columns {
		cells[0] = append(cells[0], d.title(c))
	}
	for _, item := range n.items {
		row := make([]string, len(columns))
		for i, c := range columns {
			if one := item.get(c); one != nil {
				row[i] = d.value(c, item, one)
			}
		}
		cells = append(cells, row)
	}
	d.columns(cells)
}

// columns writes cells below each other and leaves empty columns out.
func (d *drawer) columns(cells [][]string) {
	wide := make([]int, len(cells[0]))
	for i, row := range cells {
		for c, cell := range row {
			if cell != "" && (i > 0 || wide[c] > 0) {
				wide[c] = max(wide[c], utf8.RuneCountInString(cell))
			}
		}
	}
	for c, title := range cells[0] {
		if wide[c] > 0 {
			wide[c] = max(wide[c], utf8.RuneCountInString(title))
		}
	}
	for _, row := range cells {
		var line strings.Builder
		for c, cell := range row {
			if wide[c] > 0 {
				line.WriteString("  " + cell + strings.Repeat(" ", wide[c]-utf8.RuneCountInString(cell)))
			}
		}
		d.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

func (d *drawer) title(name string) string {
	if key := "column." + name; words.Has(key) {
		return words.T(d.lang, key)
	}
	return strings.ReplaceAll(name, "_", " ")
}

// value reads a field as people do: moments as how long ago, states and keys of
// the catalogue as words.
func (d *drawer) value(name string, group, n *node) string {
	switch {
	case n.list && name == "args":
		return "" // in the sentence of text
	case !n.plain():
		return fmt.Sprint(len(n.items))
	case strings.HasSuffix(name, "_at"):
		if n.num == 0 {
			return ""
		}
		return clock(int64(n.num) - d.at.At)
	case name == "wall" || strings.HasSuffix(name, "_wall"):
		if n.num == 0 {
			return ""
		}
		return time.UnixMilli(int64(n.num)).UTC().Format("2006-01-02 15:04Z")
	case strings.HasSuffix(name, "_ms"):
		return clock(int64(n.num))
	case name == "state" && words.Has("state."+n.text):
		return words.T(d.lang, "state."+n.text)
	case name == "path" && words.Has("path."+n.text):
		return words.T(d.lang, "path."+n.text)
	case name == "severity" && words.Has("severity."+n.text):
		return words.T(d.lang, "severity."+n.text)
	case strings.HasPrefix(n.text, "alarm.") && words.Has(n.text):
		return words.T(d.lang, n.text, texts(group.get("args"))...)
	case n.text == "0" || n.text == "false":
		return "-"
	}
	return n.text
}

func texts(n *node) []string {
	var out []string
	if n != nil {
		for _, item := range n.items {
			out = append(out, item.text)
		}
	}
	return out
}

// clock writes milliseconds, past or to come, as 2:31 or 1:02:31.
func clock(ms int64) string {
	if ms < 0 {
		ms = -ms
	}
	t := time.Duration(ms) * time.Millisecond
	h, m, s := int(t.Hours()), int(t.Minutes())%60, int(t.Seconds())%60
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%02d", h, m, s)
	}
	return fmt.Sprintf("%d:%02d", m, s)
}
