package sip

import (
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"time"

	"centralita/firmware/leg"
)

// Trunk is an account at a provider, or a plain peer.
type Trunk struct {
	Name      string   // as in the port "trunk/name"
	Server    string   // host or host:port; without a port SRV records are asked
	More      []string // further servers, in the order in which they stand in for it
	Proxy     string   // where all requests are sent instead, "" nowhere
	Transport string   // "udp" (also ""), "tcp", "tls"
	User      string   // account; "" where the provider knows us by address
	AuthUser  string   // name in the credentials, where it is not User
	Password  string
	Realm     string         // only challenges of this realm are answered; "" is any
	Contact   string         // user part of our Contact, where it is not the account
	Register  bool           // tell the provider where we are
	Domain    string         // of our addresses there; "" is the host of Server
	Peers     []netip.Prefix // calls may come from here too, beside the servers
	Numbers   []string       // that reach us over it (DID)
	ExpiresS  int            // registration asked for, seconds; 0 is 600
	NoNumbers bool           // hide the caller's number: always show the account
	Trusted   bool           // what it says of identity is believed, and it is told ours (RFC 3325)
	Transfer  bool           // it may send those it speaks with to stations (REFER)
	Country   string         // ISO code, for the forms of numbers
	Out, In   Numbers        // as the provider wants numbers, as the office wants its
	DID       string         // where the number dialled stands: request-uri, to, called-party; "" wherever one of Numbers is found
	Caller    string         // number shown: own (also ""), first, any, account
	Codecs    []string       // pcma, pcmu, g722, opus: those and in that order; empty is both laws of G.711
	SRTP      SRTP
	NoProbe   bool // never ask by OPTIONS how a server does
	ProbeS    int  // seconds between two OPTIONS to a server; 0 is 30
}

// TrunkState is the news of one trunk.
type TrunkState struct {
	Name    string
	Ready   bool     // calls may go out over it
	Why     string   // English: what is wrong, where, since it is not ready
	Code    string   // the same as one word: name, silent, unreachable, certificate, busy, credentials, refused, starting; "" is ready
	Server  string   // in use
	Servers []Server // all, best first
}

// Server is the state of one address of a trunk.
type Server struct {
	Addr string
	Up   bool
	Code string // why not, as TrunkState.Code
}

// trunk is a Trunk at work.
type trunk struct {
	Trunk
	mu         sync.Mutex
	targets    []*target // addresses of the servers, best first
	resolved   time.Time // when they were looked up
	home       *target   // that has our registration
	registered bool
	why        fault      // of the last try to register, or to find the servers
	telling    sync.Mutex // of told: news leave in the order in which they came about
	told       TrunkState
	running    bool
	testing    bool // a test is under way
	stop       chan struct{}
	moved      chan struct{} // one: the best server is another now
	stopped    sync.WaitGroup
}

// trunks are all of them.
type trunks struct {
	tell   func(TrunkState)
	mu     sync.Mutex
	byName map[string]*trunk
	e      *Endpoint // set when serving
}

// SetTrunks replaces the trunks. One that is the same stays registered; calls go
// on in any case.
func (e *Endpoint) SetTrunks(list []Trunk) {
	ts := &e.trunks
	ts.mu.Lock()
	old := ts.byName
	ts.byName = make(map[string]*trunk, len(list))
	var gone []*trunk
	for _, t := range list {
		if was, ok := old[t.Name]; ok && was.same(t) {
			ts.byName[t.Name] = was
			delete(old, t.Name)
			continue
		}
		ts.byName[t.Name] = &trunk{Trunk: t, stop: make(chan struct{}), moved: make(chan struct{}, 1)}
	}
	for _, t := range old {
		gone = append(gone, t)
	}
	if ts.e != nil {
		for _, t := range ts.byName {
			t.run(ts.e)
		}
	}
	ts.mu.Unlock()
	for _, t := range gone {
		t.halt()
		if now, ok := e.trunks.named(t.Name); !ok || now == t {
			ts.tell(TrunkState{Name: t.Name, Why: "no longer in the settings", Code: faultRemoved})
		}
	}
}

func (t *trunk) same(o Trunk) bool { return reflect.DeepEqual(t.Trunk, o) }

func (ts *trunks) named(name string) (*trunk, bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t, ok := ts.byName[name]
	return t, ok
}

func (ts *trunks) start(e *Endpoint) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.e = e
	for _, t := range ts.byName {
		t.run(e)
	}
}

// stop signs off from all providers and waits for it.
func (ts *trunks) stop() {
	ts.mu.Lock()
	all := ts.byName
	ts.byName, ts.e = nil, nil
	ts.mu.Unlock()
	var each sync.WaitGroup
	for _, t := range all {
		each.Go(t.halt)
	}
	each.Wait()
}

// usable is the trunk of a name, if a call can go out over it now.
func (ts *trunks) usable(name string) (*trunk, *leg.Refused) {
	t, ok := ts.named(name)
	if !ok {
		return nil, &leg.Refused{Cause: leg.UnknownNumber, Why: "sip: no trunk " + name}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if now := t.state(time.Now()); !now.Ready {
		return nil, &leg.Refused{Cause: leg.OutOfOrder, Why: "sip: trunk " + name + ": " + now.Why}
	}
	return t, nil
}

// account is the user we are at the provider.
func (t *trunk) account() string {
	if t.User != "" {
		return t.User
	}
	return t.Name
}

// authUser is the user in our credentials.
func (t *trunk) authUser() string {
	if t.AuthUser != "" {
		return t.AuthUser
	}
	return t.account()
}

func (t *trunk) domain() string {
	if t.Domain != "" {
		return t.Domain
	}
	return hostOf(t.Server)
}

func (t *trunk) transport() string {
	if t.Transport == "" {
		return "UDP"
	}
	return strings.ToUpper(t.Transport)
}

// contactUser is the user part of our Contact.
func (t *trunk) contactUser() string {
	if t.Contact != "" {
		return t.Contact
	}
	return t.account()
}
