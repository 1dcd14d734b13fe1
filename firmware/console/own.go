package console

import (
	"context"
	"strings"

	"centralita/firmware/access"
	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/words"
)

// ownVerbs need no feature.
func (s *session) ownVerbs() []verb {
	return []verb{
		{words: []string{"help"}, help: "console.help.help", run: func(context.Context, []string) error { s.help(s.here()); return nil }},
		{words: []string{"language"}, help: "console.help.language", run: s.chooseLanguage,
			next: func(a []string) ([]string, string) {
				if len(a) == 0 {
					return words.Languages, ""
				}
				return nil, ""
			}},
		{words: []string{"password"}, help: "console.help.password", mode: operating, run: func(ctx context.Context, args []string) error { return s.password(ctx, args) }},
		{words: []string{"terminal"}, help: "console.help.terminal", run: s.terminal, next: nextTerminal},
		{words: []string{"show", "version"}, help: "console.help.version", mode: operating, run: func(context.Context, []string) error {
			s.print("Centralita " + s.Version)
			return nil
		}},
		{words: []string{"exit"}, help: "console.help.exit", mode: operating, run: func(context.Context, []string) error { return errLeft }},
	}
}

func (s *session) chooseLanguage(_ context.Context, args []string) error {
	if len(args) != 1 || !words.Known(args[0]) {
		return core.Refuse("language", strings.Join(args, " "))
	}
	if err := s.Gate.SetLanguage(s.who, args[0]); err != nil {
		return err
	}
	s.lang = args[0]
	s.say("console.done")
	return nil
}

// password changes the own one, or gives another person one.
func (s *session) password(_ context.Context, args []string) error {
	ask := func(key string) (string, error) {
		s.hidden = true // a "?" belongs to the word
		defer func() { s.hidden = false }()
		return s.t.ReadPassword(words.T(s.lang, key) + ": ")
	}
	who := s.who.Person
	if len(args) > 0 {
		who = id.Person(args[0])
	}
	var old string
	var err error
	if who == s.who.Person {
		if old, err = ask("console.password-old"); err != nil {
			return err
		}
	} else if err := s.mayGive(who); err != nil {
		return err
	}
	next, err := ask("console.password-new")
	if err != nil {
		return err
	}
	if again, err := ask("console.password-again"); err != nil {
		return err
	} else if again != next {
		return sentence{"console.password-differs", nil}
	}
	ctx, cancel := context.WithTimeout(s.ctx, answerMax) // typing took its time
	defer cancel()
	if who == s.who.Person {
		err = s.Gate.ChangePassword(ctx, s.who, old, next)
	} else {
		err = s.Gate.GivePassword(ctx, who, next)
	}
	if err == nil {
		s.say("console.done")
	}
	return err
}

func (s *session) mayGive(who id.Person) error {
	role, known := s.Gate.Role(who)
	switch {
	case s.who.Role < access.Owner:
		return core.Refuse("role", words.T(s.lang, "role.owner"))
	case !known:
		return core.Refuse("account-unknown", string(who))
	case role > s.who.Role:
		return core.Refuse("account-role")
	}
	return nil
}
