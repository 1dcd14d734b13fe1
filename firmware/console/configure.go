package console

import (
	"context"
	"slices"
	"strings"

	"centralita/firmware/access"
	"centralita/firmware/settings"
)

// settingsVerbs edit, compare and commit the tree; owners only.
func (s *session) settingsVerbs() []verb {
	list := []verb{
		{words: []string{"configure"}, mode: operating, run: s.configure},
		{words: []string{"show", "settings"}, mode: operating, run: s.showCurrent, next: s.nextCurrent},
		{words: []string{"show", "revisions"}, run: s.revisions},
		{words: []string{"show", "files"}, run: s.files},
		{words: []string{"compare"}, run: s.compare, next: s.nextRevision},
		{words: []string{"export"}, run: s.export},
		{words: []string{"export", "secrets"}, run: s.exportSecrets},
		{words: []string{"save"}, run: s.save, next: s.nextFile},
		{words: []string{"forget"}, run: s.forget, next: s.nextFile},
		{words: []string{"set"}, mode: configuring, run: s.edited(settings.Set), next: s.nextEdit},
		{words: []string{"delete"}, mode: configuring, run: s.edited(settings.Delete), next: s.nextEdit},
		{words: []string{"edit"}, mode: configuring, run: s.edit, next: s.nextEdit},
		{words: []string{"up"}, mode: configuring, run: s.up},
		{words: []string{"top"}, mode: configuring, run: func(context.Context, []string) error { s.at = nil; return nil }},
		{words: []string{"show"}, mode: configuring, run: s.showCandidate, next: s.nextEdit},
		{words: []string{"check"}, mode: configuring, run: s.check},
		{words: []string{"commit"}, mode: configuring, run: s.commit, next: nextCommit},
		{words: []string{"rollback"}, mode: configuring, run: s.rollback, next: s.nextRevision},
		{words: []string{"discard"}, mode: configuring, run: func(context.Context, []string) error {
			s.Settings.Discard()
			s.say("console.done")
			return nil
		}},
		{words: []string{"load"}, mode: configuring, run: s.load, next: s.nextLoad},
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

// up goes from an item to what holds its list.
func (s *session) up(context.Context, []string) error {
	t, _ := s.Settings.Candidate()
	for len(s.at) > 0 {
		s.at = s.at[:len(s.at)-1]
		if _, wants := settings.Next(t, s.at...); wants != "name" {
			break
		}
	}
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

func (s *session) nextEdit(args []string) ([]string, string) {
	t, _ := s.Settings.Candidate()
	return settings.Next(t, s.path(args)...)
}

func (s *session) nextCurrent(args []string) ([]string, string) {
	_, t, _ := s.Settings.Current()
	return settings.Next(t, args...)
}
