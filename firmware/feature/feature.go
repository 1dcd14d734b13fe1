// Package feature is the plug that every feature has: its name, reactor,
// commands, destinations and views, as one value in the list of firmware/app.
//
// firmware/api and firmware/console read the plug and know no feature by name; a
// feature never imports another. Nothing here runs.
package feature

import (
	"centralita/firmware/access"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/sheet"
)

// Feature is one part of the product.
type Feature struct {
	Name         string
	New          func(b *call.Book) core.Reactor // also a core.Decider if it has Commands
	Commands     []Command
	Destinations []string // kinds it holds: "queue"
	Views        []View
	Papers       []Paper
}

// Paper is a one-page document about one thing of a feature: GET
// /api/v1/FEATURE/NAME/{of} and .../{of}/pdf, and "show NAME OF" on the console.
type Paper struct {
	Name string
	Role access.Role
	Help string // key of the word catalogue
	Only string // of what it is where there is but one, which the console then need not be told
	// Of lists what there can be a document about, and Draw makes it; both are called
	// in the loop and must be quick. Draw gives nil where there is no such thing.
	Of   func(r core.Reactor) []string
	Draw func(r core.Reactor, now core.Time, of string) *sheet.Draft
}

// Command is declared once and appears as POST /api/v1/FEATURE/COMMAND (dots
// become slashes) and as "COMMAND args..." on the console (dots become spaces).
type Command struct {
	Name string              // "agent.ready"
	New  func() core.Command // an empty struct to decode into; json tags name the fields, order is the console's
	Role access.Role         // the least role that may
	Own  bool                // agents may give it for themselves only (field "agent")
	Help string              // key of the word catalogue
	// Do carries the command out where it is nothing for the loop: something of a shell.
	// It is called by who gives the command, and tells a fact of its own for the audit.
	Do func(who id.Person, c core.Command) error
}

// View is a read-only picture, GET /api/v1/FEATURE/VIEW and "show VIEW".
type View struct {
	Name  string
	Role  access.Role
	Help  string   // key of the word catalogue
	Kinds []string // event kinds after which it may look different
	// Look makes the picture from the feature's own reactor; it is called in the
	// loop, must be quick, and returns a value with json tags that shares nothing.
	Look func(r core.Reactor, now core.Time) any
}
