package trust

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"
)

const (
	// leafLife: browsers refuse server certificates that last longer than 398 days;
	// a day is left for their way of counting.
	leafLife = 397 * 24 * time.Hour
	// leafRenew is how long before its end it is made anew.
	leafRenew = 30 * 24 * time.Hour
	// namesMax bounds the names of a certificate: a machine with more networks than
	// this is not an office's.
	namesMax = 40
)

// names are what the box is called in its network, without those that its
// authority may not vouch for.
func (k *Keeper) names(a *authority) (good, left []string) {
	host := k.host()
	all := []string{host}
	if !strings.HasSuffix(host, ".local") && !strings.Contains(host, ".") && host != "localhost" {
		all = append(all, host+".local")
	}
	all = append(all, "localhost")
	for _, n := range k.opt.Also {
		all = append(all, strings.ToLower(n))
	}
	for _, ip := range k.opt.Addresses() {
		all = append(all, ip.String())
	}
	all = append(all, "127.0.0.1", "::1")
	for _, n := range all {
		switch {
		case n == "" || slices.Contains(good, n) || slices.Contains(left, n) || len(good) == namesMax:
		case a.permits(n):
			good = append(good, n)
		default:
			left = append(left, n)
		}
	}
	return good, left
}

// host is the machine's name as a name of DNS.
func (k *Keeper) host() string {
	h := strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '.':
			return r
		}
		return -1
	}, k.opt.Hostname())
	h = strings.Trim(h, ".-")
	if h == "" || len(h) > 63 || net.ParseIP(h) != nil {
		return "centralita"
	}
	return h
}

// newLeaf signs a certificate for names.
func (a *authority) newLeaf(names []string, now time.Time) (*tls.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	begin := later(later(now, sane).Add(-time.Hour), a.cert.NotBefore)
	t := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: names[0]},
		NotBefore: begin, NotAfter: begin.Add(leafLife - time.Second),
		KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if t.NotAfter.After(a.cert.NotAfter) {
		t.NotAfter = a.cert.NotAfter
	}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, n)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, nil, err
	}
	c, err := leafOf(a, der, key)
	return c, key, err
}

func leafOf(a *authority, der []byte, key *ecdsa.PrivateKey) (*tls.Certificate, error) {
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

// covers reports whether a certificate is for exactly these names and not near its
// end.
func covers(c *x509.Certificate, names []string, now time.Time) bool {
	have := namesOf(c)
	slices.Sort(have)
	return slices.Equal(have, slices.Sorted(slices.Values(names))) && lasts(c, now)
}

func lasts(c *x509.Certificate, now time.Time) bool {
	return now.Before(c.NotAfter.Add(-leafRenew)) && !later(now, sane).Before(c.NotBefore)
}

func namesOf(c *x509.Certificate) []string {
	list := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		list = append(list, ip.String())
	}
	return list
}

// leaf is the box's own certificate: the one in use, the stored one, or a new one.
func (k *Keeper) leaf(a *authority, now time.Time) (*tls.Certificate, []string, error) {
	names, left := k.names(a)
	if c := k.own; c != nil && covers(c.Leaf, names, now) && c.Leaf.CheckSignatureFrom(a.cert) == nil {
		return c, left, nil
	}
	text, _ := k.opt.Secrets.Get(secretLeaf)
	word, _ := k.opt.Secrets.Get(secretLeafKey)
	cert, err := readCert(text)
	key, err2 := readKey(word)
	if err == nil && err2 == nil && key.PublicKey.Equal(cert.PublicKey) && cert.CheckSignatureFrom(a.cert) == nil && covers(cert, names, now) {
		c, err := leafOf(a, cert.Raw, key)
		return c, left, err
	}
	c, key, err := a.newLeaf(names, now)
	if err != nil {
		return nil, nil, fmt.Errorf("trust: new certificate: %w", err)
	}
	return c, left, k.store(secretLeaf, secretLeafKey, key, c.Leaf.Raw)
}

// LocalAddresses are the addresses of this machine's networks, without loopback
// and those that hold on one cable only.
func LocalAddresses() (found []netip.Addr) {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, one := range list {
		if p, err := netip.ParsePrefix(one.String()); err == nil {
			if a := p.Addr().Unmap().WithZone(""); a.IsGlobalUnicast() {
				found = append(found, a)
			}
		}
	}
	slices.SortFunc(found, netip.Addr.Compare)
	return slices.Compact(found)
}

func hostname() string {
	h, err := os.Hostname()
	if err != nil {
		return ""
	}
	return h
}
