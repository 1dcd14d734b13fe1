package console

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"centralita/firmware/settings"
	"centralita/firmware/wizard"
	"centralita/firmware/words"
)

// errBack is the wish for the question before.
var errBack = errors.New("console: back")

// Words that mean the same at every question. A text that is one of them is written
// in quotes.
var (
	skipWords = []string{"skip", "saltar", "salta"}
	backWords = []string{"back", "atrás", "atras", "indietro"}
	quitWords = []string{"quit", "exit", "salir", "esci"}
)

// question asks until an answer is taken.
func (s *session) question(i *wizard.Interview, q wizard.Question) error {
	n, of := i.Place()
	s.say("wizard.question", fmt.Sprint(n), fmt.Sprint(of), words.T(s.lang, "wizard.ask."+q.ID, words.Resolve(s.lang, q.Args)...))
	for {
		text, err := s.answer("["+s.word(q.Now)+"]", "wizard.help."+q.ID, q.Choices)
		if err != nil {
			return err
		}
		switch lower := strings.ToLower(text); {
		case text == "":
			i.Keep()
			return nil
		case slices.Contains(skipWords, lower):
			i.Skip()
			return nil
		}
		if err := i.Answer(unquote(text)); err != nil {
			s.complain(err)
			continue
		}
		s.follows(q.ID, i)
		return nil
	}
}

// words are arguments of a sentence, which came from outside.
func (s *session) words(args []string) []string {
	var list []string
	for _, a := range args {
		list = append(list, s.word(a))
	}
	return list
}

// follows lets the conversation go on in the language that was chosen.
func (s *session) follows(question string, i *wizard.Interview) {
	if lang := i.Tree().Office.Languages; question == "language" && len(lang) > 0 && words.Known(lang[0]) {
		s.lang = lang[0]
	}
}

func unquote(text string) string {
	if inner, ok := strings.CutPrefix(text, `"`); ok {
		return strings.TrimSuffix(inner, `"`)
	}
	return text
}

// asking is what `?` and Tab know while a question is open.
type asking struct {
	help    string
	choices []string
}

// answer reads one answer; back and quit are errors.
func (s *session) answer(prompt, help string, choices []string) (string, error) {
	s.screen.fresh()
	s.asked = &asking{help: help, choices: choices}
	defer func() { s.asked = nil }()
	for {
		s.t.SetPrompt(prompt + " > ")
		s.w.broke = false
		text, err := s.line()
		if err != nil {
			return "", err
		}
		if s.w.broke {
			return "", errGivenUp
		}
		who, err := s.Gate.Who(s.secret)
		if err != nil {
			s.complain(err)
			return "", errLeft
		}
		s.who = who
		text = strings.TrimSpace(text)
		switch lower := strings.ToLower(text); {
		case text == "?": // of a paste, which completes nothing
			s.say(help)
		case slices.Contains(backWords, lower):
			return "", errBack
		case slices.Contains(quitWords, lower):
			return "", errGivenUp
		default:
			return text, nil
		}
	}
}

// completeAnswer is for every key of an answer: `?` at its beginning helps, Tab goes
// on with the last word.
func (s *session) completeAnswer(line string, pos int, key rune) (string, int, bool) {
	switch {
	case key == '?' && strings.TrimSpace(line) == "":
		help := words.T(s.lang, s.asked.help)
		if fit := s.words(s.asked.choices); len(fit) > 0 {
			help += "\n  " + strings.Join(fit[:min(len(fit), choicesMax)], "  ")
		}
		s.put(help + "\n")
		return line, pos, true
	case key == '\t':
		word := line[strings.LastIndexAny(line[:pos], " ,")+1 : pos]
		fit := slices.DeleteFunc(s.words(s.asked.choices), func(c string) bool { return !strings.HasPrefix(c, word) })
		if more := common(fit); len(more) > len(word) {
			more = more[len(word):]
			return line[:pos] + more + line[pos:], pos + len(more), true
		}
		return line, pos, true
	}
	return "", 0, false
}

// yes asks what cannot be kept as it is.
func (s *session) yes(key string) (bool, error) {
	s.say(key)
	for {
		text, err := s.answer("["+s.word("yes")+"/"+s.word("no")+"]", key, []string{"yes", "no"})
		switch {
		case err != nil:
			return false, err
		case slices.Contains([]string{"y", "yes", "s", "si", "sí", "sì"}, strings.ToLower(text)):
			return true, nil
		case slices.Contains([]string{"n", "no"}, strings.ToLower(text)):
			return false, nil
		}
	}
}

// agree shows what would come about and wants a yes.
func (s *session) agree(show func()) error {
	s.screen.fresh()
	show()
	yes, err := s.yes("wizard.agree")
	if err == nil && !yes {
		return errGivenUp
	}
	return err
}

// heads leaves out what a removed item had in it.
func heads(changes []settings.Change) []settings.Change {
	var short []settings.Change
	for _, c := range changes {
		inside := slices.ContainsFunc(short, func(o settings.Change) bool { return o.New == "" && strings.HasPrefix(c.Path, o.Path+".") })
		if c.New != "" || !inside {
			short = append(short, c)
		}
	}
	return short
}

// foresee tells what the answers change and what is done besides.
func (s *session) foresee(i *wizard.Interview) {
	_, now, _ := s.Settings.Current()
	s.changes(heads(settings.Compare(now, i.Tree())))
	todo := i.Todo()
	tell := func(key string, args ...string) { s.print("* " + words.T(s.lang, key, args...)) }
	for _, p := range todo.Lines {
		tell("wizard.will.test", string(p))
	}
	for _, p := range todo.Handsets {
		tell("wizard.will.ring", string(p))
	}
	if todo.Phones {
		tell("wizard.will.phones")
	}
	if todo.Password {
		tell("wizard.will.password", printable(todo.Owner))
	}
}
