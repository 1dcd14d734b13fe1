package sip

import (
	"net/netip"
	"sync"
	"time"
)

// flows are the addresses and ports from which phones signed on. They have limits of
// their own, so that a flood leaves them their share, and are not banned. Bounded by
// the registrations.
type flows struct {
	mu sync.RWMutex
	of map[netip.AddrPort]*bucket
}

// set takes over the sources of all registrations. Buckets stay.
func (f *flows) set(sources []string) {
	next := make(map[netip.AddrPort]*bucket, len(sources))
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range sources {
		from, err := netip.ParseAddrPort(s)
		if err != nil {
			continue
		}
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		if next[from] = f.of[from]; next[from] == nil {
			next[from] = &bucket{}
		}
	}
	f.of = next
}

func (f *flows) know(from netip.AddrPort) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.of[from] != nil
}

// take counts a message of a known flow; known is whether it is one.
func (f *flows) take(from netip.AddrPort, rate int, now time.Time) (ok, known bool) {
	f.mu.RLock()
	known = f.of[from] != nil
	f.mu.RUnlock()
	if !known {
		return false, false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	b := f.of[from]
	if b == nil {
		return false, false
	}
	return rate >= 1<<30 || b.take(rate, now), true
}

// sources are where all registrations came from.
func (r *registrar) sources() (list []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, bs := range r.byUser {
		for _, b := range bs {
			list = append(list, b.source)
		}
	}
	return list
}
