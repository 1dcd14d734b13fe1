package wizard

import (
	"slices"
	"strings"

	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// ports of a kind that the box has.
func (s Site) ports(kind string) []id.Port {
	return slices.DeleteFunc(slices.Clone(s.Sockets), func(p id.Port) bool { return p.Kind() != kind })
}

func hasSocket(kind string) func(Site, *settings.Tree) bool {
	return func(s Site, _ *settings.Tree) bool { return len(s.ports(kind)) > 0 }
}

func socketsOf(kind string) func(Site, *settings.Tree) []string {
	return func(s Site, _ *settings.Tree) []string { return []string{list(texts(s.ports(kind)))} }
}

func sockets(kind string) func(Site, *settings.Tree) []string {
	return func(s Site, _ *settings.Tree) []string { return append(texts(s.ports(kind)), "all", "none") }
}

func texts(ports []id.Port) []string {
	var list []string
	for _, p := range ports {
		list = append(list, string(p))
	}
	return list
}

// pick reads which of some ports are meant.
func pick(text string, from []id.Port) ([]id.Port, error) {
	switch meaning(text) {
	case "all", "yes":
		return from, nil
	case "none", "no", "later":
		return nil, nil
	}
	var chosen []id.Port
	for _, w := range words(text) {
		p := id.Port(strings.ToLower(w))
		if !slices.Contains(from, p) {
			return nil, no("port", w, list(texts(from)))
		}
		if !slices.Contains(chosen, p) {
			chosen = append(chosen, p)
		}
	}
	return chosen, nil
}

// words are those of an answer; commas part them too.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == ';' })
}

func linePorts(t *settings.Tree) []id.Port {
	var list []id.Port
	for _, l := range t.Lines {
		list = append(list, l.Name)
	}
	return list
}

func hasLines(_ Site, t *settings.Tree) bool { return len(t.Lines) > 0 }

func linesNow(_ Site, t *settings.Tree) string { return list(texts(linePorts(t))) }

func linesArgs(_ Site, t *settings.Tree) []string { return []string{list(texts(linePorts(t)))} }

func lineNames(_ Site, t *settings.Tree) []string {
	return append(texts(linePorts(t)), "all", "later")
}

// setLines makes the lines those that are plugged in: one that is gone leaves the
// ways out, one that is new rings the first queue.
func setLines(s Site, t *settings.Tree, text string) error {
	chosen, err := pick(text, s.ports("fxo"))
	if err != nil {
		return err
	}
	for _, p := range linePorts(t) {
		if !slices.Contains(chosen, p) {
			dropLine(t, p)
		}
	}
	for _, p := range chosen {
		if _, there := t.LineByPort(p); !there {
			t.Lines = append(t.Lines, settings.Line{Name: p, Rings: entrance(t)})
			wayOut(t, p)
		}
	}
	slices.SortStableFunc(t.Lines, func(a, b settings.Line) int { return slices.Index(s.Sockets, a.Name) - slices.Index(s.Sockets, b.Name) })
	return nil
}

func dropLine(t *settings.Tree, p id.Port) {
	t.Lines = slices.DeleteFunc(t.Lines, func(l settings.Line) bool { return l.Name == p })
	for i := range t.DialPlan.Outside {
		o := &t.DialPlan.Outside[i]
		o.Through = slices.DeleteFunc(slices.Clone(o.Through), func(x id.Port) bool { return x == p })
	}
	t.DialPlan.Outside = slices.DeleteFunc(t.DialPlan.Outside, func(o settings.Outside) bool { return len(o.Through) == 0 })
}

// wayOut lets calls out over a line, as over the others.
func wayOut(t *settings.Tree, p id.Port) {
	if len(t.DialPlan.Outside) == 0 {
		t.DialPlan.Outside = []settings.Outside{{Prefix: settings.Default(t.Office.Country).DialPlan.Outside[0].Prefix}}
	}
	o := &t.DialPlan.Outside[0]
	o.Through = append(slices.Clone(o.Through), p)
}

// entrance is where calls from outside arrive: where the other lines ring, the first
// queue, or the first extension.
func entrance(t *settings.Tree) id.Destination {
	switch {
	case len(t.Lines) > 0:
		return t.Lines[0].Rings
	case len(t.Queues) > 0:
		return id.To("queue", t.Queues[0].Name)
	case len(t.Stations) > 0:
		return id.To("station", t.ExpandStations()[0].Extension)
	}
	return "service/echo"
}

func numbersNow(_ Site, t *settings.Tree) string {
	var list []string
	some := false
	for _, l := range t.Lines {
		some = some || l.Number != ""
		list = append(list, string(l.Name)+"="+l.Number)
	}
	if !some {
		return "none"
	}
	return strings.Join(list, " ")
}

// setNumbers takes numbers in the order of the lines, or as fxo2=912345678.
func setNumbers(_ Site, t *settings.Tree, text string) error {
	if meaning(text) == "none" {
		for i := range t.Lines {
			t.Lines[i].Number = ""
		}
		return nil
	}
	at := 0
	for _, w := range numbers(text, len(t.Lines)) {
		name, number, named := strings.Cut(w, "=")
		if !named {
			number = name
		} else {
			at = slices.IndexFunc(t.Lines, func(l settings.Line) bool { return string(l.Name) == strings.ToLower(name) })
		}
		if at < 0 || at >= len(t.Lines) {
			return no("number", w, list(texts(linePorts(t))))
		}
		t.Lines[at].Number = number
		at++
	}
	return nil
}

// numbers parts an answer: by commas where there are some, else by spaces, and one
// number alone may have spaces in it.
func numbers(text string, lines int) []string {
	switch {
	case strings.ContainsAny(text, ",;"):
		var list []string
		for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' }) {
			list = append(list, strings.TrimSpace(w))
		}
		return list
	case lines == 1:
		return []string{strings.TrimSpace(text)}
	}
	return words(text)
}

// wantsTestNumber: two lines with numbers test each other.
func wantsTestNumber(_ Site, t *settings.Tree) bool {
	known := 0
	for _, l := range t.Lines {
		if l.Number != "" {
			known++
		}
	}
	return len(t.Lines) > 0 && known < 2
}

func testNumberNow(_ Site, t *settings.Tree) string {
	if n := t.Lines[0].TestNumber; n != "" {
		return n
	}
	return "none"
}

func setTestNumber(_ Site, t *settings.Tree, text string) error {
	if meaning(text) == "none" {
		text = ""
	}
	for i := range t.Lines {
		t.Lines[i].TestNumber = strings.TrimSpace(text)
	}
	return nil
}

func checkLines(_ Site, t *settings.Tree, text string) error {
	_, err := pick(text, linePorts(t))
	return err
}
