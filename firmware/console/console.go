// Package console is the door of text: the same commands and views as the page,
// and the settings, on a serial device or a local socket.
//
// firmware/app serves it; it reads the features' plugs and knows none by name,
// and the grammar of the settings is the tree's own. It works when the network
// does not. It decides nothing, and shows no password.
//
//	sign in ──► name> show floor            ──► name(settings)> set queues citas ring 20s
//	            agent away ana lunch            compare, commit, rollback 3, discard
//	            configure ─────────────────►    exit ──► back
//
// Tab completes, `?` says what can stand at this place.
package console

import (
	"context"
	"io"
	"log/slog"
	"sync/atomic"

	"centralita/firmware/access/gate"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/settings"
	"centralita/firmware/sheet"
	"centralita/firmware/update"
)

// Options of New.
type Options struct {
	Features []feature.Feature
	// Command asks the box for something; a *core.Refusal is a no.
	Command func(ctx context.Context, who id.Person, feature string, c core.Command) error
	// View is a picture of a feature and the moment it is of.
	View func(ctx context.Context, feature, view string) (data any, at core.Time, err error)
	// Papers draws a document of a feature about something.
	Papers   func(ctx context.Context, feature, paper, of string) (*sheet.Draft, error)
	Gate     *gate.Gate
	Settings *settings.Repo
	// Sockets lists the sockets of this box: fxo1, fxs1; nil is not known.
	Sockets func() []string
	// Secret looks a password up for "export secrets", Tell writes down that it was
	// shown; nil is nobody.
	Secret func(name string) (word string, ok bool)
	Tell   func(event.Event)
	Lab    Lab
	// Updates brings new versions; nil is not there.
	Updates *update.Keeper
	// Network tells of the machine's; nil is not known.
	Network func() Machine
	// Cut hears that a line ended while somebody changed settings: in the middle of a
	// paste, of which that many lines had come and none was taken, or (0 lines) with
	// changes not committed. Mended hears that somebody signed in after it, and was
	// told. Nil is nobody.
	Cut    func(who id.Person, lines int)
	Mended func()
	Folder string // of files that people save, "" none
	Box    string // its name and number

	// Word is the page's word for a setting, "" where it has none: "plan.queues.ring".
	Word func(lang, key string) string

	Language func() string // of the office, until somebody signed in; nil is es
	Version  string
	Log      *slog.Logger
}

// Where a session comes from.
const (
	Serial = "serial"
	Local  = "local"
)

// Console serves any number of sessions.
type Console struct {
	Options
	cut atomic.Pointer[cut] // what the next person is told of, nil nothing
}

// New makes it.
func New(opt Options) *Console {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Language == nil {
		opt.Language = func() string { return "es" }
	}
	if opt.Tell == nil {
		opt.Tell = func(event.Event) {}
	}
	if opt.Cut == nil {
		opt.Cut = func(id.Person, int) {}
	}
	if opt.Mended == nil {
		opt.Mended = func() {}
	}
	return &Console{Options: opt}
}

// Session speaks with one person: nil when they left, io.EOF when the line ended.
// When ctx ends, rw must be closed by its owner. From is told to the door book:
// Serial or Local.
func (c *Console) Session(ctx context.Context, rw io.ReadWriter, from string) error {
	s := newSession(ctx, c, rw, from)
	defer s.close()
	if err := s.signIn(); err != nil {
		return err
	}
	defer func() { c.Gate.SignOut(s.who) }()
	if err := s.work(); err != errLeft {
		_, waiting := c.Settings.Candidate()
		c.Log.Info("the console's line ended; who was there is signed out", "who", s.who.Person, "from", from, "uncommitted", waiting, "pasted", s.pasted)
		s.wasCut(waiting)
		return err
	}
	return nil
}
