package sip

import (
	"bytes"
	"net"
	"net/netip"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// hostAddr is the address that the host of a URI or a Via is, false where it is a
// name or nothing. An IPv6 address stands in brackets, or bare as the library hands
// that of a Via. It has no zone: RFC 3261 section 25.1 knows none, and one means
// something on its own machine only. The colon too many that the grammar of RFC 3261
// lets stand before an embedded IPv4 address is overlooked (RFC 5118 section 4.10).
func hostAddr(host string) (netip.Addr, bool) {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		if host, ok = strings.CutSuffix(inner, "]"); !ok || !strings.Contains(host, ":") {
			return netip.Addr{}, false
		}
	}
	if strings.Contains(host, ".") {
		host = strings.Replace(host, ":::", "::", 1)
	}
	a, err := netip.ParseAddr(host)
	return a.Unmap(), err == nil && a.Zone() == ""
}

// literal is an address as the host of a URI.
func literal(a netip.Addr) string {
	if a = a.Unmap().WithZone(""); a.Is6() {
		return "[" + a.String() + "]"
	}
	return a.String()
}

// misaddressed reports whether a host is in brackets and is no IPv6 address.
func misaddressed(u *sip.Uri) bool {
	_, ok := hostAddr(u.Host)
	return strings.HasPrefix(u.Host, "[") && !ok
}

// sameHost compares hosts of URIs (RFC 3261 section 19.1.4): addresses by what they
// are, however they are written.
func sameHost(a, b string) bool {
	if x, ok := hostAddr(a); ok {
		y, ok := hostAddr(b)
		return ok && x == y
	}
	return strings.EqualFold(a, b)
}

// sourceOf is the address a request came from, as others may be told it.
func sourceOf(req *sip.Request) (netip.Addr, bool) {
	a, err := netip.ParseAddrPort(req.Source())
	return a.Addr().Unmap().WithZone(""), err == nil
}

// traced writes into the first Via of a response where the request was seen (RFC 3261
// section 18.2.1, RFC 3581 section 4), whatever its sender wrote there, and puts the
// brackets back around IPv6 addresses that the library leaves bare: those that embed
// an IPv4 address.
func traced(req *sip.Request, res *sip.Response) {
	for i, h := range res.GetHeaders("Via") {
		via, ok := h.(*sip.ViaHeader)
		if !ok {
			continue
		}
		if i == 0 {
			seen(req, via)
		}
		if strings.Contains(via.Host, ":") {
			via.Host = "[" + strings.Trim(via.Host, "[]") + "]"
		}
	}
}

func seen(req *sip.Request, via *sip.ViaHeader) {
	source, ok := sourceOf(req)
	if !ok {
		return
	}
	if host, ok := hostAddr(via.Host); !ok || host != source || via.Params.Has("received") || via.Params.Has("rport") {
		via.Params.Add("received", source.String())
	}
	if via.Params.Has("rport") {
		_, port, _ := net.SplitHostPort(req.Source())
		via.Params.Add("rport", port)
	}
}

// bareReference reports whether the first Via of a datagram has an IPv6 address
// without brackets: its last group and a port cannot be told apart.
func bareReference(req *sip.Request, b []byte) bool {
	if via := req.Via(); via == nil || !strings.Contains(via.Host, ":") {
		return false
	}
	for line := range bytes.SplitSeq(b, []byte("\r\n")) {
		if name, value, _ := bytes.Cut(line, []byte(":")); longName(strings.ToLower(string(trim(name)))) == "Via" {
			sentBy, _, _ := bytes.Cut(value, []byte(";"))
			return !bytes.Contains(sentBy, []byte("["))
		}
	}
	return false
}
