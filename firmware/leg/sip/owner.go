package sip

import (
	"net/netip"

	"github.com/emiago/sipgo/sip"
)

// owner is the trunk a call came in by: the one whose server it came from, or whose
// peers' addresses hold its source; what the request says of itself never makes it a
// trunk's. Where several trunks share an address, the one whose number was dialled.
//
// A phone may sit at the same address as a provider's server (a lab, a gateway
// that is both). Then the port decides, and a request that carries credentials
// or claims to be from a user of ours is taken for the phone's.
func (ts *trunks) owner(req *sip.Request, users *directory) *trunk {
	from, err := netip.ParseAddrPort(req.Source())
	if err != nil {
		return nil
	}
	from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	ts.mu.Lock()
	defer ts.mu.Unlock()
	var best *trunk
	score := 0
	for _, t := range ts.byName {
		if s := t.owns(req, from, users); s > score || s == score && s > 0 && t.Name < best.Name {
			best, score = t, s
		}
	}
	return best
}

func (t *trunk) owns(req *sip.Request, from netip.AddrPort, users *directory) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	score := 0
	for _, p := range t.Peers {
		if p.Contains(from.Addr()) {
			score = 1
		}
	}
	for _, x := range t.targets {
		if x.addr == from {
			score = 3
		} else if x.addr.Addr() == from.Addr() {
			score = max(score, 1)
		}
	}
	if score == 0 {
		return 0
	}
	if score == 1 {
		if _, phone := users.user(req.From().Address.User); phone || req.GetHeader("Authorization") != nil {
			return 0
		}
	}
	if t.dids(req) != "" || t.User != "" && req.Recipient.User == t.User {
		score++
	}
	return score
}
