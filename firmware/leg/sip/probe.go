package sip

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// probeAgain is how long an answer may take before the question is put again, as the
// timer of a transaction (RFC 3261 section 17.1.2.2, T1).
const probeAgain = 500 * time.Millisecond

// Probe puts OPTIONS to the box from a socket of its own, as a telephone would, and
// returns when the answer came or ctx has ended. The gate lets it pass whatever the
// network sends: a flood is no sickness of the box.
func (e *Endpoint) Probe(ctx context.Context) error {
	to := e.addr
	if a := to.Addr(); a.IsUnspecified() {
		local := netip.AddrFrom4([4]byte{127, 0, 0, 1})
		if a.Is6() {
			local = netip.IPv6Loopback()
		}
		to = netip.AddrPortFrom(local, to.Port())
	}
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		return fmt.Errorf("sip: probe: %w", err)
	}
	defer conn.Close()
	from := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	e.gate.own.Store(&from)
	defer e.gate.own.Store(nil)
	id := rand.Text()
	ask := probeText(from, to, id)
	answer := make([]byte, datagramMax)
	for {
		if _, err := conn.Write(ask); err != nil {
			return fmt.Errorf("sip: probe: %w", err)
		}
		if err := conn.SetReadDeadline(time.Now().Add(probeAgain)); err != nil {
			return fmt.Errorf("sip: probe: %w", err)
		}
		n, err := conn.Read(answer)
		if err == nil && bytes.HasPrefix(answer[:n], []byte("SIP/2.0 200 ")) && bytes.Contains(answer[:n], []byte(id)) {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("sip: probe: no answer at %s: %w", to, ctx.Err())
		}
	}
}

func probeText(from, to netip.AddrPort, id string) []byte {
	return []byte(strings.Join([]string{
		fmt.Sprintf("OPTIONS sip:heartbeat@%s SIP/2.0", to),
		fmt.Sprintf("Via: SIP/2.0/UDP %s;branch=z9hG4bK%s;rport", from, id),
		"Max-Forwards: 70",
		fmt.Sprintf("From: <sip:heartbeat@%s>;tag=%s", from, id[:8]),
		fmt.Sprintf("To: <sip:heartbeat@%s>", to),
		"Call-ID: " + id,
		"CSeq: 1 OPTIONS",
		"Accept: application/sdp",
		"Content-Length: 0", "", "",
	}, "\r\n"))
}
