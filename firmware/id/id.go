// Package id holds the names of things: the small comparable values by which
// every other package speaks of a call, a leg, a port or a person.
//
// Everybody imports it; it imports nothing and never looks anything up.
package id

//go:generate go tool msgp -io=false -tests=false -file id.go

import "strings"

// Call numbers what a customer would call one call. Numbers rise and are never
// used twice in the life of a journal; 0 is no call.
type Call uint64

// Leg numbers one end of one call, from the same counter as Call; 0 is no leg.
type Leg uint64

// Play numbers one thing played to one leg, from the same counter; 0 is none.
type Play uint64

// Port names where a leg can be made, as people read it on the box or in the
// settings: "fxs1" and "fxo3" are sockets, "sip/201" is the phone of a station,
// "web/205" that of one whose only telephone is a browser, "trunk/proveedor" an account at a provider.
type Port string

// Kind is the part before the slash ("sip", "trunk"), or the letters of a
// socket's name ("fxs", "fxo").
func (p Port) Kind() string {
	if kind, _, ok := strings.Cut(string(p), "/"); ok {
		return kind
	}
	return strings.TrimRight(string(p), "0123456789")
}

// Name is the part after the slash, or the whole name of a socket.
func (p Port) Name() string {
	if _, name, ok := strings.Cut(string(p), "/"); ok {
		return name
	}
	return string(p)
}

// Outside reports whether the port leads out of the office: a telephone line or
// a provider's account.
func (p Port) Outside() bool { k := p.Kind(); return k == "fxo" || k == "trunk" }

// Station is the extension number of a place with a phone: "101", "201".
type Station string

// Agent is the sign-in name of a person who takes calls.
type Agent string

// Queue is the name of a queue in the settings.
type Queue string

// Person is whoever gives a command: a sign-in name, or "" for the box itself.
type Person string

// Destination is where a call can stand: "menu/day", "queue/sales", "station/21".
type Destination string

// To joins a kind and a name to a destination.
func To(kind, name string) Destination { return Destination(kind + "/" + name) }

// Kind is the part before the first slash; the feature that registered this
// kind holds the call.
func (d Destination) Kind() string { kind, _, _ := strings.Cut(string(d), "/"); return kind }

// Name is the part after the first slash.
func (d Destination) Name() string { _, name, _ := strings.Cut(string(d), "/"); return name }
