package sip

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"
)

// resolve looks the server up: an address as it stands, a name with a port by
// address records, one without by SRV first (RFC 3263 section 4.2).
func (t *trunk) resolve(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	host, port := hostOf(t.Server), uint16(5060)
	_, text, err := net.SplitHostPort(t.Server)
	hasPort := err == nil
	if hasPort {
		p, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			return fmt.Errorf("sip: trunk %s: server %q has no usable port", t.Name, t.Server)
		}
		port = uint16(p)
	}
	var found []netip.AddrPort
	if a, err := netip.ParseAddr(host); err == nil {
		found = append(found, netip.AddrPortFrom(a, port))
	} else {
		if !hasPort {
			found = t.srv(ctx, host)
		}
		if found == nil {
			found = lookup(ctx, host, port)
		}
	}
	if len(found) == 0 {
		return fmt.Errorf("sip: trunk %s: name server knows no address of %q: check the name and the box's name server", t.Name, host)
	}
	t.mu.Lock()
	t.addresses = found
	t.mu.Unlock()
	return nil
}

// addressesMax bounds what a name server may make us remember of one provider.
const addressesMax = 16

func (t *trunk) srv(ctx context.Context, host string) (found []netip.AddrPort) {
	proto := "udp"
	if t.TCP {
		proto = "tcp"
	}
	_, records, err := net.DefaultResolver.LookupSRV(ctx, "sip", proto, host)
	if err != nil {
		return nil // most providers have none
	}
	for _, r := range records {
		if found = append(found, lookup(ctx, r.Target, r.Port)...); len(found) >= addressesMax {
			return found[:addressesMax]
		}
	}
	return found
}

func lookup(ctx context.Context, host string, port uint16) (found []netip.AddrPort) {
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip4", host)
	if err != nil {
		return nil
	}
	for _, a := range addrs[:min(len(addrs), addressesMax)] {
		found = append(found, netip.AddrPortFrom(a.Unmap(), port))
	}
	return found
}
