package sip

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Resolver looks names up; *net.Resolver is one.
type Resolver interface {
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

const (
	// addressesMax bounds what name servers may make us remember of one provider.
	addressesMax = 16
	// lookupPatience is how long all look-ups of a trunk may take together.
	lookupPatience = 10 * time.Second
	// resolveEvery is how long addresses are taken as they were found. The system's
	// resolver does not tell how long records hold; providers that move servers give
	// them minutes.
	resolveEvery = 5 * time.Minute
)

// resolve looks the servers up when it is time to, each address as it stands, a name
// with a port by address records, one without by SRV first (RFC 3263 section 4.2).
// While the name server is silent, addresses that were good stay in use.
func (t *trunk) resolve(ctx context.Context, e *Endpoint) error {
	t.mu.Lock()
	fresh := len(t.targets) > 0 && time.Since(t.resolved) < resolveEvery
	t.mu.Unlock()
	if fresh {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupPatience)
	defer cancel()
	look := lookup{Resolver: e.cfg.Resolver, service: "sip", srv: "udp", network: "ip4", port: 5060}
	switch t.transport() {
	case "TCP":
		look.srv = "tcp"
	case "TLS":
		look.srv, look.service, look.port = "tcp", "sips", 5061 // RFC 3263 section 4.1
	}
	if a := e.addr.Addr(); a.Is6() {
		look.network = "ip"
	}
	var found []*target
	for _, server := range t.reached() {
		for _, a := range look.server(ctx, server) {
			if len(found) < addressesMax && !slices.ContainsFunc(found, func(f *target) bool { return f.addr == a }) {
				found = append(found, &target{addr: a, server: server})
			}
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(found) == 0 && len(t.targets) == 0 {
		return fault{faultName, fmt.Sprintf("sip: trunk %s: the name server knows no address of %s: check the name and the box's name server", t.Name, strings.Join(t.reached(), ", "))}
	}
	if len(found) > 0 {
		t.targets, t.resolved = adopt(t.targets, found), time.Now()
	}
	return nil
}

// reached are the servers that requests are sent to, best first: the outbound proxy
// where there is one.
func (t *trunk) reached() []string {
	if t.Proxy != "" {
		return []string{t.Proxy}
	}
	return append([]string{t.Server}, t.More...)
}

// lookup is one round of questions to the name server.
type lookup struct {
	Resolver
	service string // sip or sips
	srv     string // udp or tcp
	network string // ip4, or ip for both
	port    uint16 // where none is told
}

func (l *lookup) server(ctx context.Context, server string) []netip.AddrPort {
	host, port, fixed := server, l.port, false
	if h, text, err := net.SplitHostPort(server); err == nil {
		p, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			return nil
		}
		host, port, fixed = h, uint16(p), true
	}
	host = strings.Trim(host, "[]")
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.AddrPort{netip.AddrPortFrom(a.Unmap(), port)}
	}
	if !fixed {
		if found, any := l.offered(ctx, host); any {
			return found
		}
	}
	return l.host(ctx, host, port)
}

// offered follows the SRV records of a name; false where it has none, as most do.
func (l *lookup) offered(ctx context.Context, name string) (found []netip.AddrPort, any bool) {
	_, records, err := l.LookupSRV(ctx, l.service, l.srv, name)
	if err != nil && len(records) == 0 {
		return nil, false
	}
	for _, r := range byPriority(records, rand.IntN) {
		if r.Target == "." {
			continue // decidedly not offered (RFC 2782)
		}
		for _, a := range l.host(ctx, strings.TrimSuffix(r.Target, "."), r.Port) {
			if len(found) < addressesMax {
				found = append(found, a)
			}
		}
	}
	return found, len(records) > 0
}

func (l *lookup) host(ctx context.Context, host string, port uint16) (found []netip.AddrPort) {
	addrs, err := l.LookupNetIP(ctx, l.network, host)
	var gone *net.DNSError
	if err != nil && !errors.As(err, &gone) && len(addrs) == 0 {
		return nil
	}
	for _, a := range addrs[:min(len(addrs), addressesMax)] {
		found = append(found, netip.AddrPortFrom(a.Unmap(), port))
	}
	return found
}

// byPriority orders SRV records: lower priorities first, of equal ones each with a
// chance as large as its weight (RFC 2782). draw gives a number below its argument.
func byPriority(records []*net.SRV, draw func(int) int) []*net.SRV {
	left := slices.Clone(records[:min(len(records), addressesMax)])
	slices.SortStableFunc(left, func(a, b *net.SRV) int {
		if c := cmp.Compare(a.Priority, b.Priority); c != 0 {
			return c
		}
		return cmp.Compare(min(a.Weight, 1), min(b.Weight, 1)) // those of weight 0 first, as the RFC's running sum wants it
	})
	var list []*net.SRV
	for len(left) > 0 {
		n, sum := 0, 0
		for n < len(left) && left[n].Priority == left[0].Priority {
			sum += int(left[n].Weight)
			n++
		}
		at, mark, run := 0, draw(sum+1), 0
		for i := range n {
			if run += int(left[i].Weight); run >= mark {
				at = i
				break
			}
		}
		list = append(list, left[at])
		left = slices.Delete(left, at, at+1)
	}
	return list
}
