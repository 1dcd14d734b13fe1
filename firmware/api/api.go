// Package api is the door of HTTP: every command and view of the features, the
// live stream, calls and their sound, settings and accounts, all under /api/v1.
//
// firmware/app gives it the box behind small interfaces and mounts the handler;
// the page and any script are its clients. It knows no feature by name: it reads
// their plugs. It decides nothing about calls, and answers in sentences of the
// person's language.
//
// Every body, stream, name and wait has a bound. What is refused is refused with
// a code for machines and a sentence for people.
package api

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"centralita/firmware/access/gate"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/settings"
	"centralita/firmware/sheet"
	"centralita/firmware/trust"
	"centralita/firmware/update"
)

// Box is the deciding loop as doors see it (firmware/switchboard).
type Box interface {
	// Command asks for something; a *core.Refusal is a no. seq is the number of
	// the last fact it made.
	Command(ctx context.Context, who id.Person, feature string, c core.Command) (seq uint64, err error)
	View(ctx context.Context, feature, view string) (Picture, error)
	// Now is the point of the journal and of the clocks.
	Now() (seq uint64, at core.Time)
	// Follow gives the records from a number on, until ctx ends.
	Follow(ctx context.Context, from uint64) iter.Seq2[*event.Record, error]
}

// Picture is what a view looks like after record Seq.
type Picture struct {
	Seq  uint64
	At   core.Time
	Data any
}

// Calls is the call list (firmware/db).
type Calls interface {
	List(ctx context.Context, q CallQuery) (CallPage, error)
	Story(ctx context.Context, call id.Call) (CallStory, error) // ErrNotFound
}

// Sound is the recordings (firmware/store).
type Sound interface {
	Open(call id.Call) (sound io.ReadSeekCloser, made time.Time, err error) // ErrNotFound
	Peaks(ctx context.Context, call id.Call, columns int) (Peaks, error)
}

// Board is the front of the box; Press is nil-safe only on the simulated one.
type Board interface {
	Front() Front
	Press(ctx context.Context, button string, held time.Duration) error
}

// ErrNotFound answers 404 when the parts above give it.
var ErrNotFound = errors.New("not found")

// ErrUnwritten says that a command was carried out and that the disk refuses to
// keep it; it answers 503.
var ErrUnwritten = errors.New("not written down")

// Options of New. What is nil is not offered: its addresses answer 404.
type Options struct {
	Features []feature.Feature
	Box      Box
	Gate     *gate.Gate
	Settings *settings.Repo
	Calls    Calls
	Sound    Sound
	Board    Board
	About    func() About
	Health   func() Health
	Phones   Phones
	// Papers draws a document of a feature about something; ErrNotFound for none.
	Papers func(ctx context.Context, feature, paper, of string) (*sheet.Draft, error)
	// Device tells how a telephone sets itself up, reached at one of our addresses.
	Device    func(name string, at netip.Addr) (DeviceCard, error)
	Provision http.Handler // of telephones that fetch their settings, under /provision/
	Bench     http.Handler // of the simulated town, under /bench/
	Page      http.Handler // everything outside /api
	Version   string
	Trust     *trust.Keeper // the box's certificate
	// CertificateSet hears that a person changed it: "own" or "box"; may be nil.
	CertificateSet func(of string, who id.Person)
	// Secure is the address of the door by TLS, "" for none, and whether plain HTTP
	// from the network is sent on to it.
	Secure func() (addr string, redirect bool)
	Bans   Bans
	// Backups are the box in one encrypted file.
	Backups Backups
	Resets  Resets
	Updates *update.Keeper
	Network Network
	// Support makes the file for who helps.
	Support func(ctx context.Context) (name string, file []byte, err error)
	// SIPSocket takes the web socket of a SIP phone in a browser: the connection and
	// the request that opened it, with what followed it.
	SIPSocket func(c net.Conn, head []byte)
	SIPTLS    func() string // address of SIP by TLS, "" none
	Language  func() string // of the office, for who is not signed in; nil is es
	Log       *slog.Logger
}

// Bounds of every request.
const (
	bodyMax     = 64 << 10
	documentMax = 1 << 20
	benchMax    = 16 << 20 // a voice of some minutes for a simulated caller
	readMax     = 10 * time.Second
	answerMax   = 5 * time.Second  // for the box to decide
	writeMax    = 30 * time.Second // for the reader to take an answer
	soundMax    = 10 * time.Minute // for the reader to take a recording
	streamsMax  = 64               // open live streams
)

// door is the handler's state.
type door struct {
	Options
	streams chan struct{}
	schemas *schemas
	doc     []byte // OpenAPI
}

// New makes the handler. A feature whose plug cannot be published panics here,
// at start, and not at its first use.
func New(opt Options) http.Handler {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	d := &door{Options: opt, streams: make(chan struct{}, streamsMax), schemas: newSchemas()}
	mux := http.NewServeMux()
	list := d.endpoints()
	for _, e := range list {
		mux.Handle(e.method+" "+prefix+e.path, d.serve(e))
	}
	d.doc = d.openAPI(list)
	mux.Handle(prefix+"/", d.serve(endpoint{method: "*", run: func(*ask) (any, error) { return nil, ErrNotFound }}))
	if d.Bench != nil {
		mux.Handle("/bench/", d.serve(endpoint{method: "*", role: benchRole, raw: d.bench}))
	}
	d.mountTrust(mux)
	if d.SIPSocket != nil {
		mux.HandleFunc("GET "+sipPath, d.sipSocket)
	}
	if d.Provision != nil {
		mux.Handle("/provision/", d.Provision)
	}
	if d.Page != nil {
		mux.Handle("/", d.Page)
	}
	return d.secured(d.guard(mux))
}

// NewServer gives an http.Server with the time limits that suit the handler; the
// stream and recordings set their own.
func NewServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
}

const prefix = "/api/v1"
