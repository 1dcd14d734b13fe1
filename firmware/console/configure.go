package console

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"centralita/firmware/access"
	"centralita/firmware/settings"
	"centralita/firmware/words"
)

// settingsVerbs edit, compare and commit the tree; owners only.
func (s *session) settingsVerbs() []verb {
	list := []verb{
		{words: []string{"configure"}, mode: operating, run: s.configure},
		{words: []string{"show", "settings"}, mode: operating, run: s.showCurrent, next: s.nextCurrent},
		{words: []string{"show", "revisions"}, mode: operating, run: s.revisions},
		{words: []string{"export"}, mode: operating, run: func(ctx context.Context, _ []string) error { return s.showCurrent(ctx, nil) }},
		{words: []string{"set"}, mode: configuring, run: s.edited(settings.Set), next: s.nextEdit},
		{words: []string{"delete"}, mode: configuring, run: s.edited(settings.Delete), next: s.nextEdit},
		{words: []string{"edit"}, mode: configuring, run: s.edit, next: s.nextEdit},
		{words: []string{"top"}, mode: configuring, run: func(context.Context, []string) error { s.at = nil; return nil }},
		{words: []string{"show"}, mode: configuring, run: s.showCandidate, next: s.nextEdit},
		{words: []string{"compare"}, mode: configuring, run: s.compare},
		{words: []string{"check"}, mode: configuring, run: s.check},
		{words: []string{"commit"}, mode: configuring, run: s.commit},
		{words: []string{"rollback"}, mode: configuring, run: s.rollback, next: s.nextRevision},
		{words: []string{"discard"}, mode: configuring, run: func(context.Context, []string) error {
			s.Settings.Discard()
			s.say("console.done")
			return nil
		}},
		{words: []string{"load"}, mode: configuring, run: s.load},
		{words: []string{"exit"}, mode: configuring, run: s.leave},
	}
	for i, v := range list {
		list[i].role = access.Owner
		list[i].help = "console.help." + strings.Join(v.words, "-")
	}
	list[len(list)-1].help = "console.help.back"
	return list
}

func (s *session) configure(context.Context, []string) error {
	s.configuring, s.at = true, nil
	if _, changed := s.Settings.Candidate(); changed {
		s.say("console.candidate")
	}
	return nil
}

// leave goes up to the top of the tree, then out of the settings.
func (s *session) leave(context.Context, []string) error {
	if len(s.at) > 0 {
		s.at = nil
		return nil
	}
	s.configuring = false
	if _, changed := s.Settings.Candidate(); changed {
		s.say("console.uncommitted")
	}
	return nil
}

// path puts words under the place of `edit`.
func (s *session) path(args []string) []string { return slices.Concat(s.at, args) }

func (s *session) edited(change func(*settings.Tree, ...string) error) func(context.Context, []string) error {
	return func(_ context.Context, args []string) error {
		return s.Settings.Edit(func(t *settings.Tree) error { return change(t, s.path(args)...) })
	}
}

func (s *session) edit(_ context.Context, args []string) error {
	if len(args) == 0 {
		s.at = nil
		return nil
	}
	t, _ := s.Settings.Candidate()
	if _, err := settings.Show(t, s.path(args)...); err != nil {
		// An item that is not there yet is begun.
		if err := s.Settings.Edit(func(t *settings.Tree) error { return settings.Set(t, s.path(args)...) }); err != nil {
			return err
		}
	}
	s.at = s.path(args)
	return nil
}

func (s *session) show(t *settings.Tree, path []string) error {
	text, err := settings.Show(t, path...)
	if err == nil {
		s.print(text)
	}
	return err
}

func (s *session) showCurrent(_ context.Context, args []string) error {
	_, t, _ := s.Settings.Current()
	return s.show(t, args)
}

func (s *session) showCandidate(_ context.Context, args []string) error {
	t, _ := s.Settings.Candidate()
	return s.show(t, s.path(args))
}

func (s *session) compare(context.Context, []string) error {
	changes := s.Settings.Compare()
	if len(changes) == 0 {
		return settings.ErrNothing
	}
	for _, c := range changes {
		switch {
		case c.Old == "":
			s.print("+ " + c.Path + ": " + printable(c.New))
		case c.New == "":
			s.print("- " + c.Path + ": " + printable(c.Old))
		default:
			s.print("~ " + c.Path + ": " + printable(c.Old) + " -> " + printable(c.New))
		}
	}
	return nil
}

func (s *session) check(context.Context, []string) error {
	t, _ := s.Settings.Candidate()
	if ps := t.Validate(); len(ps) > 0 {
		return ps
	}
	s.say("console.right")
	return nil
}

func (s *session) commit(_ context.Context, args []string) error {
	r, err := s.Settings.Commit(s.who.Person, strings.Join(args, " "))
	if err == nil {
		s.say("console.committed", fmt.Sprint(r.Rev))
	}
	return err
}

func (s *session) rollback(_ context.Context, args []string) error {
	n, err := uint64(0), error(nil)
	if len(args) == 1 {
		n, err = strconv.ParseUint(args[0], 10, 64)
	}
	if err != nil || len(args) != 1 {
		return sentence{"console.missing", []string{"rev", "<rev>"}}
	}
	r, err := s.Settings.Rollback(n, s.who.Person, words.T(s.lang, "settings.note.rollback", fmt.Sprint(n)))
	if err == nil {
		s.say("console.committed", fmt.Sprint(r.Rev))
	}
	return err
}

func (s *session) revisions(context.Context, []string) error {
	for _, r := range s.Settings.Revisions() {
		at := time.UnixMilli(r.Wall).UTC().Format("2006-01-02 15:04:05Z")
		s.print(strings.TrimRight(fmt.Sprintf("%4d  %s  %-12s %s", r.Rev, at, printable(string(r.Who)), printable(r.Note)), " "))
	}
	return nil
}

// loadMax is the largest document a person may send, as settings.Parse has it.
const loadMax = 1 << 20

// load takes a whole document until a line with a single dot.
func (s *session) load(context.Context, []string) error {
	s.say("console.load")
	s.t.SetPrompt("")
	history := s.t.History
	s.t.History = nothing{}
	defer func() { s.t.History = history }()
	var doc strings.Builder
	for {
		line, err := s.line()
		if err != nil {
			return err
		}
		if line == "." {
			break
		}
		if doc.Len()+len(line) <= loadMax {
			doc.WriteString(line + "\n")
		}
	}
	t, err := settings.Parse([]byte(doc.String()))
	if err != nil {
		return err
	}
	if ps := s.Settings.SetCandidate(t); len(ps) > 0 {
		return ps
	}
	s.say("console.done")
	return nil
}

// nothing is no history: a document is not worth calling back.
type nothing struct{}

func (nothing) Add(string)    {}
func (nothing) Len() int      { return 0 }
func (nothing) At(int) string { return "" }

func (s *session) nextEdit(args []string) ([]string, string) {
	t, _ := s.Settings.Candidate()
	return settings.Next(t, s.path(args)...)
}

func (s *session) nextCurrent(args []string) ([]string, string) {
	_, t, _ := s.Settings.Current()
	return settings.Next(t, args...)
}

func (s *session) nextRevision(args []string) (next []string, wants string) {
	if len(args) == 0 {
		for _, r := range s.Settings.Revisions() {
			next = append(next, fmt.Sprint(r.Rev))
		}
	}
	return next, ""
}
