package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"
	"centralita/firmware/media"
)

// Bounds.
const (
	// peersMax connections of browsers, those that are not yet up included: twice the
	// agents of an office, for each may be coming back while the old one dies.
	peersMax = 128
	// offerMax bounds an offer; a browser's for sound alone has some 3 KB.
	offerMax = 16 << 10
	// joinWithin is how long a connection may take to come up: on a LAN it is a tenth
	// of a second, and whoever offers and never comes is forgotten.
	joinWithin = 10 * time.Second
	// keepFor is how long a talk waits for a browser that was lost.
	keepFor = 10 * time.Second
	// tabFor is how long a station counts as reachable without its page.
	tabFor = 10 * time.Second
)

// Why a wish of a page is refused.
var (
	ErrStation   = errors.New("web: this station has no telephone in the browser")
	ErrElsewhere = errors.New("web: another page is the telephone")
	ErrNoCall    = errors.New("web: no such call")
	ErrInCall    = errors.New("web: a call is on already")
	ErrOffer     = errors.New("web: the browser's offer cannot be used")
	ErrFull      = errors.New("web: too many connections")
)

// User is a station whose person may use a browser as its telephone.
type User struct {
	Station id.Station
	Port    id.Port // of the station: its legs are known by it
	Name    string
}

// Presence is the news that a station's page came or went.
type Presence struct {
	Station id.Station
	Here    bool
	Device  string // the browser, as it says
}

// Config of an Endpoint.
type Config struct {
	Packets net.PacketConn // the one UDP socket of all browsers; the endpoint closes it
	Told    leg.Told
	Changed func(Presence) // may be nil
	MuLaw   bool           // prefer µ-law, as in North America
	Beat    *media.Beat    // of the engine; nil is not known
	Log     *slog.Logger   // nil is slog.Default
}

// Endpoint is all browsers that are telephones.
type Endpoint struct {
	cfg     Config
	log     *slog.Logger
	connect *connector
	pump    *pump

	mu     sync.Mutex
	phones map[id.Station]*phone
	ports  map[id.Port]*phone
	number uint64 // of the last leg
	over   bool

	peers chan struct{}  // peersMax
	work  sync.WaitGroup // workers
}

var _ leg.Maker = (*Endpoint)(nil)

// New makes an endpoint on a socket.
func New(cfg Config) (*Endpoint, error) {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Changed == nil {
		cfg.Changed = func(Presence) {}
	}
	prefer := rtp.PCMA
	if cfg.MuLaw {
		prefer = rtp.PCMU
	}
	c, err := newConnector(cfg.Packets, prefer)
	if err != nil {
		return nil, err
	}
	return &Endpoint{
		cfg: cfg, log: cfg.Log, connect: c, pump: newPump(), peers: make(chan struct{}, peersMax),
		phones: map[id.Station]*phone{}, ports: map[id.Port]*phone{},
	}, nil
}

// Addr is the UDP address that browsers send to.
func (e *Endpoint) Addr() net.Addr { return e.cfg.Packets.LocalAddr() }

// SetUsers replaces the stations. Pages of stations that are no more are let go;
// calls go on.
func (e *Endpoint) SetUsers(users []User) {
	e.mu.Lock()
	gone := e.phones
	e.phones, e.ports = make(map[id.Station]*phone, len(users)), make(map[id.Port]*phone, len(users))
	for _, u := range users {
		p := gone[u.Station]
		if p != nil && p.user.Port == u.Port {
			delete(gone, u.Station)
		} else {
			p = newPhone(e, u)
		}
		e.phones[u.Station], e.ports[u.Port] = p, p
	}
	e.mu.Unlock()
	for _, p := range gone {
		p.dismiss()
	}
}

func (e *Endpoint) phone(s id.Station) (*phone, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.phones[s]
	if p == nil || e.over {
		return nil, fmt.Errorf("%w: %s", ErrStation, s)
	}
	return p, nil
}

// Make prepares a leg to the browser of the station at port.
func (e *Endpoint) Make(port id.Port) (leg.Leg, *leg.Refused) {
	e.mu.Lock()
	p, over := e.ports[port], e.over
	e.mu.Unlock()
	switch {
	case p == nil:
		return nil, &leg.Refused{Cause: leg.UnknownNumber, Why: "web: no station at " + string(port)}
	case over:
		return nil, &leg.Refused{Cause: leg.OutOfOrder, Why: "web: " + string(port) + ": the box is stopping"}
	case !p.here():
		return nil, &leg.Refused{Cause: leg.NotRegistered, Why: "web: no page is the telephone of " + string(port)}
	}
	l, err := p.begin(idle)
	if err != nil {
		return nil, &leg.Refused{Cause: leg.Busy, Why: err.Error()}
	}
	return l, nil
}

// Serve sends sound until ctx ends; then it ends every leg and closes the socket.
func (e *Endpoint) Serve(ctx context.Context) error {
	e.pump.serve(ctx)
	e.mu.Lock()
	e.over = true
	phones := e.phones
	e.mu.Unlock()
	for _, p := range phones {
		p.stop()
	}
	e.work.Wait()
	_ = e.connect.mux.Close() // closes the socket
	return ctx.Err()
}

// place is room for one connection.
func (e *Endpoint) place() bool {
	select {
	case e.peers <- struct{}{}:
		return true
	default:
		return false
	}
}
