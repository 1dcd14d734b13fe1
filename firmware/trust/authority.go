package trust

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Names of the secrets.
const (
	secretAuthority    = "tls-authority"     // certificate, PEM
	secretAuthorityKey = "tls-authority-key" // PKCS 8, PEM
	secretLeaf         = "tls-leaf"
	secretLeafKey      = "tls-leaf-key"
	secretOwn          = "tls-own" // an owner's chain
	secretOwnKey       = "tls-own-key"
	secretACME         = "tls-acme" // chain fetched by ACME
	secretACMEKey      = "tls-acme-key"
	secretAccount      = "tls-acme-account" // key of the ACME account
)

// authorityLife is how long people need not trust the box anew.
const authorityLife = 10 * 365 * 24 * time.Hour

// sane is a moment that has passed: a box whose clock stands before it does not
// know the time, and its certificates begin then.
var sane = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// authority signs the box's own certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// newAuthority makes one that vouches for this box's kind of names only: hosts of
// the local network and the machine's own name. Who trusts it trusts nobody else,
// not even if its key is stolen. The names are not marked critical, as RFC 5280 section
// 4.2.1.10 wants them: who knows them keeps to them all the same, and telephones on
// mbed TLS, which does not, would refuse the whole certificate.
func newAuthority(office, host string, addrs []netip.Addr, now time.Time) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	id, err := keyID(key)
	if err != nil {
		return nil, err
	}
	begin := later(now, sane).Add(-24 * time.Hour) // clocks of phones are wrong by hours
	name := "Centralita"
	if office = printable(office); office != "" {
		name += " " + office
	}
	t := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: fmt.Sprintf("%s %X", name, id[:3])},
		NotBefore: begin, NotAfter: begin.Add(authorityLife),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, IsCA: true, BasicConstraintsValid: true,
		MaxPathLenZero: true, SubjectKeyId: id,
		PermittedDNSDomains: []string{"local", "localhost", host}, PermittedIPRanges: ranges(addrs),
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return &authority{cert, key}, err
}

// ranges are the networks of RFC 1918, RFC 6598, RFC 3927 and RFC 4193 with both
// loopbacks, and the addresses this machine has beside them.
func ranges(addrs []netip.Addr) (nets []*net.IPNet) {
	for _, p := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128"} {
		_, n, err := net.ParseCIDR(p)
		if err != nil {
			panic("trust: " + p)
		}
		nets = append(nets, n)
	}
	for _, a := range addrs {
		ip := net.IP(a.AsSlice())
		if !slices.ContainsFunc(nets, func(n *net.IPNet) bool { return n.Contains(ip) }) {
			nets = append(nets, &net.IPNet{IP: ip, Mask: net.CIDRMask(a.BitLen(), a.BitLen())})
		}
	}
	return nets
}

// permits reports whether the authority may vouch for a host.
func (a *authority) permits(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return slices.ContainsFunc(a.cert.PermittedIPRanges, func(n *net.IPNet) bool { return n.Contains(ip) })
	}
	return slices.ContainsFunc(a.cert.PermittedDNSDomains, func(d string) bool {
		return host == d || strings.HasSuffix(host, "."+strings.TrimPrefix(d, "."))
	})
}

// good reports whether it can still sign.
func (a *authority) good(now time.Time) bool {
	return now.Before(a.cert.NotAfter.Add(-leafRenew)) && !later(now, sane).Before(a.cert.NotBefore)
}

func keyID(key *ecdsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, err
	}
	sum := sha1.Sum(der) // RFC 5280 section 4.2.1.2: a name, not a proof
	return sum[:], nil
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		panic("trust: no random numbers: " + err.Error())
	}
	return n.Add(n, big.NewInt(1))
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// printable keeps what every certificate viewer shows.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '�' {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40])
	}
	return strings.TrimSpace(s)
}

func certPEM(der ...[]byte) string {
	var b strings.Builder
	for _, d := range der {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: d}))
	}
	return b.String()
}

func keyPEM(key *ecdsa.PrivateKey) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), err
}

var errSecret = errors.New("trust: a stored certificate does not read")

func readKey(text string) (*ecdsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errSecret
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errSecret
	}
	ec, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errSecret
	}
	return ec, nil
}

func readCert(text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errSecret
	}
	return x509.ParseCertificate(block.Bytes)
}

// authority reads the stored one, or makes one and stores it.
func (k *Keeper) authority(now time.Time) (*authority, error) {
	if a := k.ca; a != nil && a.good(now) {
		return a, nil
	}
	text, _ := k.opt.Secrets.Get(secretAuthority)
	cert, err := readCert(text)
	word, _ := k.opt.Secrets.Get(secretAuthorityKey)
	key, err2 := readKey(word)
	if err == nil && err2 == nil && key.PublicKey.Equal(cert.PublicKey) {
		if a := (&authority{cert, key}); a.good(now) {
			return a, nil
		}
	}
	a, err := newAuthority(k.opt.Office(), k.host(), k.opt.Addresses(), now)
	if err != nil {
		return nil, fmt.Errorf("trust: new authority: %w", err)
	}
	return a, k.store(secretAuthority, secretAuthorityKey, a.key, a.cert.Raw)
}

// store keeps a chain and its key, the key first: a chain without one is of no use.
func (k *Keeper) store(name, keyName string, key *ecdsa.PrivateKey, der ...[]byte) error {
	word, err := keyPEM(key)
	if err != nil {
		return err
	}
	if err := k.opt.Secrets.Put(keyName, word); err != nil {
		return err
	}
	return k.opt.Secrets.Put(name, certPEM(der...))
}
