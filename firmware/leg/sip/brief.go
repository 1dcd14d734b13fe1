package sip

import (
	"encoding/hex"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"
)

// brief answers without a transaction (RFC 3261 section 8.2.7) what came over UDP
// and needs none: REGISTER, OPTIONS, and the INVITE of nobody we know, which is
// challenged (section 26.3.2.4). The library keeps each answered one for 32 s, some
// kilobytes, so that a few thousand a second would fill the memory; here a
// repetition is worked out again, and only a registration that was carried out is
// remembered, in replays. Over connections, where nothing is repeated, the library
// keeps nothing and serves them. false leaves the request to it.
func (e *Endpoint) brief(req *sip.Request, from netip.AddrPort, addr net.Addr) (res []byte, to net.Addr, taken bool) {
	if req.Via() == nil || req.From() == nil || req.To() == nil || req.CallID() == nil || req.CSeq() == nil {
		return nil, nil, false
	}
	req.SetTransport("UDP")
	req.SetSource(from.String())
	if !e.isBrief(req) {
		return nil, nil, false
	}
	to = answerAt(req, from, addr)
	now := time.Now()
	key := ""
	if req.Method == sip.REGISTER && req.GetHeader("Authorization") != nil {
		key = replayKey(req)
		if res, ok := e.replays.get(key, now); ok {
			return res, to, true
		}
	}
	m, keep := e.briefly(req, now)
	if tagOf(req.To().Params) == "" {
		m.To().Params.Add("tag", e.briefTag(req))
	}
	res = []byte(m.String())
	if keep {
		e.replays.put(key, res, now)
	}
	return res, to, true
}

// isBrief reports whether a request needs no transaction. An INVITE with right
// credentials needs one, also when it comes again and its nonce is used.
func (e *Endpoint) isBrief(req *sip.Request) bool {
	switch req.Method {
	case sip.REGISTER:
		return true
	case sip.OPTIONS:
		_, inside := e.inside(req)
		return !inside
	case sip.INVITE:
		return tagOf(req.To().Params) == "" && e.trunks.owner(req, e.users) == nil && !e.guard.knows(req)
	}
	return false
}

// briefly works the answer out and never lets a panic out. keep asks for the
// answer to be repeated to a repetition.
func (e *Endpoint) briefly(req *sip.Request, now time.Time) (res *sip.Response, keep bool) {
	defer func() {
		if p := recover(); p != nil {
			e.brokeBy(req, p)
			res, keep = refuse(req, sip.StatusInternalServerError), false
		}
	}()
	if res := validate(req); res != nil {
		return res, false
	}
	switch req.Method {
	case sip.OPTIONS:
		return e.capabilities(req), false
	case sip.INVITE:
		return e.guard.challenge(req, refused, now), false
	}
	return e.registered(req, now)
}

// briefTag is our tag in an answer: the same for a request and its repetitions.
func (e *Endpoint) briefTag(req *sip.Request) string {
	sum := e.guard.nonces.secret(req.CallID().Value() + "\n" + tagOf(req.From().Params) + "\n" + strconv.Itoa(int(req.CSeq().SeqNo)))
	return hex.EncodeToString(sum[:8])
}

// answerAt is where an answer over UDP goes: where the request came from when the
// sender asks for it (rport, RFC 3581) or is behind a NAT, else to the port of its
// Via (RFC 3261 section 18.2.2): some phones hear on another than they speak from.
func answerAt(req *sip.Request, from netip.AddrPort, addr net.Addr) net.Addr {
	via := req.Via()
	host, ok := hostAddr(via.Host)
	if via.Params.Has("rport") || !ok || host != from.Addr().WithZone("") {
		return addr
	}
	port := via.Port
	if port == 0 {
		port = 5060
	}
	if port == int(from.Port()) || port < 0 || port > 0xffff {
		return addr
	}
	return net.UDPAddrFromAddrPort(netip.AddrPortFrom(from.Addr(), uint16(port)))
}

func replayKey(req *sip.Request) string {
	branch, _ := req.Via().Params.Get("branch")
	return req.Source() + "\n" + branch + "\n" + req.CallID().Value() + "\n" + strconv.Itoa(int(req.CSeq().SeqNo))
}
