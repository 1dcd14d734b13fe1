package console

import (
	"slices"
	"strings"
	"unicode/utf8"

	"centralita/firmware/settings"
)

// describe is what `?` says within the settings: the fields of a group with what the
// page calls each, which is all there is to say, or the name and hint of one value,
// to stand before what it may be.
func (s *session) describe(typed []string, word string, next []string) (text string, all bool) {
	v, args, ok := s.find(typed)
	if !ok || s.Word == nil || v.next == nil || !slices.Contains([]string{"set", "delete", "edit", "show", "settings"}, v.words[len(v.words)-1]) {
		return "", false
	}
	if s.configuring {
		args = s.path(args)
	}
	at := settings.Fields(args...)
	if len(next) > 0 && len(settings.Fields(append(slices.Clone(args), next[0])...)) > len(at) {
		var b strings.Builder
		wide := 0
		for _, n := range next {
			wide = max(wide, utf8.RuneCountInString(n))
		}
		for _, n := range next {
			b.WriteString(strings.TrimRight("  "+n+strings.Repeat(" ", wide-utf8.RuneCountInString(n)+2)+s.label(append(slices.Clone(at), n), ""), " ") + "\n")
		}
		return b.String(), true
	}
	if name := s.label(at, ""); name != "" && word == "" {
		if hint := s.label(at, ".hint"); hint != "" {
			name += ". " + hint
		}
		return printable(name) + "\n", false
	}
	return "", false
}

// label is the page's word for a place of the tree: its forms call the parts of the
// dial plan by their own names.
func (s *session) label(at []string, end string) string {
	if len(at) > 1 && at[0] == "dial_plan" {
		at = at[1:]
	}
	return s.Word(s.lang, "plan."+strings.Join(at, ".")+end)
}
