package console

import (
	"context"
	"fmt"

	"centralita/firmware/access"
	"centralita/firmware/update"
	"centralita/firmware/words"
)

func (s *session) updateVerbs() []verb {
	if s.Updates == nil {
		return nil
	}
	list := []verb{
		{words: []string{"show", "update"}, help: "console.help.show-update", run: s.showUpdate},
		{words: []string{"update", "install"}, help: "console.help.update-install", run: s.updateInstall, next: s.nextBundle},
		{words: []string{"update", "restart"}, help: "console.help.update-restart", run: func(context.Context, []string) error { return s.updated(s.Updates.Restart()) }},
		{words: []string{"update", "cancel"}, help: "console.help.update-cancel", run: func(ctx context.Context, _ []string) error { return s.updated(s.Updates.Cancel(ctx)) }},
	}
	for i := range list {
		list[i].mode, list[i].role = operating, access.Owner
	}
	return list
}

// onStick stands for the only bundle on the USB stick.
const onStick = "usb"

func (s *session) nextBundle(args []string) ([]string, string) {
	if len(args) > 0 {
		return nil, ""
	}
	return append([]string{onStick}, s.Updates.State().Sticks...), ""
}

func (s *session) updateInstall(_ context.Context, args []string) error {
	if len(args) != 1 {
		return sentence{"console.missing", []string{"bundle", onStick}}
	}
	if args[0] == onStick {
		args[0] = ""
	}
	return s.updated(s.Updates.Take(args[0], true, string(s.who.Person)))
}

func (s *session) updated(err error) error {
	if err != nil {
		return err
	}
	return s.showUpdate(s.ctx, nil)
}

// showUpdate says where it is, what is in the way and how the last one ended.
func (s *session) showUpdate(context.Context, []string) error {
	u := s.Updates.State()
	if !u.Offered {
		return sentence{update.ErrNone.Key(), nil}
	}
	s.say("update.runs", u.Version, u.Board, u.Slot)
	version := ""
	if u.Bundle != nil {
		version = u.Bundle.Version
	}
	s.say("update.phase."+string(u.Phase), printable(version), fmt.Sprint(u.Percent), fmt.Sprint(u.Received>>20), fmt.Sprint(u.Calls))
	if p := u.Problem; p != nil {
		s.say(p.Key(), p.Args...)
	}
	if l := u.Last; l != nil {
		s.print(words.T(s.lang, l.Key(), l.Version, l.From, l.Detail))
	}
	for _, name := range u.Sticks {
		s.say("update.on-stick", name)
	}
	return nil
}
