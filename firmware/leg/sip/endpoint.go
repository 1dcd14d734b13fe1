package sip

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// Config is what an Endpoint needs to know for its whole life.
type Config struct {
	Listen    string        // "0.0.0.0:5060": UDP and TCP on the same port; port 0 is any free one; "[::]:5060" is IPv6 and IPv4
	Advertise netip.Addr    // address told to far ends; the zero value is the one that faces each of them
	Realm     string        // of the digests; changing it makes stored hashes void. Default "centralita"
	Ports     *rtp.Ports    // where sound is received
	MuLaw     bool          // offer µ-law before A-law (North America, Japan)
	Silence   time.Duration // a call whose far end falls silent this long ends as no-media; 0 is never
	Limits    Limits
	Told      leg.Told         // reports of all legs, Offered first for incoming ones
	Phones    func(Phone)      // registrations that come, are refreshed and go; may be nil
	Trunks    func(TrunkState) // may be nil
	Knocked   func()           // Knocks lists others than before; may be nil
	NoPorts   func(bool)       // no port is left for sound, or there is one again; may be nil
	Banned    func()           // Bans lists others than before; may be nil
	Messages  func(Message)    // that phones or the page wrote; may be nil
	Tested    func(TrunkTest)  // what a test of a trunk found; may be nil
	// Devices says where a telephone that looks for settings finds them; nil or false
	// is nowhere. It is called by any goroutine, within a request.
	Devices  func(Device) (place string, ok bool)
	Log      *slog.Logger // nil is slog.Default
	Resolver Resolver     // of providers' names; nil is the system's

	TLS       *tls.Config           // of the door that ListenTLS opens; nil is none
	Roots     *x509.CertPool        // authorities of providers' certificates; nil is the machine's
	TLSFailed func(net.Addr, error) // handshakes that came to nothing; may be nil

	// Packets and Listener replace the sockets that Listen would open.
	Packets  net.PacketConn
	Listener net.Listener
}

// Endpoint is the box's one SIP address: registrar of its phones, subscriber of
// its trunks, and maker of their legs.
type Endpoint struct {
	cfg      Config
	log      *slog.Logger
	limits   Limits
	udp      net.PacketConn
	tcp      net.Listener
	addr     netip.AddrPort // we listen on
	secure   secureDoor
	refusals seldom // lines of the log
	broken   seldom
	friends  friends
	web      webSockets
	outward  outward
	knocks   knockers
	bans     bans
	flows    flows
	spared   atomic.Pointer[spared]
	dscp     atomic.Int32
	noPorts  atomic.Bool
	gate     *gate
	ua       *sipgo.UserAgent
	users    *directory
	guard    *guard
	replays  *replays
	phones   *registrar
	trunks   trunks
	faces    facing
	places   places
	subs     *subscriptions
	strays   chan stray
	messages chan struct{} // messagesMax under way

	serving  atomic.Bool
	turn     sync.RWMutex  // see packets
	shut     atomic.Bool   // the library is being closed: nothing more is given to it
	stopping chan struct{} // closed when the box stops: legs hang up
	work     sync.WaitGroup

	mu    sync.Mutex
	legs  map[dialogID]*Leg
	count int
}

var _ leg.Maker = (*Endpoint)(nil)

// New opens the sockets. Nothing is read from them before Serve.
func New(cfg Config) (*Endpoint, error) {
	if cfg.Realm == "" {
		cfg.Realm = "centralita"
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Resolver == nil {
		cfg.Resolver = net.DefaultResolver
	}
	if cfg.Phones == nil {
		cfg.Phones = func(Phone) {}
	}
	if cfg.Banned == nil {
		cfg.Banned = func() {}
	}
	if cfg.Messages == nil {
		cfg.Messages = func(Message) {}
	}
	if cfg.Trunks == nil {
		cfg.Trunks = func(TrunkState) {}
	}
	if cfg.Tested == nil {
		cfg.Tested = func(TrunkTest) {}
	}
	if cfg.Knocked == nil {
		cfg.Knocked = func() {}
	}
	if cfg.Told == nil || cfg.Ports == nil {
		panic("sip: an endpoint needs Told and Ports")
	}
	tuneLibrary(cfg.Log)
	e := &Endpoint{
		cfg: cfg, log: cfg.Log, limits: cfg.Limits.filled(),
		legs: make(map[dialogID]*Leg), strays: make(chan stray, 64), messages: make(chan struct{}, messagesMax), stopping: make(chan struct{}),
	}
	e.web.in, e.web.over = make(chan net.Conn), make(chan struct{})
	e.outward.in, e.outward.over = make(chan handed), make(chan struct{})
	e.gate = newGate(e.limits)
	e.gate.flows, e.gate.bans = &e.flows, &e.bans
	e.bans.passes, e.bans.never, e.bans.told = e.untouched, e.neverBanned, cfg.Banned
	e.knocks.told = cfg.Knocked
	e.users = newDirectory(cfg.Realm)
	e.guard, e.replays = newGuard(e.users), newReplays()
	e.guard.proved, e.guard.unproved = e.proved, e.unproved
	e.phones = &registrar{tell: cfg.Phones, byUser: make(map[string][]*binding)}
	e.trunks.tell = cfg.Trunks
	e.subs = newSubscriptions()
	if err := e.listen(); err != nil {
		return nil, err
	}
	e.joinServers()
	e.faces.fixed = cfg.Advertise
	if a := e.addr.Addr(); !e.faces.fixed.IsValid() && !a.IsUnspecified() {
		e.faces.fixed = a.WithZone("")
	}
	ua, err := sipgo.NewUA(sipgo.WithUserAgent(software),
		sipgo.WithUserAgenTLSConfig(onlyProviders()),
		sipgo.WithUserAgentParser(newParser()),
		sipgo.WithUserAgentTransportLayerOptions(
			sip.WithTransportLayerTransports(sip.TransportsConfig{TCP: e.tcpTransport(), TLS: e.tlsTransport()}),
			sip.WithTransportLayerReadFilter(e.filterTCP),
		))
	if err != nil {
		return nil, fmt.Errorf("sip: %w", err)
	}
	e.ua = ua
	if err := e.handlers(); err != nil {
		return nil, fmt.Errorf("sip: %w", err)
	}
	return e, nil
}

// Addr is where we listen.
func (e *Endpoint) Addr() netip.AddrPort { return e.addr }

// SetUsers replaces the users. Phones of users that are no more are forgotten;
// calls go on.
func (e *Endpoint) SetUsers(users []User) {
	e.users.set(users)
	e.phones.retain(e.users)
	e.subs.retain(e.users)
	e.tellWatchers(func(s *subscription) bool { return s.over != "" })
}

// Make prepares a leg to the phones of a station ("sip/201") or over a trunk
// ("trunk/name").
func (e *Endpoint) Make(port id.Port) (leg.Leg, *leg.Refused) {
	if !e.serving.Load() {
		return nil, &leg.Refused{Cause: leg.OutOfOrder, Why: "sip: " + string(port) + ": not serving yet"}
	}
	l := &Leg{e: e, port: port, can: leg.Can{Name: true, Supervision: true, EarlySound: true, DTMFOutBand: true}}
	switch port.Kind() {
	case "sip":
		user, ok := e.users.user(port.Name())
		if !ok {
			return nil, &leg.Refused{Cause: leg.UnknownNumber, Why: "sip: no station " + port.Name()}
		}
		l.ours.sdes.want, l.wants = user.srtp, user.codecs
		l.contacts = e.phones.contacts(port.Name(), time.Now())
		if len(l.contacts) == 0 {
			return nil, &leg.Refused{Cause: leg.NotRegistered, Why: "sip: no phone is registered for " + port.Name()}
		}
	case "trunk":
		t, refused := e.trunks.usable(port.Name())
		if refused != nil {
			return nil, refused
		}
		l.trunk, l.ours.sdes.want = t, t.SRTP
	default:
		return nil, &leg.Refused{Cause: leg.UnknownNumber, Why: "sip: no such port " + string(port)}
	}
	if err := l.open(); err != nil {
		return nil, &leg.Refused{Cause: leg.Congestion, Why: err.Error()}
	}
	return l, nil
}

// add counts a leg in, unless the box is full or stopping.
func (e *Endpoint) add(l *Leg) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	select {
	case <-e.stopping:
		return fmt.Errorf("sip: %s: the box is stopping", l.port)
	default:
	}
	if e.count >= e.limits.Dialogs {
		return fmt.Errorf("sip: %s: %d calls already, as many as the settings allow", l.port, e.count)
	}
	e.count++
	e.work.Add(1)
	return nil
}

// remove counts it out.
func (e *Endpoint) remove(l *Leg) {
	e.mu.Lock()
	e.count--
	for k, v := range e.legs {
		if v == l {
			delete(e.legs, k)
		}
	}
	e.mu.Unlock()
	e.work.Done()
}

// dialogID names one of our ends: Call-ID and our tag.
type dialogID struct{ callID, tag string }

func (e *Endpoint) enter(k dialogID, l *Leg) {
	e.mu.Lock()
	e.legs[k] = l
	e.mu.Unlock()
}

func (e *Endpoint) find(k dialogID) (*Leg, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l, ok := e.legs[k]
	return l, ok
}

// token is a random word for tags, branches and Call-IDs.
func token(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return fmt.Sprintf("%x", b)
}
