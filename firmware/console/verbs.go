package console

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"centralita/firmware/access"
	"centralita/firmware/core"
	"centralita/firmware/feature"
)

// verb is one thing that can be typed: its words, then arguments.
type verb struct {
	words []string
	help  string
	role  access.Role
	mode  mode
	run   func(ctx context.Context, args []string) error
	// next completes the arguments after those given.
	next func(args []string) (next []string, wants string)
}

// mode says where a verb can be typed.
type mode uint8

const (
	anywhere mode = iota
	operating
	configuring
)

// grammar lists all that this person may type.
func (s *session) grammar() []verb {
	all := slices.Concat(s.ownVerbs(), s.settingsVerbs(), s.labVerbs(), s.updateVerbs(), s.networkVerbs(), []verb{s.wizardVerb()})
	for _, f := range s.Features {
		for _, v := range f.Views {
			all = append(all, s.viewVerb(f, v))
		}
		for _, p := range f.Papers {
			all = append(all, s.paperVerb(f, p))
		}
		for _, c := range f.Commands {
			all = append(all, s.commandVerb(f, c))
		}
	}
	return slices.DeleteFunc(all, func(v verb) bool { return v.role > s.who.Role })
}

// here lists the verbs of the present mode.
func (s *session) here() []verb {
	return slices.DeleteFunc(slices.Clone(s.verbs), func(v verb) bool {
		return v.mode == operating && s.configuring || v.mode == configuring && !s.configuring
	})
}

// find takes the verb with the most words that stand at the beginning. Any word
// may be cut short where that is clear.
func (s *session) find(typed []string) (verb, []string, bool) {
	var best verb
	clear := false
	for _, v := range s.here() {
		if n := len(v.words); n > len(typed) || n < len(best.words) || !begins(typed, v.words) {
			continue
		} else if n == len(best.words) {
			if exact(typed, best.words) {
				continue
			}
			clear = exact(typed, v.words)
		} else {
			clear = true
		}
		best = v
	}
	return best, typed[min(len(best.words), len(typed)):], clear && len(best.words) > 0
}

func begins(typed, words []string) bool {
	for i, w := range words {
		if !strings.HasPrefix(w, typed[i]) {
			return false
		}
	}
	return true
}

func exact(typed, words []string) bool { return slices.Equal(typed[:len(words)], words) }

// viewVerb is "show VIEW"; a name that says nothing alone, or that two features
// have, is "show FEATURE" or "show FEATURE VIEW".
func (s *session) viewVerb(f feature.Feature, v feature.View) verb {
	named := []string{"show", v.Name}
	if v.Name == "list" {
		named = []string{"show", f.Name}
	} else if s.twice(v.Name) {
		named = []string{"show", f.Name, v.Name}
	}
	return verb{words: named, help: v.Help, role: v.Role, mode: operating, run: func(ctx context.Context, _ []string) error {
		data, at, err := s.View(ctx, f.Name, v.Name)
		if err != nil {
			return err
		}
		text, err := table(data, at, s.lang)
		if err == nil {
			s.print(text)
		}
		return err
	}}
}

func (s *session) twice(view string) bool {
	n := 0
	for _, f := range s.Features {
		for _, v := range f.Views {
			if v.Name == view {
				n++
			}
		}
	}
	return n > 1
}

// commandVerb is "agent ready ana": the fields of the command in their order, or
// as name=value. An agent may leave the own name out.
func (s *session) commandVerb(f feature.Feature, c feature.Command) verb {
	fields := fieldsOf(reflect.TypeOf(c.New()).Elem())
	named := strings.Split(c.Name, ".")
	if len(named) == 1 && named[0] != f.Name {
		named = []string{f.Name, named[0]}
	}
	return verb{words: named, help: c.Help, role: c.Role, mode: operating,
		run: func(ctx context.Context, args []string) error {
			cmd := c.New()
			if err := s.fill(cmd, c, fields, args); err != nil {
				return err
			}
			if c.Own && s.who.Role == access.Agent && valueOf(cmd, "agent") != string(s.who.Person) {
				return core.Refuse("own")
			}
			if err := s.Command(ctx, s.who.Person, f.Name, cmd); err != nil {
				return err
			}
			s.say("console.done")
			return nil
		},
		next: func(args []string) ([]string, string) {
			if len(args) >= len(fields) {
				return nil, ""
			}
			return s.argument(fields[len(args)].name)
		},
	}
}

// argument offers what the settings know of a kind of name.
func (s *session) argument(field string) ([]string, string) {
	var next []string
	_, tree, _ := s.Settings.Current()
	switch field {
	case "agent":
		for _, p := range tree.People {
			next = append(next, p.Name)
		}
	case "station":
		for _, st := range tree.ExpandStations() {
			next = append(next, st.Extension)
		}
	case "line":
		for _, l := range tree.Lines {
			next = append(next, string(l.Name))
		}
	case "queue":
		for _, q := range tree.Queues {
			next = append(next, q.Name)
		}
	}
	return next, field
}
