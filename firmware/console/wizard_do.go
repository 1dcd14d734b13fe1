package console

import (
	"context"
	"errors"
	"fmt"
	"time"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/settings"
	"centralita/firmware/wizard"
	"centralita/firmware/words"
)

// conclude puts the answers in force, does what was asked for besides, and shows the
// sheet. What goes wrong on the way is told and does not keep the rest from being
// done: the sheet says in the end how things are.
func (s *session) conclude(edit func(*settings.Tree) error, todo wizard.Todo) error {
	if err := s.Settings.Edit(edit); err != nil {
		return err
	}
	if _, changed := s.Settings.Candidate(); changed {
		if err := s.commit(s.ctx, []string{words.T(s.lang, "wizard.note")}); err != nil {
			s.complain(err)
			return sentence{"wizard.kept", nil}
		}
	}
	s.verbs = s.grammar()
	if todo.Password {
		if err := s.givePassword(id.Person(todo.Owner)); err != nil {
			return err
		}
	}
	if todo.Phones {
		if err := s.briefly(func(ctx context.Context) error { return s.order(ctx, "provision", "open", nil) }); err != nil {
			s.complain(err)
		} else {
			s.say("wizard.phones-open")
		}
	}
	for _, p := range todo.Lines {
		s.say("wizard.testing", string(p))
		if err := s.testLine(p); err != nil {
			s.complain(err)
		}
	}
	for _, p := range todo.Handsets {
		s.say("wizard.ringing", string(p))
		err := s.briefly(func(ctx context.Context) error { return s.testRing(ctx, []string{string(p)}) })
		if err != nil {
			s.complain(err)
		}
	}
	s.screen.fresh()
	s.print("")
	if err := s.briefly(func(ctx context.Context) error { return s.paper(ctx, "line", "acceptance", "box") }); err != nil {
		return err
	}
	s.say("wizard.paper")
	return nil
}

// briefly gives one step of a long conversation its own time.
func (s *session) briefly(step func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(s.ctx, answerMax)
	defer cancel()
	return step(ctx)
}

// passwordTries are enough for who mistypes.
const passwordTries = 3

// givePassword asks again where it was not taken; only an end of the line is an error.
func (s *session) givePassword(who id.Person) error {
	s.say("wizard.password", printable(string(who)))
	var args []string
	if who != s.who.Person {
		args = []string{string(who)}
	}
	for range passwordTries {
		err := s.password(s.ctx, args)
		if err == nil {
			return nil
		}
		if s.w.gone() {
			return err
		}
		s.complain(err)
		var refused *core.Refusal
		if errors.As(err, &refused) {
			break // another word would not help
		}
	}
	s.say("wizard.password-later")
	return nil
}

// testLine runs the guided test of a line and tells how it goes, until it is over or
// is ended by a key.
func (s *session) testLine(port id.Port) error {
	if s.Lab.Follow == nil {
		return sentence{"refused.not-found", nil}
	}
	follow, cancel := context.WithCancel(s.ctx)
	defer cancel()
	news := s.follow(follow)
	fields := map[string]string{"port": string(port)}
	if err := s.briefly(func(ctx context.Context) error { return s.order(ctx, "line", "test", fields) }); err != nil {
		return err
	}
	s.say("console.monitor")
	over := false
	live(s, news, time.Second, func(r *event.Record, some bool) bool {
		if some {
			over = s.tellTest(port, r)
		}
		return !over
	})
	if over {
		return nil
	}
	return s.briefly(func(ctx context.Context) error { return s.order(ctx, "line", "stop", fields) })
}

// tellTest says how far a test has come and whether it is over.
func (s *session) tellTest(port id.Port, r *event.Record) bool {
	e, err := r.Event()
	if err != nil {
		return false // of a newer version
	}
	switch e := e.(type) {
	case *event.LineTestMoved:
		if e.Port == port {
			s.put(words.T(s.lang, "wizard.test-step", string(port), fmt.Sprint(e.Percent), words.T(s.lang, "test.step."+e.Step)) + "\n")
		}
	case *event.LineTestEnded:
		if e.Port == port {
			s.put(words.T(s.lang, "wizard.test-over", string(port), words.T(s.lang, "test.result."+e.Result)) + "\n")
			return true
		}
	}
	return false
}
