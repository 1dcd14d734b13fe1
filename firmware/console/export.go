package console

import (
	"context"
	"fmt"
	"strings"
	"time"

	"centralita/firmware/access"
	"centralita/firmware/event"
	"centralita/firmware/settings"
	"centralita/firmware/words"
)

// export writes the settings as text that another box loads: those in force, or
// what is edited. It makes no pauses, for it is meant to be kept by the terminal.
func (s *session) export(context.Context, []string) error {
	s.put(s.text(false))
	return nil
}

// exportSecrets is export with the passwords. Who did so is written down first.
func (s *session) exportSecrets(context.Context, []string) error {
	s.Tell(&event.SecretsShown{Who: s.who.Person, From: s.from})
	s.put(s.text(true))
	return nil
}

func (s *session) text(secrets bool) string {
	r, t, _ := s.Settings.Current()
	if s.configuring {
		t, _ = s.Settings.Candidate()
	}
	t = t.Clone()
	head := "# " + words.T(s.lang, "console.exported", s.Version, fmt.Sprint(r.Rev), s.Box, time.UnixMilli(r.Wall).UTC().Format(time.RFC3339))
	if secrets {
		head += " " + words.T(s.lang, "console.exported-secrets")
		s.reveal(t)
	} else {
		hide(t)
	}
	return strings.ReplaceAll(head, "\n", " ") + "\n" + string(t.Marshal())
}

// reveal puts passwords in the place of their names.
func (s *session) reveal(t *settings.Tree) {
	if s.Secret == nil {
		return
	}
	for i := range t.Trunks {
		if word, ok := s.Secret(t.Trunks[i].Secret); ok && t.Trunks[i].Password == "" {
			t.Trunks[i].Password = word
		}
	}
	for i := range t.Stations {
		sip := t.Stations[i].SIP
		if sip == nil || sip.Password != "" {
			continue
		}
		if word, ok := s.Secret(sip.Secret); ok {
			sip.Password = word
		}
	}
}

// hide takes passwords out that wait for a commit.
func hide(t *settings.Tree) {
	for i := range t.Trunks {
		t.Trunks[i].Password = ""
	}
	for i := range t.Stations {
		if t.Stations[i].SIP != nil {
			t.Stations[i].SIP.Password = ""
		}
	}
}

func (s *session) mayConfigure() bool { return s.who.Role >= access.Owner }
