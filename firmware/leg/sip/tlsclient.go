package sip

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// clientTLS is how we connect to providers: their certificate must be of the name
// that the settings have, whatever address that name led to. The library knows the
// address alone, so the check is made here. Nothing but a provider is connected to.
func (ts *trunks) clientTLS(roots *x509.CertPool) *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, // VerifyConnection does it, by the right name
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 {
				return errors.New("sip: a server without a certificate")
			}
			name, ok := ts.nameAt(s.ServerName)
			if !ok {
				return fmt.Errorf("sip: %s is no server of a provider", clean(s.ServerName, 80))
			}
			middle := x509.NewCertPool()
			for _, c := range s.PeerCertificates[1:] {
				middle.AddCert(c)
			}
			_, err := s.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: middle, DNSName: name})
			if err != nil {
				return fmt.Errorf("sip: certificate of %s: %w", name, err)
			}
			return nil
		},
	}
}

// nameAt is the name of the provider's server that is at a host.
func (ts *trunks) nameAt(host string) (string, bool) {
	at, err := netip.ParseAddr(host)
	if err != nil {
		return "", false // only addresses that were looked up are connected to
	}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for _, t := range ts.byName {
		if t.transport() != "TLS" {
			continue
		}
		t.mu.Lock()
		for _, a := range t.targets {
			if a.addr.Addr() == at.Unmap() {
				t.mu.Unlock()
				return hostOf(a.server), true
			}
		}
		t.mu.Unlock()
	}
	return "", false
}

// at reports whether a provider has a server or a peer at an address.
func (ts *trunks) at(addr netip.Addr) bool {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for _, t := range ts.byName {
		t.mu.Lock()
		found := slices.ContainsFunc(t.targets, func(a *target) bool { return a.addr.Addr() == addr })
		t.mu.Unlock()
		if found || slices.ContainsFunc(t.Peers, func(p netip.Prefix) bool { return p.Contains(addr) }) {
			return true
		}
	}
	return false
}
