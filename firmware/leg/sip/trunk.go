package sip

import (
	"net/netip"
	"slices"
	"sync"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

// Trunk is an account at a provider, or a plain peer.
type Trunk struct {
	Name      string // as in the port "trunk/name"
	Server    string // host or host:port; without a port SRV records are asked
	TCP       bool   // speak TCP to it
	User      string // account; "" where the provider knows us by address
	Password  string
	Register  bool     // tell the provider where we are
	Domain    string   // of our addresses there; "" is the host of Server
	Numbers   []string // that reach us over it (DID)
	ExpiresS  int      // registration asked for, seconds; 0 is 600
	NoNumbers bool     // hide the caller's number: always show the account
	Transfer  bool     // it may send those it speaks with to stations (REFER)
}

// TrunkState is the news of one trunk.
type TrunkState struct {
	Name  string
	Ready bool   // calls may go out over it
	Why   string // English: what is wrong, where, since it is not ready
}

// trunk is a Trunk at work.
type trunk struct {
	Trunk
	mu        sync.Mutex
	addresses []netip.AddrPort // of the server, best first
	ready     bool
	why       string
	running   bool
	stop      chan struct{}
	stopped   sync.WaitGroup
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
		ts.byName[t.Name] = &trunk{Trunk: t, stop: make(chan struct{})}
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
			ts.tell(TrunkState{Name: t.Name, Why: "no longer in the settings"})
		}
	}
}

func (t *trunk) same(o Trunk) bool {
	a, b := t.Trunk, o
	numbers := slices.Equal(a.Numbers, b.Numbers)
	a.Numbers, b.Numbers = nil, nil
	return numbers && a.Name == b.Name && a.Server == b.Server && a.TCP == b.TCP && a.User == b.User && a.Password == b.Password &&
		a.Register == b.Register && a.Domain == b.Domain && a.ExpiresS == b.ExpiresS && a.NoNumbers == b.NoNumbers && a.Transfer == b.Transfer
}

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
	if !t.ready {
		return nil, &leg.Refused{Cause: leg.OutOfOrder, Why: "sip: trunk " + name + ": " + t.why}
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

// shown is the number a called person sees: the caller's if it is one of the
// trunk's, for providers refuse or replace any other, else the first, else the
// account.
func (t *trunk) shown(c leg.Caller) string {
	n := cleanUser(c.Number)
	switch {
	case n != "" && !t.NoNumbers && (len(t.Numbers) == 0 && t.User == "" || slices.Contains(t.Numbers, n)):
		return n
	case len(t.Numbers) > 0 && !t.NoNumbers:
		return cleanUser(t.Numbers[0])
	}
	return cleanUser(t.account())
}

func (t *trunk) domain() string {
	if t.Domain != "" {
		return t.Domain
	}
	return hostOf(t.Server)
}

func (t *trunk) transport() string {
	if t.TCP {
		return "TCP"
	}
	return "UDP"
}

// server is where requests go: the best address known, else the name.
func (t *trunk) server() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.addresses) > 0 {
		return t.addresses[0].String()
	}
	return reach(sip.Uri{Host: hostOf(t.Server)})
}
