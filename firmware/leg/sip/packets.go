package sip

import (
	"bytes"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"
)

// sourcesPerRound: the library remembers every source address of a UDP socket
// for as long as it reads it. After so many the reading is ended and begun
// again on the same socket, which makes it forget them; nothing is lost, for the
// kernel keeps what comes meanwhile. Between the rounds the library does not know
// the socket and would open another: so the messages handed out are given time
// to find it, and requests of ours wait.
const sourcesPerRound = 4096

// packets is the UDP socket as the library sees it: it hands out only what the
// gate admits and what can be parsed, and answers 400 to the rest itself.
type packets struct {
	net.PacketConn
	shut   *atomic.Bool // drop everything from now on
	gate   *gate
	parser *sip.Parser
	brief  func(*sip.Request, netip.AddrPort, net.Addr) (res []byte, to net.Addr, taken bool)
	seen   map[netip.AddrPort]struct{}
	turn   *sync.RWMutex // locked between rounds
	locked bool          // this round has not read yet
	over   bool          // this round has ended
}

// ReadFrom never returns an error but net.ErrClosed: any other would end the
// library's reading for good.
func (p *packets) ReadFrom(b []byte) (int, net.Addr, error) {
	if p.locked {
		p.locked = false
		p.turn.Unlock()
	}
	if len(p.seen) >= sourcesPerRound {
		time.Sleep(settle)
		p.turn.Lock()
		p.over = true
		return 0, nil, net.ErrClosed
	}
	for {
		n, addr, err := p.PacketConn.ReadFrom(b)
		if err != nil {
			if closed(err) {
				return 0, nil, net.ErrClosed
			}
			time.Sleep(10 * time.Millisecond) // an ICMP refusal of something we sent, or a fault that must not take the processor
			continue
		}
		from, ok := addrPort(addr)
		if !ok || n == 0 || p.shut.Load() || !p.gate.admits(from, b[:n], time.Now()) {
			continue
		}
		n = len(tidy(b[:n]))
		if !p.readable(b[:n], from, addr) {
			continue
		}
		p.seen[from] = struct{}{}
		return n, addr, nil
	}
}

// readable reports whether a datagram is for the library and it will understand
// it. A request it will not is answered here, for there it would vanish; so is what
// needs no transaction.
func (p *packets) readable(b []byte, from netip.AddrPort, addr net.Addr) bool {
	if bytes.HasPrefix(b, []byte("SIP/2.0 ")) {
		return true // a response; a bad one is dropped, as it should be
	}
	if len(bytes.Trim(b, "\r\n\x00")) == 0 {
		return false // keep-alive
	}
	var res []byte
	asked := addr
	switch m, err := p.parser.ParseSIP(b); {
	case len(b) >= datagramMax: // as much as is read: its end may be missing
		res = stateless(b, "513 Message Too Large") // RFC 3261 section 21.5.7
	case err != nil:
		res = badRequest(b)
	case nameless(m):
		res = stateless(b, "403 Needs RFC 3261")
	default:
		req, ok := m.(*sip.Request)
		if !ok {
			return true
		}
		if bareReference(req, b) {
			res = stateless(b, "400 IPv6 Address Needs Brackets")
			break
		}
		var taken bool
		if res, addr, taken = p.brief(req, from, addr); !taken {
			return true
		}
	}
	showTraces(false, "UDP", asked, b)
	if res != nil {
		_, _ = p.PacketConn.WriteTo(res, addr) // like any response over UDP it may be lost
		showTraces(true, "UDP", addr, res)
	}
	return false
}

// nameless reports whether a request of RFC 2543 has nothing to know its
// transaction by: no branch and no tag of its sender's. The request is sound, the
// library cannot serve it.
func nameless(m sip.Message) bool {
	req, ok := m.(*sip.Request)
	return ok && req.Via() != nil && req.From() != nil && old(req) && tagOf(req.From().Params) == ""
}

func addrPort(a net.Addr) (netip.AddrPort, bool) {
	if u, ok := a.(*net.UDPAddr); ok {
		ap := u.AddrPort()
		return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port()), true
	}
	ap, err := netip.ParseAddrPort(a.String())
	return ap, err == nil
}
