package console

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"centralita/firmware/access"
	"centralita/firmware/id"
	"centralita/firmware/settings"
	"centralita/firmware/wizard"
	"centralita/firmware/words"
)

func (s *session) wizardVerb() verb {
	return verb{
		words: []string{"wizard"}, help: "console.help.wizard", role: access.Owner, mode: operating, run: s.wizard,
		next: func(args []string) ([]string, string) {
			switch {
			case len(args) == 0:
				return []string{"file"}, ""
			case args[0] == "file":
				return s.nextFile(args[1:])
			}
			return nil, ""
		},
	}
}

// wizard brings a box into service: the questions, one commit, the tests that were
// asked for, and the acceptance sheet. Until the commit it works on a copy: who
// leaves, or is cut off, leaves nothing behind.
func (s *session) wizard(_ context.Context, args []string) error {
	if len(args) > 0 && args[0] == "file" && len(args) <= 2 {
		return s.wizardFile(args[1:])
	}
	if len(args) > 0 {
		return sentence{"console.too-many", []string{printable(args[0]), "[file [name]]"}}
	}
	t, changed := s.Settings.Candidate()
	if changed {
		s.say("console.candidate")
	}
	i := wizard.New(t, s.site())
	s.say("wizard.begin")
	for {
		q, more := i.Next()
		err := error(nil)
		if more {
			err = s.question(i, q)
		} else {
			err = s.agree(func() { s.foresee(i) })
		}
		switch {
		case errors.Is(err, errBack):
			i.Back()
		case errors.Is(err, errGivenUp):
			return s.keepOrNot(i)
		case err != nil:
			return err
		case !more:
			return s.conclude(i.Apply, i.Todo())
		}
	}
}

// site is what the questions must know of this box.
func (s *session) site() wizard.Site {
	site := wizard.Site{Person: string(s.who.Person), MustChange: s.who.MustChange, Found: s.foundPhones()}
	site.Network = s.Network != nil && s.Network().Owned
	if s.Sockets != nil {
		for _, name := range s.Sockets() {
			site.Sockets = append(site.Sockets, id.Port(name))
		}
	}
	return site
}

// foundMax bounds the telephones offered at once: a screen of them.
const foundMax = 16

// foundPhones are those that asked for settings and have no extension.
func (s *session) foundPhones() []wizard.Phone {
	ctx, cancel := context.WithTimeout(s.ctx, answerMax)
	defer cancel()
	data, _, err := s.View(ctx, "provision", "devices")
	if err != nil {
		return nil
	}
	doc, err := json.Marshal(data)
	var picture struct {
		Found []wizard.Phone `json:"found"`
	}
	if err = errors.Join(err, json.Unmarshal(doc, &picture)); err != nil {
		s.Log.Error("the telephones found cannot be read", "err", err)
		return nil
	}
	list := slices.DeleteFunc(picture.Found, func(p wizard.Phone) bool { return !slices.Contains(settings.Vendors, p.Vendor) })
	list = list[:min(len(list), foundMax)]
	for n := range list {
		list[n].Model, list[n].MAC = printable(list[n].Model), printable(list[n].MAC)
		list[n].Password = freshPassword()
	}
	return list
}

// freshPassword has 100 bits, in letters and digits that a telephone's file takes.
func freshPassword() string {
	var b [13]byte
	rand.Read(b[:])
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])[:20])
}

// wizardFile takes a whole document in place of the questions.
func (s *session) wizardFile(args []string) error {
	doc, lines, err := s.document(args)
	if errors.Is(err, errGivenUp) {
		return sentence{"console.load-given-up", nil}
	}
	if err != nil {
		return err
	}
	t, err := settings.Parse(doc)
	if err != nil {
		return err
	}
	s.say("console.loaded", fmt.Sprint(lines), fmt.Sprint(len(doc)))
	s.foreign(t)
	if faults := t.Validate().Faults(); len(faults) > 0 {
		s.problems(faults)
		return sentence{"wizard.file-faults", nil}
	}
	_, now, _ := s.Settings.Current()
	err = s.agree(func() { s.changes(heads(settings.Compare(now, t))) })
	if errors.Is(err, errGivenUp) || errors.Is(err, errBack) {
		return sentence{"wizard.nothing-kept", nil}
	}
	if err != nil {
		return err
	}
	return s.conclude(func(c *settings.Tree) error { *c = *t; return nil }, wizard.Todo{Owner: string(s.who.Person)})
}

// keepOrNot is a way out in the middle: nothing is kept, unless as a candidate.
func (s *session) keepOrNot(i *wizard.Interview) error {
	if len(i.Given()) == 0 {
		return sentence{"wizard.nothing-kept", nil}
	}
	yes, err := s.yes("wizard.keep")
	if err != nil {
		return err
	}
	if !yes {
		return sentence{"wizard.nothing-kept", nil}
	}
	if err := s.Settings.Edit(i.Apply); err != nil {
		return err
	}
	s.say("wizard.kept")
	return nil
}

// word says one of the wizard's words in the person's language, and others as they
// are.
func (s *session) word(w string) string {
	if slices.Contains(wizard.Words, w) {
		return words.T(s.lang, "wizard.word."+w)
	}
	return printable(w)
}
