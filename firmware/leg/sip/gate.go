package sip

import (
	"bytes"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// datagramMax is the longest message taken: RFC 4475 has one of 3.4 kB, a
	// browser's INVITE over a gateway reaches 8 kB.
	datagramMax = 16 << 10
	// sourcesMax bounds the sources that are counted one by one; when more speak at
	// once the quietest are forgotten, and the limit for all of them still holds.
	sourcesMax = 1024
)

// Limits say how much the network may ask of the box. Zero values are the
// defaults; a negative one is no limit.
type Limits struct {
	PerSecond          int // messages from everybody together; default 2000
	PerSourcePerSecond int // from one address; default 100
	Working            int // requests being handled; default 1024
	Dialogs            int // calls, each leg counted; default 256
	Connections        int // TCP and TLS connections, each; default 256

	PerSourceConnections int // of them from one address; default 64, an office behind one address
}

func (l Limits) filled() Limits {
	set := func(v *int, standard int) {
		switch {
		case *v == 0:
			*v = standard
		case *v < 0:
			*v = 1 << 30
		}
	}
	set(&l.PerSecond, 2000)
	set(&l.PerSourcePerSecond, 100)
	set(&l.Working, 1024)
	set(&l.Dialogs, 256)
	set(&l.Connections, 256)
	set(&l.PerSourceConnections, 64)
	return l
}

// bucket is a token bucket that holds two seconds of its rate.
type bucket struct {
	tokens float64
	at     time.Time
}

func (b *bucket) take(rate int, now time.Time) bool {
	most := 2 * float64(rate)
	if b.at.IsZero() {
		b.tokens = most
	} else {
		b.tokens = min(most, b.tokens+now.Sub(b.at).Seconds()*float64(rate))
	}
	b.at = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// gate keeps floods, scanners and garbage from the parser. It stands before
// anything is remembered about a packet.
type gate struct {
	limits  Limits
	working atomic.Int64
	dropped atomic.Uint64

	flows *flows // of phones that are signed on
	bans  *bans
	own   atomic.Pointer[netip.AddrPort] // of our probe, nil while there is none

	mu      sync.Mutex
	all     bucket
	sources map[netip.Addr]*bucket
}

func newGate(l Limits) *gate {
	return &gate{limits: l, sources: make(map[netip.Addr]*bucket), flows: &flows{}, bans: &bans{told: func() {}, never: func(netip.Addr) bool { return false }}}
}

// scanners are the names that attack tools give themselves in User-Agent.
var scanners = [][]byte{[]byte("friendly-scanner"), []byte("sipvicious"), []byte("sipcli"), []byte("sundayddr")}

// admits reports whether a message of this source may go on.
func (g *gate) admits(from netip.AddrPort, b []byte, now time.Time) bool {
	if own := g.own.Load(); own != nil && *own == from {
		return true
	}
	ok := !g.bans.blocks(from, b, now) && g.judge(from, b, now)
	if !ok {
		g.dropped.Add(1)
	}
	return ok
}

func (g *gate) judge(from netip.AddrPort, b []byte, now time.Time) bool {
	if len(b) > datagramMax || g.working.Load() >= int64(g.limits.Working) {
		return false
	}
	if ok, known := g.flows.take(from, g.limits.PerSourcePerSecond, now); known {
		return ok // what others do is not theirs to bear
	}
	for _, s := range scanners {
		if bytes.Contains(b, s) {
			g.bans.note(from.Addr(), Scanning, now)
			return false
		}
	}
	mine, all := g.room(from.Addr(), now)
	if !mine {
		g.bans.note(from.Addr(), Flooding, now)
	}
	return mine && all
}

// room counts a message of an address, and among all where the address may.
func (g *gate) room(from netip.Addr, now time.Time) (mine, all bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.limits.PerSourcePerSecond < 1<<30 && !g.source(from, now).take(g.limits.PerSourcePerSecond, now) {
		return false, false
	}
	return true, g.all.take(g.limits.PerSecond, now)
}

// proofRefund is how many messages an address may send more when one of its phones
// has proved who it is: the two that took, and two for the next phone. So an office
// of hundreds behind one address signs on as fast as it can prove itself, and nobody
// else gains.
const proofRefund = 4

func (g *gate) refund(from netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if b, ok := g.sources[from]; ok {
		b.tokens = min(b.tokens+proofRefund, 2*float64(g.limits.PerSourcePerSecond))
	}
}

func (g *gate) source(from netip.Addr, now time.Time) *bucket {
	b, ok := g.sources[from]
	if ok {
		return b
	}
	if len(g.sources) >= sourcesMax {
		for a, b := range g.sources { // whoever was quiet for two seconds has a full bucket: as good as unknown
			if now.Sub(b.at) > 2*time.Second {
				delete(g.sources, a)
			}
		}
		for a := range g.sources {
			if len(g.sources) < sourcesMax {
				break
			}
			delete(g.sources, a)
		}
	}
	b = &bucket{}
	g.sources[from] = b
	return b
}
