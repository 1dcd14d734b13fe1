package console

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"centralita/firmware/settings"
	"centralita/firmware/words"
)

// compare shows what a commit would change; with a revision, what leads from it to
// what is edited, or to what is in force; with two, from one to the other.
func (s *session) compare(_ context.Context, args []string) error {
	_, from, _ := s.Settings.Current()
	to := from
	if s.configuring {
		to, _ = s.Settings.Candidate()
	}
	for i, a := range args {
		t, err := s.revision(a)
		if err != nil {
			return err
		}
		switch i {
		case 0:
			from = t
		case 1:
			to = t
		default:
			return sentence{"console.too-many", []string{a, "[rev] [rev]"}}
		}
	}
	changes := settings.Compare(from, to)
	if len(changes) == 0 {
		return settings.ErrNothing
	}
	s.changes(changes)
	return nil
}

// changes are written one a line.
func (s *session) changes(changes []settings.Change) {
	if len(changes) == 0 {
		return
	}
	var b strings.Builder
	for _, c := range changes {
		switch {
		case c.Old == "":
			b.WriteString("+ " + c.Path + ": " + printable(c.New) + "\n")
		case c.New == "":
			b.WriteString("- " + c.Path + ": " + printable(c.Old) + "\n")
		default:
			b.WriteString("~ " + c.Path + ": " + printable(c.Old) + " -> " + printable(c.New) + "\n")
		}
	}
	s.print(b.String())
}

func (s *session) revision(word string) (*settings.Tree, error) {
	n, err := strconv.ParseUint(word, 10, 64)
	if err != nil {
		return nil, sentence{"console.not-number", []string{"rev", printable(word)}}
	}
	return s.Settings.At(n)
}

func (s *session) check(context.Context, []string) error {
	t, _ := s.Settings.Candidate()
	foreign := s.foreign(t)
	if ps := t.Validate(); len(ps) > 0 {
		s.problems(ps)
		foreign = true
	}
	if !foreign {
		s.say("console.right")
	}
	return nil
}

// commit puts the candidate in force: "commit NOTE", or on trial "commit confirmed
// MINUTES NOTE"; while something is on trial, "commit" keeps it.
func (s *session) commit(_ context.Context, args []string) error {
	if len(args) > 0 && args[0] == "confirmed" {
		return s.commitFor(args[1:])
	}
	if to, changed := s.Settings.Candidate(); changed && s.cutsOff(to) {
		s.say("console.network.moves")
		return s.commitFor(append([]string{trialUsual.String()}, args...))
	}
	trial, on := s.Settings.Trial()
	was, _, _ := s.Settings.Current()
	r, err := s.Settings.Commit(s.who.Person, strings.Join(args, " "))
	switch {
	case err != nil:
		return err
	case on && trial.Back != 0 && r.Rev == was.Rev:
		s.trial = 0
		s.say("console.confirmed", fmt.Sprint(r.Rev))
	default:
		s.trial = 0
		s.say("console.committed", fmt.Sprint(r.Rev))
	}
	return nil
}

// trialUsual is how long a trial lasts where nothing is said.
const trialUsual = 10 * time.Minute

func (s *session) commitFor(args []string) error {
	d := trialUsual
	if len(args) > 0 {
		var err error
		if d, err = trialTime(args[0]); err != nil {
			return sentence{"console.not-number", []string{"confirmed", printable(args[0])}}
		}
		args = args[1:]
	}
	r, err := s.Settings.CommitFor(s.who.Person, strings.Join(args, " "), d, s.backNote())
	if err != nil {
		return err
	}
	s.say("console.committed", fmt.Sprint(r.Rev))
	return nil
}

// backNote is of the revision that a trial goes back with.
func (s *session) backNote() string {
	now, _, _ := s.Settings.Current()
	back := now.Rev
	if t, on := s.Settings.Trial(); on {
		back = t.Back
	}
	return words.T(s.lang, "settings.note.trial", fmt.Sprint(now.Rev+1), fmt.Sprint(back))
}

// trialTime reads minutes, or a duration with its unit.
func trialTime(word string) (time.Duration, error) {
	if n, err := strconv.Atoi(word); err == nil {
		return min(time.Duration(n), 2*settings.TrialMax/time.Minute) * time.Minute, nil
	}
	d, err := settings.ParseDuration(word)
	return time.Duration(d), err
}

func nextCommit(args []string) ([]string, string) {
	switch {
	case len(args) == 0:
		return []string{"confirmed"}, "note"
	case len(args) == 1 && args[0] == "confirmed":
		return nil, "10, 30s, 1h"
	}
	return nil, "note"
}

// tellTrial says before the prompt what is on trial, once, and when it is over.
func (s *session) tellTrial() {
	if !s.mayConfigure() {
		return
	}
	t, on := s.Settings.Trial()
	now, _, _ := s.Settings.Current()
	switch {
	case on && s.trial != now.Rev:
		s.trial = now.Rev
		s.say("console.trial", fmt.Sprint(now.Rev), fmt.Sprint(t.Back), s.moment(t.Until))
	case !on && s.trial != 0:
		if now.Rev != s.trial && now.Who == "" {
			s.say("console.trial-over", fmt.Sprint(s.trial), fmt.Sprint(now.Rev))
		}
		s.trial = 0
	}
}

// moment is a time of day where the office is.
func (s *session) moment(wall int64) string {
	_, t, _ := s.Settings.Current()
	zone, err := time.LoadLocation(t.Office.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return time.UnixMilli(wall).In(zone).Format("15:04:05")
}

func (s *session) rollback(_ context.Context, args []string) error {
	n, err := uint64(0), error(nil)
	if len(args) == 1 {
		n, err = strconv.ParseUint(args[0], 10, 64)
	}
	if err != nil || len(args) != 1 {
		return sentence{"console.missing", []string{"rev", "<rev>"}}
	}
	note := words.T(s.lang, "settings.note.rollback", fmt.Sprint(n))
	to, err := s.Settings.At(n)
	if err != nil {
		return err
	}
	var r settings.Revision
	if s.cutsOff(to) {
		s.say("console.network.moves")
		r, err = s.Settings.RollbackFor(n, s.who.Person, note, trialUsual, s.backNote())
	} else {
		r, err = s.Settings.Rollback(n, s.who.Person, note)
	}
	if err == nil {
		s.say("console.committed", fmt.Sprint(r.Rev))
	}
	return err
}

// revisions lists them; * is in force, ? on trial.
func (s *session) revisions(context.Context, []string) error {
	now, _, _ := s.Settings.Current()
	_, trial := s.Settings.Trial()
	var b strings.Builder
	for _, r := range s.Settings.Revisions() {
		mark := " "
		if r.Rev == now.Rev && trial {
			mark = "?"
		} else if r.Rev == now.Rev {
			mark = "*"
		}
		at := time.UnixMilli(r.Wall).UTC().Format("2006-01-02 15:04:05Z")
		b.WriteString(strings.TrimRight(fmt.Sprintf("%s%4d  %s  %-12s %s", mark, r.Rev, at, printable(string(r.Who)), printable(r.Note)), " ") + "\n")
	}
	s.print(b.String())
	return nil
}

func (s *session) nextRevision(args []string) (next []string, wants string) {
	if len(args) <= 1 {
		for _, r := range s.Settings.Revisions() {
			next = append(next, fmt.Sprint(r.Rev))
		}
	}
	return next, ""
}
