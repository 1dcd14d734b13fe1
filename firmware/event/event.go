// Package event holds the facts, one struct each, in the past tense: everything
// that happened at a telephone, a line, a phone or in the box's own deciding.
//
// Shells (firmware/switchboard and its edges) tell facts to the core; the core's
// reactors say further ones; firmware/journal writes them down for ever. Because
// the journal outlives the code, fields are added at the end, never renamed,
// reordered or reused, and old kinds stay decodable for ever. The package decides
// nothing and knows no clock.
//
// Events travel as pointers and are never changed after they were said.
package event

import (
	"fmt"

	"github.com/tinylib/msgp/msgp"
)

//go:generate go tool msgp -io=false -tests=false -file box.go
//go:generate go tool msgp -io=false -tests=false -file leg.go
//go:generate go tool msgp -io=false -tests=false -file line.go
//go:generate go tool msgp -io=false -tests=false -file lifeline.go
//go:generate go tool msgp -io=false -tests=false -file call.go
//go:generate go tool msgp -io=false -tests=false -file menu.go
//go:generate go tool msgp -io=false -tests=false -file queue.go
//go:generate go tool msgp -io=false -tests=false -file talk.go
//go:generate go tool msgp -io=false -tests=false -file record.go
//go:generate go tool msgp -io=false -tests=false -file station.go
//go:generate go tool msgp -io=false -tests=false -file quiet.go
//go:generate go tool msgp -io=false -tests=false -file device.go
//go:generate go tool msgp -io=false -tests=false -file guard.go
//go:generate go tool msgp -io=false -tests=false -file trunk.go
//go:generate go tool msgp -io=false -tests=false -file quality.go
//go:generate go tool msgp -io=false -tests=false -file page.go
//go:generate go tool msgp -io=false -tests=false -file security.go

// Event is one fact.
type Event interface {
	Kind() string
	msgp.Marshaler
	msgp.Unmarshaler
	msgp.Sizer
}

// New gives an empty event of the kind, or an error for a kind this version does
// not know (a journal written by a newer one).
func New(kind string) (Event, error) {
	make, ok := kinds[kind]
	if !ok {
		return nil, fmt.Errorf("event: unknown kind %q", kind)
	}
	return make(), nil
}

// Decode reads an event's body as written by its MarshalMsg.
func Decode(kind string, body []byte) (Event, error) {
	e, err := New(kind)
	if err != nil {
		return nil, err
	}
	if _, err := e.UnmarshalMsg(body); err != nil {
		return nil, fmt.Errorf("event: %s: %w", kind, err)
	}
	return e, nil
}

// Kinds lists every kind this version knows, in no particular order.
func Kinds() []string {
	names := make([]string, 0, len(kinds))
	for k := range kinds {
		names = append(names, k)
	}
	return names
}

// Passing reports kinds that are told to reactors but not written down: they say
// only "look again" and nothing remembers them.
func Passing(e Event) bool { _, ok := e.(*Woke); return ok }
