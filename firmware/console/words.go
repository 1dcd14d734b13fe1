package console

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode"

	"centralita/firmware/access/gate"
	"centralita/firmware/core"
	"centralita/firmware/settings"
	"centralita/firmware/update"
	"centralita/firmware/wizard"
	"centralita/firmware/words"
)

// sentence is a no of the console itself.
type sentence struct {
	key  string
	args []string
}

func (s sentence) Error() string { return "console: " + s.key }

// complain says an error as a sentence.
func (s *session) complain(err error) {
	var (
		own     sentence
		refusal *core.Refusal
		ps      settings.Problems
		limited *gate.Limited
		bundle  *update.Refusal
		unfit   *wizard.No
	)
	switch {
	case errors.As(err, &own):
		s.say(own.key, own.args...)
	case errors.As(err, &bundle):
		s.say(bundle.Key(), bundle.Args...)
	case errors.As(err, &refusal):
		s.say("refused."+refusal.Code, refusal.Args...)
	case errors.As(err, &unfit):
		s.say(unfit.Key, s.words(unfit.Args)...)
	case errors.As(err, &ps):
		s.problems(ps)
	case errors.As(err, &limited):
		s.say("refused.limited", fmt.Sprint(int(limited.Wait.Seconds()+0.999)))
	default:
		s.complainKnown(err)
	}
}

func (s *session) complainKnown(err error) {
	for known, key := range map[error]string{
		gate.ErrWrong: "sign-in", gate.ErrNobody: "not-signed-in", gate.ErrUnknown: "not-found", gate.ErrSame: "password-same",
		settings.ErrNothing: "nothing-changed", context.DeadlineExceeded: "busy", context.Canceled: "stopping", fs.ErrNotExist: "not-found",
	} {
		if errors.Is(err, known) {
			s.say("refused." + key)
			return
		}
	}
	switch {
	case errors.Is(err, gate.ErrShort):
		s.say("refused.password-short", fmt.Sprint(gate.PasswordMin))
	case errors.Is(err, gate.ErrLong):
		s.say("refused.password-long", fmt.Sprint(gate.PasswordMax))
	default:
		s.Log.Error("a console command failed", "err", err)
		s.say("refused.internal")
	}
}

// problems shows each with its way out.
func (s *session) problems(ps settings.Problems) {
	for _, p := range ps {
		place := p.Path
		if place != "" {
			place += ": "
		}
		s.print(place + words.T(s.lang, p.Reason, p.Args...) + " " + words.T(s.lang, p.Remedy, p.Args...))
	}
}

// printable keeps foreign text from moving the cursor.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}

// split cuts a line into words; quotes hold spaces together.
func split(line string) ([]string, error) {
	var out []string
	var b strings.Builder
	quoted, inside := false, false
	for _, r := range line {
		switch {
		case r == '"':
			quoted, inside = !quoted, true
		case unicode.IsSpace(r) && !quoted:
			if inside {
				out = append(out, b.String())
				b.Reset()
			}
			inside = false
		default:
			inside = true
			b.WriteRune(r)
		}
	}
	if quoted {
		return nil, sentence{"console.quote", nil}
	}
	if inside {
		out = append(out, b.String())
	}
	return out, nil
}

// quote is the form split reads back.
func quote(w string) string {
	if w == "" || strings.ContainsFunc(w, unicode.IsSpace) {
		return `"` + w + `"`
	}
	return w
}
