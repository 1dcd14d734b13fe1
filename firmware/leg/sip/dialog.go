package sip

import (
	"fmt"
	"net"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// dialog is what RFC 3261 section 12 asks two ends to remember of each other.
type dialog struct {
	callID              string
	localTag, remoteTag string
	local, remote       sip.Uri // From and To of our requests
	name                string  // display name beside local
	target              sip.Uri // the far end's Contact
	routes              []sip.Uri
	localSeq, remoteSeq uint32
	transport           string
	flow                string // where it is really reached, when not at target: see behindNAT
	natted              bool   // flow stays, whatever Contact the answer brings
	user                string // user part of our Contact
	sips                bool   // begun by a sips: address
}

func (d *dialog) id() dialogID { return dialogID{d.callID, d.localTag} }

// dialogOf begins the dialog of an INVITE that came in (RFC 3261 section
// 12.1.1).
func dialogOf(req *sip.Request) dialog {
	d := dialog{
		callID: req.CallID().Value(), localTag: token(8), remoteTag: tagOf(req.From().Params),
		local: bare(req.To().Address), remote: bare(req.From().Address), target: *req.Contact().Address.Clone(),
		localSeq: 1, remoteSeq: req.CSeq().SeqNo, transport: req.Transport(), user: req.Recipient.User,
		sips: req.Recipient.Scheme == "sips",
	}
	for _, h := range req.GetHeaders("Record-Route") {
		d.routes = append(d.routes, addresses(h.Value())...)
	}
	if len(d.routes) == 0 && behindNAT(req, d.target.Host) {
		d.flow = req.Source()
	}
	return d
}

// answered completes the dialog of an INVITE that went out (RFC 3261 section
// 12.1.2).
func (d *dialog) answered(res *sip.Response) {
	d.remoteTag = tagOf(res.To().Params)
	if c := res.Contact(); c != nil && c.Address.Host != "" {
		d.target = *c.Address.Clone()
	}
	d.routes = nil
	for _, h := range res.GetHeaders("Record-Route") {
		d.routes = append(addresses(h.Value()), d.routes...)
	}
	if len(d.routes) > 0 {
		reverseWithin(d.routes, res.GetHeaders("Record-Route"))
		d.flow = ""
		return
	}
	if !d.natted && (public(d.target.Host) || !public(hostOf(d.flow))) {
		d.flow = "" // from here on the far end is where its Contact says, unless that is a private address behind a public one
	}
}

// reverseWithin turns the order inside header fields that carry several
// addresses, so that the whole list is the reverse of what was received.
func reverseWithin(routes []sip.Uri, fields []sip.Header) {
	at := len(routes)
	for _, h := range fields {
		n := len(addresses(h.Value()))
		part := routes[at-n : at]
		for i, j := 0, len(part)-1; i < j; i, j = i+1, j-1 {
			part[i], part[j] = part[j], part[i]
		}
		at -= n
	}
}

// routesMax bounds a route set; a call passes three or four proxies at most.
const routesMax = 16

// addresses splits a Route-like header value.
func addresses(value string) []sip.Uri {
	var out []sip.Uri
	for part := range strings.SplitSeq(value, ",") {
		var u sip.Uri
		var p sip.HeaderParams
		if _, err := sip.ParseAddressValue(strings.TrimSpace(part), &u, &p); err == nil && u.Host != "" && len(out) < routesMax {
			out = append(out, u)
		}
	}
	return out
}

// bare is an address without port, parameters and headers, as From and To have it
// (RFC 3261 table 1).
func bare(u sip.Uri) sip.Uri {
	return sip.Uri{Scheme: scheme(u), User: u.User, Host: u.Host}
}

// scheme is sips for what must stay encrypted, else sip.
func scheme(u sip.Uri) string {
	if u.Scheme == "sips" {
		return "sips"
	}
	return "sip"
}

func public(host string) bool {
	a, ok := hostAddr(host)
	return ok && !a.IsPrivate() && !a.IsLoopback() && !a.IsUnspecified()
}

func hostOf(hostPort string) string {
	h, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		return hostPort
	}
	return h
}

// reach is the address and port where a URI is served.
func reach(u sip.Uri) string {
	port := u.Port
	if port == 0 {
		port = 5060 // RFC 3261 section 19.1.2
		if t, _ := u.UriParams.Get("transport"); u.Scheme == "sips" || strings.EqualFold(t, "tls") {
			port = 5061
		}
	}
	host := strings.Trim(u.Host, "[]")
	if a, ok := hostAddr(u.Host); ok {
		host = a.String()
	}
	return net.JoinHostPort(host, fmt.Sprint(port))
}

// destination is where our next request of the dialog goes.
func (d *dialog) destination() string {
	switch {
	case len(d.routes) > 0:
		return reach(d.routes[0])
	case d.flow != "":
		return d.flow
	}
	return reach(d.target)
}

// request begins our next request within the dialog (RFC 3261 section 12.2.1.1).
// ACK carries the number of the INVITE it acknowledges.
func (e *Endpoint) request(d *dialog, method sip.RequestMethod, seq uint32) *sip.Request {
	recipient, routes := d.target, d.routes
	if len(routes) > 0 && !routes[0].UriParams.Has("lr") { // strict router
		recipient, routes = routes[0], append(append([]sip.Uri(nil), routes[1:]...), d.target)
	}
	dest := d.destination()
	req := sip.NewRequest(method, recipient)
	req.SetTransport(d.transport)
	req.SetDestination(dest)
	e.via(req)
	for _, r := range routes {
		req.AppendHeader(&sip.RouteHeader{Address: r})
	}
	from := &sip.FromHeader{DisplayName: d.name, Address: d.local}
	from.Params.Add("tag", d.localTag)
	to := &sip.ToHeader{Address: d.remote}
	if d.remoteTag != "" {
		to.Params.Add("tag", d.remoteTag)
	}
	callID := sip.CallIDHeader(d.callID)
	hops := sip.MaxForwardsHeader(70)
	req.AppendHeader(from)
	req.AppendHeader(to)
	req.AppendHeader(&callID)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: seq, MethodName: method})
	req.AppendHeader(&hops)
	req.AppendHeader(sip.NewHeader("User-Agent", software))
	return req
}

// via gives a request its first Via and the socket it leaves by.
func (e *Endpoint) via(req *sip.Request) {
	v := &sip.ViaHeader{
		ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: req.Transport(),
		Host: e.faces.of(req.Destination()).String(), Port: e.port(req.Transport()),
	}
	v.Params.Add("branch", sip.RFC3261BranchMagicCookie+"."+token(12))
	v.Params.Add("rport", "") // RFC 3581
	req.RemoveHeader("Via")
	req.PrependHeader(v)
	if req.Transport() == "UDP" {
		a := e.addr.Addr()
		req.Laddr = sip.Addr{IP: a.AsSlice(), Port: int(e.addr.Port())}
	}
}

// contact is our address as a far end at dest reaches it.
func (e *Endpoint) contact(user, transport, dest string) *sip.ContactHeader {
	c := &sip.ContactHeader{Address: sip.Uri{Scheme: "sip", User: cleanUser(user), Host: literal(e.faces.of(dest)), Port: e.port(transport)}}
	if transport != "UDP" {
		c.Address.UriParams.Add("transport", uriTransport(transport))
	}
	return c
}

// contactIn is our contact in a dialog: a sips: address where the dialog was begun
// by one (RFC 3261 sections 8.1.1.8 and 12.1.1).
func (e *Endpoint) contactIn(d *dialog, dest string) *sip.ContactHeader {
	c := e.contact(d.user, d.transport, dest)
	if d.sips && encrypted(d.transport) {
		c.Address.Scheme = "sips"
		c.Address.UriParams.Remove("transport") // RFC 3261 section 26.2.2: it is TLS by its scheme
	}
	return c
}

// uriTransport is a transport as addresses have it: one word for both kinds of web
// socket (RFC 7118 section 5.2).
func uriTransport(transport string) string {
	if transport == "WSS" {
		return "ws"
	}
	return strings.ToLower(transport)
}

// encrypted reports whether a transport hides what it carries.
func encrypted(transport string) bool { return transport == "TLS" || transport == "WSS" }

// port is that of our door for a transport.
func (e *Endpoint) port(transport string) int {
	if p := e.AddrTLS().Port(); transport == "TLS" && p != 0 {
		return int(p)
	}
	if transport == "WSS" {
		e.web.mu.Lock()
		defer e.web.mu.Unlock()
		return e.web.port
	}
	return int(e.addr.Port())
}

// refresh takes the Contact of a later request for the new target (RFC 3261
// section 12.2.2).
func (d *dialog) refresh(req *sip.Request) {
	c := req.Contact()
	if c == nil || c.Address.Host == "" || c.Address.Wildcard {
		return
	}
	d.target = *c.Address.Clone()
	if len(d.routes) == 0 {
		d.flow = ""
		if behindNAT(req, d.target.Host) {
			d.flow = req.Source()
		}
	}
}
