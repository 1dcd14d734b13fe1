package console

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"centralita/firmware/words"
)

// choicesMax is how many possible words `?` lists.
const choicesMax = 60

// complete is called for every key: Tab goes on with the word as far as it is
// clear, `?` outside quotes says what can stand here.
func (s *session) complete(line string, pos int, key rune) (newLine string, newPos int, ok bool) {
	defer func() { // the editor's lock is open here: a panic must not pass it
		if x := recover(); x != nil {
			s.Log.Error("completion panicked", "panic", fmt.Sprint(x))
			newLine, newPos, ok = line, pos, true
		}
	}()
	if key != '\t' && key != '?' || s.verbs == nil || s.hidden {
		return "", 0, false
	}
	if s.asked != nil {
		return s.completeAnswer(line, pos, key)
	}
	if strings.Count(line[:pos], `"`)%2 == 1 {
		return "", 0, false
	}
	typed, err := split(line[:pos])
	if err != nil {
		return "", 0, false
	}
	word := ""
	if len(typed) > 0 && pos > 0 && line[pos-1] != ' ' {
		word, typed = typed[len(typed)-1], typed[:len(typed)-1]
	}
	next, wants := s.next(typed)
	next = slices.DeleteFunc(slices.Clone(next), func(w string) bool { return !strings.HasPrefix(w, word) })
	if key == '?' {
		s.explain(typed, word, next, wants)
		return line, pos, true
	}
	more := common(next)
	if len(more) < len(word) || len(next) == 0 {
		return line, pos, true
	}
	add := quote(more)[min(len(word), len(more)):]
	if more != quote(more) { // a name with spaces is quoted from its beginning
		line, pos = line[:pos-len(word)]+line[pos:], pos-len(word)
		add = quote(more)
	}
	if len(next) == 1 {
		add += " "
	}
	return line[:pos] + add + line[pos:], pos + len(add), true
}

// next lists the words that can follow.
func (s *session) next(typed []string) (next []string, wants string) {
	seen := map[string]bool{}
	for _, v := range s.here() {
		if len(typed) < len(v.words) && begins(typed, v.words[:len(typed)]) && !seen[v.words[len(typed)]] {
			seen[v.words[len(typed)]] = true
			next = append(next, v.words[len(typed)])
		}
	}
	if v, args, ok := s.find(typed); ok && v.next != nil {
		more, w := v.next(args)
		next, wants = append(next, more...), w
	}
	return next, wants
}

// explain answers `?`: verbs with their help, otherwise the possible words.
func (s *session) explain(typed []string, word string, next []string, wants string) {
	if v, _, ok := s.find(typed); !ok || v.next == nil {
		at := append(slices.Clone(typed), word)
		var fit []verb
		for _, v := range s.here() {
			if n := min(len(at), len(v.words)); n == len(at) && begins(at, v.words[:n]) {
				fit = append(fit, v)
			}
		}
		if len(fit) > 0 {
			s.help(fit)
			return
		}
	}
	text, all := s.describe(typed, word, next)
	if all {
		s.put(text)
		return
	}
	if len(next) > choicesMax {
		next = append(next[:choicesMax:choicesMax], "...")
	}
	if wants != "" && word == "" {
		next = append(next, "<"+wants+">")
	}
	if len(next) == 0 {
		s.put(text + words.T(s.lang, "console.enter") + "\n")
		return
	}
	s.put(text + strings.Join(next, "  ") + "\n")
}

// help lists verbs in columns.
func (s *session) help(list []verb) {
	wide := 0
	for _, v := range list {
		wide = max(wide, utf8.RuneCountInString(strings.Join(v.words, " ")))
	}
	var b strings.Builder // one writing: the editor draws its line again after each
	for _, v := range list {
		typed := strings.Join(v.words, " ")
		b.WriteString("  " + typed + strings.Repeat(" ", wide-utf8.RuneCountInString(typed)+2) + words.T(s.lang, v.help) + "\n")
	}
	s.print(b.String())
}

// common is the longest beginning of all.
func common(list []string) string {
	if len(list) == 0 {
		return ""
	}
	all := list[0]
	for _, w := range list[1:] {
		for !strings.HasPrefix(w, all) {
			_, size := utf8.DecodeLastRuneInString(all)
			all = all[:len(all)-size]
		}
	}
	return all
}
