package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/term"

	"centralita/firmware/access/gate"
	"centralita/firmware/id"
	"centralita/firmware/words"
)

// answerMax is how long the box may think about one line.
const answerMax = 5 * time.Second

// errLeft ends a session by its person's wish.
var errLeft = errors.New("console: left")

// session is one person at one terminal.
type session struct {
	*Console
	ctx    context.Context
	t      *term.Terminal
	w      *wire
	owned  *wire // made for this session alone, nil else
	screen screen
	from   string
	secret string
	who    gate.Session
	lang   string

	trial       uint64 // the revision that this person was told is on trial
	configuring bool
	at          []string // where `edit` went in the tree
	asked       *asking  // the wizard's question that is open
	hidden      bool     // what is typed is a password
	pasted      int      // lines that had come of a document when the line ended
	verbs       []verb
}

func newSession(ctx context.Context, c *Console, rw io.ReadWriter, from string) *session {
	s := &session{Console: c, ctx: ctx, from: from, lang: c.Language(), screen: usual}
	own, ok := rw.(*wire)
	if !ok {
		own = newWire(rw)
		s.owned = own
	}
	s.w = own
	s.w.resized = s.resize
	s.t = term.NewTerminal(s.w, "")
	s.t.AutoCompleteCallback = s.complete
	return s
}

// close gives up what newSession made.
func (s *session) close() {
	if s.owned != nil {
		s.owned.close()
	}
}

// say writes a sentence of the catalogue.
func (s *session) say(key string, args ...string) { s.print(words.T(s.lang, key, args...)) }

// line reads one line; pasted ones are lines too. One that was too long to be held
// is refused: half of a wish is not what was meant.
func (s *session) line() (string, error) {
	for {
		text, err := s.t.ReadLine()
		if errors.Is(err, term.ErrPasteIndicator) {
			err = nil
		}
		if err == nil && s.w.tooLong() {
			s.complain(sentence{"console.line-long", []string{fmt.Sprint(lineMax)}})
			continue
		}
		return text, err
	}
}

func (s *session) signIn() error {
	greeting, prompt := "Centralita "+s.Version, words.T(s.lang, "console.name")+": "
	s.print(greeting)
	for {
		s.t.SetPrompt(prompt)
		name, err := s.line()
		if err != nil {
			return err
		}
		if name = unechoed(name, greeting, prompt); name == "" {
			continue
		}
		word, err := s.t.ReadPassword(words.T(s.lang, "console.password") + ": ")
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(s.ctx, answerMax)
		s.secret, s.who, err = s.Gate.SignIn(ctx, id.Person(name), word, s.from)
		cancel()
		if err == nil {
			s.welcome()
			return nil
		}
		s.complain(err)
	}
}

// echoLeast is how much of the greeting is taken for an echo of it and for no name.
const echoLeast = len("Centr")

// unechoed takes away what the far end sent back of what it was sent. A terminal's
// line echoes from when it is opened until its program has told it not to, which is
// long enough for the first of what waited there: taken for a name, it would ask for a
// password, and take the person's name for that.
func unechoed(name, greeting, prompt string) string {
	prompt = strings.TrimSpace(prompt)
	for name = strings.TrimSpace(name); ; {
		rest := strings.TrimPrefix(name, prompt)
		if n := len(common([]string{name, greeting})); n >= echoLeast {
			rest = name[n:]
		}
		if rest = strings.TrimSpace(rest); rest == name {
			return name
		}
		name = rest
	}
}

func (s *session) welcome() {
	if words.Known(s.who.Language) {
		s.lang = s.who.Language
	}
	s.t.History = &history{}
	s.verbs = s.grammar()
	if s.from == Serial {
		s.put(askSize)
	}
	s.say("console.welcome", s.who.Label, words.T(s.lang, "role."+s.who.Role.String()))
	if s.who.MustChange {
		s.say("console.must-change")
	}
	s.tellCut()
}

// work takes lines until the person leaves.
func (s *session) work() error {
	for {
		s.tellTrial()
		s.t.SetPrompt(s.prompt())
		text, err := s.line()
		if err != nil {
			return err
		}
		who, err := s.Gate.Who(s.secret)
		if err != nil {
			s.complain(err)
			return errLeft
		}
		s.who = who
		s.screen.fresh()
		typed, err := split(text)
		if err != nil {
			s.complain(err)
			continue
		}
		if len(typed) == 0 {
			continue
		}
		if err := s.do(typed); errors.Is(err, errLeft) || errors.Is(err, io.EOF) {
			return err
		} else if err != nil {
			s.complain(err)
		}
	}
}

func (s *session) prompt() string {
	place := ""
	if s.configuring {
		place = fmt.Sprintf("(%s)", strings.Join(append([]string{"settings"}, s.at...), " "))
	}
	return string(s.who.Person) + place + "> "
}

// do runs one line; what panics ends the line and not the box.
func (s *session) do(typed []string) (err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("console: %s panicked: %v", typed[0], x)
		}
	}()
	v, args, ok := s.find(typed)
	if !ok {
		return sentence{"console.unknown", []string{typed[0]}}
	}
	ctx, cancel := context.WithTimeout(s.ctx, answerMax)
	defer cancel()
	return v.run(ctx, args)
}
