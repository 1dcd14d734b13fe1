package sip

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"
)

// twoServers is a peer with a server and one that stands in for it.
func twoServers() Trunk {
	return Trunk{Name: "prov", Server: "10.0.0.8:5060", More: []string{"10.0.0.9:5060"}, Domain: "voice.example", Numbers: []string{"0912000001"}}
}

// answers has a server answer OPTIONS with a status until stop is closed; other
// requests go to rest.
func (p *phone) answers(status int, stop chan struct{}) (rest chan msg) {
	rest = make(chan msg, 16)
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			m, ok := p.next(time.Second)
			switch {
			case !ok:
			case m.method() == "OPTIONS":
				p.respond(m, status, "", "")
			default:
				rest <- m
			}
		}
	}()
	return rest
}

func (b *bench) newsOf(what string, is func(TrunkState) bool) {
	b.t.Helper()
	var seen []TrunkState
	for end := time.After(2 * time.Minute); ; {
		select {
		case s := <-b.line:
			if seen = append(seen, s); is(s) {
				return
			}
		case <-end:
			b.t.Fatalf("no news of %s; came %+v", what, seen)
		}
	}
}

// An INVITE that a server leaves without any answer goes to the next one after a
// second and a half; the first is given up, and calls go there again when it has
// answered three OPTIONS.
func TestTheNextServerTakesTheCall(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		first, second := newPhone(t, b.n, "10.0.0.8:5060", "a", ""), newPhone(t, b.n, "10.0.0.9:5060", "b", "")
		b.e.SetTrunks([]Trunk{twoServers()})
		b.newsOf("both", func(s TrunkState) bool { return s.Ready && s.Server == "10.0.0.8:5060" && len(s.Servers) == 2 })
		l, refused := b.e.Make("trunk/prov")
		if refused != nil {
			t.Fatal(refused.Why)
		}
		began := time.Now()
		l.Ring(leg.Caller{To: "600"})
		c := second.rung()
		if d := time.Since(began); d < tryingPatience || d > tryingPatience+100*time.Millisecond {
			t.Errorf("the next server after %v", d)
		}
		if n := first.count("INVITE"); n < 1 || n > 3 {
			t.Errorf("the silent server got %d INVITEs", n)
		}
		second.respond(c.invite, 200, "OK", second.sdp)
		second.expect("ACK")
		b.hears(leg.Answered)
		b.newsOf("the second", func(s TrunkState) bool {
			return s.Ready && s.Server == "10.0.0.9:5060" && !s.Servers[0].Up && s.Servers[0].Code == faultSilent
		})
		stop := make(chan struct{})
		defer close(stop)
		began = time.Now()
		first.answers(200, stop)
		second.answers(200, stop)
		b.newsOf("the first again", func(s TrunkState) bool { return s.Server == "10.0.0.8:5060" })
		if d := time.Since(began); d < 2*probeDown*7/8 || d > 60*time.Second {
			t.Errorf("back after %v", d)
		}
		l.Hangup(leg.Normal)
		b.ended(leg.Normal)
	})
}

// count is how many requests of a method lie unread.
func (p *phone) count(method string) (n int) {
	for {
		m, ok := p.next(time.Millisecond)
		if !ok {
			return n
		}
		if m.method() == method {
			n++
		}
	}
}

// 5xx and silence go to the next server, a word about the number itself does not.
func TestWhatGoesToTheNextServer(t *testing.T) {
	for status, next := range map[int]bool{500: true, 503: true, 504: true, 404: false, 486: false, 603: false, 403: false} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			box(t, func(t *testing.T, b *bench) {
				first, second := newPhone(t, b.n, "10.0.0.8:5060", "a", ""), newPhone(t, b.n, "10.0.0.9:5060", "b", "")
				b.e.SetTrunks([]Trunk{twoServers()})
				b.trunkNews(true)
				l, _ := b.e.Make("trunk/prov")
				l.Ring(leg.Caller{To: "600"})
				first.respond(first.rung().invite, status, "", "")
				first.expect("ACK")
				if !next {
					b.hears(leg.Ended)
					return
				}
				second.respond(second.rung().invite, 486, "", "")
				second.expect("ACK")
				b.ended(leg.Busy)
			})
		})
	}
}

// A call that comes late from the server that was given up is ended, and one that
// already rang is not dialled again.
func TestRingingIsNotDialledAgain(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		first, second := newPhone(t, b.n, "10.0.0.8:5060", "a", ""), newPhone(t, b.n, "10.0.0.9:5060", "b", "")
		b.e.SetTrunks([]Trunk{twoServers()})
		b.trunkNews(true)
		l, _ := b.e.Make("trunk/prov")
		l.Ring(leg.Caller{To: "600"})
		c := first.rung()
		first.respond(c.invite, 180, "Ringing", "")
		b.hears(leg.Ringing)
		first.respond(c.invite, 503, "Service Unavailable", "")
		b.ended(leg.Congestion)
		if n := second.count("INVITE"); n != 0 {
			t.Error("a call that rang was dialled again")
		}
		l, _ = b.e.Make("trunk/prov")
		l.Ring(leg.Caller{To: "601"})
		late := second.rung() // the first was given up by its 503
		time.Sleep(2 * time.Second)
		second.respond(late.invite, 180, "Ringing", "")
		second.expect("CANCEL")
		b.ended(leg.Timeout)
	})
}

// The registration follows: to the next server when the first is silent, back when it
// has answered three OPTIONS.
func TestRegistrationMoves(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		first, second := newPhone(t, b.n, "10.0.0.8:5060", "a", ""), newPhone(t, b.n, "10.0.0.9:5060", "b", "")
		k := twoServers()
		k.Register, k.User, k.Password, k.AuthUser, k.Contact = true, "acc", "pw", "acc-auth", "34911"
		b.e.SetTrunks([]Trunk{k})
		m := second.expect("REGISTER")
		if m.get("Contact") != "<sip:34911@10.0.0.1:5060>" {
			t.Errorf("contact %s", m.get("Contact"))
		}
		second.respond(m, 401, "Unauthorized", "", "WWW-Authenticate: "+challenge)
		m = second.expect("REGISTER")
		if !strings.Contains(m.get("Authorization"), `username="acc-auth"`) {
			t.Errorf("credentials %s", m.get("Authorization"))
		}
		second.respond(m, 200, "OK", "", "Expires: 300")
		b.newsOf("the second", func(s TrunkState) bool { return s.Ready && s.Server == "10.0.0.9:5060" })
		stop := make(chan struct{})
		defer close(stop)
		second.answers(200, stop)
		rest := first.answers(405, stop) // any answer is a sign of life
		for m := range rest {
			if m.method() == "REGISTER" {
				if m.get("Expires") == "0" {
					continue
				}
				first.respond(m, 200, "OK", "", "Expires: 300")
				break
			}
		}
		b.newsOf("the first again", func(s TrunkState) bool { return s.Ready && s.Server == "10.0.0.8:5060" })
	})
}

// All servers silent: the trunk is down and says so; calls are refused at once.
func TestAllServersSilent(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		b.e.SetTrunks([]Trunk{twoServers()})
		b.newsOf("down", func(s TrunkState) bool {
			return !s.Ready && s.Code == faultSilent && strings.Contains(s.Why, "10.0.0.8")
		})
		if _, refused := b.e.Make("trunk/prov"); refused == nil || refused.Cause != leg.OutOfOrder {
			t.Errorf("refused %+v", refused)
		}
	})
}

// Calls come in from the servers and from the peers' networks; who only says so in
// From, To or Request-URI is challenged like anybody.
func TestPeersAreKnownByAddress(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		k := twoServers()
		k.Peers = []netip.Prefix{netip.MustParsePrefix("10.7.0.0/24")}
		b.e.SetTrunks([]Trunk{k})
		b.trunkNews(true)
		peer := newPhone(t, b.n, "10.7.0.44:5062", "0911222333", "")
		in := &call{p: peer, id: "in", uri: "sip:0912000001@10.0.0.1", to: "<sip:0912000001@10.0.0.1>"}
		in.sendInvite(peer.sdp)
		if w := b.hears(leg.Offered); w.r.Port != "trunk/prov" || w.r.To != "0912000001" {
			t.Errorf("%+v", w.r)
		} else {
			w.l.Hangup(leg.Busy)
		}
		peer.expect("486")
		b.hears(leg.Ended)
		for i, from := range []string{"prov", "0912000001", "voice.example", "10.7.0.44"} {
			stranger := newPhone(t, b.n, fmt.Sprintf("10.8.0.%d:5060", i+1), from, "")
			in := &call{p: stranger, id: "str" + from, uri: "sip:0912000001@10.0.0.1", to: "<sip:0912000001@10.0.0.1>"}
			in.sendInvite(stranger.sdp, "P-Asserted-Identity: <sip:0911@10.7.0.44>", "P-Called-Party-ID: <sip:0912000001@10.0.0.1>")
			stranger.expect("401")
		}
		b.quiet()
	})
}

// names is a name server of memory.
type names struct {
	mu   sync.Mutex
	srv  map[string][]*net.SRV
	host map[string][]netip.Addr
	ask  []string
}

func (n *names) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	q := "_" + service + "._" + proto + "." + name
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ask = append(n.ask, q)
	if r, ok := n.srv[q]; ok {
		return name, r, nil
	}
	return "", nil, &net.DNSError{Err: "no such host", Name: q, IsNotFound: true}
}

func (n *names) LookupNetIP(_ context.Context, network, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ask = append(n.ask, network+" "+host)
	if a, ok := n.host[host]; ok {
		return a, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// now changes what a host is, nothing for none.
func (n *names) now(host string, a ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.host[host] = addrs(a...); len(a) == 0 {
		delete(n.host, host)
	}
}

func addrs(s ...string) (list []netip.Addr) {
	for _, a := range s {
		list = append(list, netip.MustParseAddr(a))
	}
	return list
}

func stateOf(b *bench) TrunkState {
	b.t.Helper()
	k, _ := b.e.trunks.named("prov")
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.state(time.Now())
}

// SRV first, its priorities in order, each target by its addresses; without SRV the
// address records; a name with a port is asked for addresses alone (RFC 3263 4.2).
func TestServersByName(t *testing.T) {
	dns := &names{
		srv: map[string][]*net.SRV{
			"_sip._udp.voice.example": {{Target: "b.voice.example.", Port: 5070, Priority: 20, Weight: 1}, {Target: "a.voice.example.", Port: 5062, Priority: 10, Weight: 1}},
			"_sip._udp.none.example":  {{Target: ".", Port: 0}},
		},
		host: map[string][]netip.Addr{
			"a.voice.example": addrs("10.0.0.8"), "b.voice.example": addrs("10.0.0.9", "10.0.0.10"), "voice.example": addrs("10.0.0.11"),
			"plain.example": addrs("10.0.0.12"), "none.example": addrs("10.0.0.13"),
		},
	}
	for server, want := range map[string]string{
		"voice.example": "10.0.0.8:5062 10.0.0.9:5070 10.0.0.10:5070", "voice.example:5080": "10.0.0.11:5080",
		"plain.example": "10.0.0.12:5060", "none.example": "", "unknown.example": "",
	} {
		box(t, func(t *testing.T, b *bench) {
			b.e.SetTrunks([]Trunk{{Name: "prov", Server: server}})
			synctest.Wait()
			s := stateOf(b)
			var got []string
			for _, x := range s.Servers {
				got = append(got, x.Addr)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s: %q, want %q", server, got, want)
			}
			if want == "" && (s.Ready || s.Code != faultName) {
				t.Errorf("%s: %+v", server, s)
			}
		}, func(c *Config) { c.Resolver = dns })
	}
	if !slices.Contains(dns.ask, "_sip._udp.plain.example") || slices.Contains(dns.ask, "_sip._udp.voice.example:5080") {
		t.Errorf("asked %q", dns.ask)
	}
}

// Among records of one priority each is first as often as its weight says.
func TestWeights(t *testing.T) {
	records := []*net.SRV{{Target: "light", Weight: 1, Priority: 1}, {Target: "heavy", Weight: 3, Priority: 1}, {Target: "last", Weight: 60000, Priority: 2}, {Target: "never", Weight: 0, Priority: 1}}
	first := map[string]int{}
	for n := range 5 { // the running sum's every mark
		list := byPriority(records, func(most int) int { return min(n, most-1) })
		if len(list) != 4 || list[3].Target != "last" {
			t.Fatalf("%v", list)
		}
		first[list[0].Target]++
	}
	if first["heavy"] != 3 || first["light"] != 1 || first["never"] != 1 {
		t.Errorf("first: %v", first)
	}
}

// Names that are looked up again and found unchanged keep the order in use; a name
// server that falls silent changes nothing.
func TestLookedUpAgain(t *testing.T) {
	dns := &names{host: map[string][]netip.Addr{"p.example": addrs("10.0.0.8", "10.0.0.9")}}
	box(t, func(t *testing.T, b *bench) {
		b.e.SetTrunks([]Trunk{{Name: "prov", Server: "p.example:5060", NoProbe: true}})
		b.trunkNews(true)
		dns.now("p.example", "10.0.0.9", "10.0.0.8")
		time.Sleep(2 * resolveEvery)
		if s := stateOf(b); s.Server != "10.0.0.8:5060" {
			t.Errorf("moved to %s without need", s.Server)
		}
		dns.now("p.example")
		time.Sleep(2 * resolveEvery)
		if s := stateOf(b); !s.Ready || len(s.Servers) != 2 {
			t.Errorf("lost its servers: %+v", s)
		}
		dns.now("p.example", "10.0.0.10")
		time.Sleep(2 * resolveEvery)
		if s := stateOf(b); s.Server != "10.0.0.10:5060" {
			t.Errorf("still at %s", s.Server)
		}
	}, func(c *Config) { c.Resolver = dns })
}

// A server that was silent and then refuses our account is there again: what is told
// is the account, not the silence.
func TestRefusalIsASignOfLife(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.8:5060", "a", "")
		k := provider()
		k.NoProbe = true
		begun := time.Now()
		b.e.SetTrunks([]Trunk{k})
		b.newsOf("silent", func(s TrunkState) bool { return s.Code == faultSilent })
		stop := make(chan struct{})
		defer close(stop)
		go func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if m, ok := p.next(time.Second); ok { // those sent in vain are answered, too
					p.respond(m, 401, "Unauthorized", "", "WWW-Authenticate: "+challenge)
				}
			}
		}()
		b.newsOf("refused", func(s TrunkState) bool { return s.Code == faultCredentials })
		if d := time.Since(begun); d > askPatience+10*time.Second {
			t.Errorf("told after %v", d)
		}
	})
}
