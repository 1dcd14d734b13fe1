package wizard

import (
	"reflect"
	"slices"
	"strings"

	"centralita/firmware/id"
	"centralita/firmware/settings"
)

func queueNow(_ Site, t *settings.Tree) string {
	if len(t.Queues) == 0 {
		return "none"
	}
	return t.Queues[0].Name
}

func queueArgs(_ Site, t *settings.Tree) []string { return []string{t.Queues[0].Name} }

// setQueue names the first queue; all that led to it goes along. Where there was
// none, lines that rang an extension ring the queue, whose agents sit there.
func setQueue(_ Site, t *settings.Tree, text string) error {
	name := strings.TrimSpace(text)
	if len(t.Queues) == 0 {
		if err := settings.Set(t, "queues", name, "ring", "15s"); err != nil {
			return err
		}
		q := &t.Queues[0]
		for i := range t.Lines {
			r := t.Lines[i].Rings
			if r.Kind() == "station" || r.Kind() == "service" {
				t.Lines[i].Rings = id.To("queue", name)
			}
			if who, ok := agent(t, r.Name()); ok && r.Kind() == "station" && !slices.Contains(q.Agents, who) {
				q.Agents = append(q.Agents, who)
			}
		}
		return nil
	}
	from, to := id.To("queue", t.Queues[0].Name), id.To("queue", name)
	t.Queues[0].Name = name
	redirect(reflect.ValueOf(t).Elem(), from, to)
	return nil
}

// redirect changes a destination wherever it stands in the tree.
func redirect(v reflect.Value, from, to id.Destination) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			redirect(v.Elem(), from, to)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			redirect(v.Field(i), from, to)
		}
	case reflect.Slice:
		for i := range v.Len() {
			redirect(v.Index(i), from, to)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if v.MapIndex(key).Interface() == any(from) {
				v.SetMapIndex(key, reflect.ValueOf(to))
			}
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[id.Destination]() && v.String() == string(from) {
			v.SetString(string(to))
		}
	}
}

func agentsNow(_ Site, t *settings.Tree) string { return list(t.Queues[0].Agents) }

func agentChoices(_ Site, t *settings.Tree) []string {
	var list []string
	for _, p := range t.People {
		list = append(list, p.Name)
	}
	for _, s := range t.ExpandStations() {
		if !slices.Contains(list, s.Extension) {
			list = append(list, s.Extension)
		}
	}
	return append(list, "all")
}

// setAgents takes people and extensions. Somebody is made of an extension that is
// nobody's: who sits there is ready whenever the telephone is.
func setAgents(s Site, t *settings.Tree, text string) error {
	given := words(text)
	switch meaning(text) {
	case "none":
		given = nil
	case "all":
		given = nil
		for _, st := range t.ExpandStations() {
			given = append(given, st.Extension)
		}
	}
	agents := []string{}
	for _, w := range given {
		name, ok := agent(t, w)
		if !ok {
			return no("agent", w, list(slices.DeleteFunc(agentChoices(s, t), func(c string) bool { return c == "all" })))
		}
		if !slices.Contains(agents, name) {
			agents = append(agents, name)
		}
	}
	t.Queues[0].Agents = agents
	return nil
}

// agent finds a person by the name or the extension, and makes one of an extension.
func agent(t *settings.Tree, word string) (string, bool) {
	if _, ok := t.PersonByName(id.Person(word)); ok {
		return word, true
	}
	for _, p := range t.People {
		if string(p.Station) == word {
			return p.Name, true
		}
	}
	if _, ok := t.StationByExt(id.Station(word)); !ok {
		return "", false
	}
	t.People = append(t.People, settings.Person{Name: word, Role: "agent", Station: id.Station(word), Ready: "always"})
	return word, true
}

// owners are those who own the box by the settings.
func owners(_ Site, t *settings.Tree) []string {
	list := []string{"none"}
	for _, p := range t.People {
		if p.Role == "owner" {
			list = append(list, p.Name)
		}
	}
	return list
}

// setOwner makes a person that owns the box, or lifts one to it.
func setOwner(s Site, t *settings.Tree, text string) error {
	name := strings.TrimSpace(text)
	if meaning(name) == "none" || name == s.Person {
		return nil
	}
	for i := range t.People {
		if t.People[i].Name == name {
			t.People[i].Role = "owner"
			return nil
		}
	}
	t.People = append(t.People, settings.Person{Name: name, Role: "owner"})
	return nil
}

func passwordArgs(s Site, _ *settings.Tree) []string {
	if s.MustChange {
		return []string{"#wizard.one-time"}
	}
	return []string{""}
}
