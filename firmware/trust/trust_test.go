package trust

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// drawer keeps secrets in memory.
type drawer struct {
	mu sync.Mutex
	of map[string]string
}

func (d *drawer) Get(name string) (string, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v, ok := d.of[name]
	return v, ok
}

func (d *drawer) Put(name, value string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.of == nil {
		d.of = map[string]string{}
	}
	if d.of[name] = value; value == "" {
		delete(d.of, name)
	}
	return nil
}

// place is a machine whose clock and addresses the test turns.
type place struct {
	drawer drawer
	now    time.Time
	addrs  []netip.Addr
	told   []Status
}

func newPlace() *place {
	return &place{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), addrs: []netip.Addr{netip.MustParseAddr("192.168.1.20"), netip.MustParseAddr("203.0.113.9")}}
}

func (p *place) open(t *testing.T) *Keeper {
	t.Helper()
	k, err := Open(Options{
		Secrets: &p.drawer, Office: func() string { return "Gestoría Núñez" }, Hostname: func() string { return "Centralita" },
		Addresses: func() []netip.Addr { return p.addrs }, Now: func() time.Time { return p.now },
		Told: func(s Status) { p.told = append(p.told, s) }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func shownBy(t *testing.T, k *Keeper) *tls.Certificate {
	t.Helper()
	c, err := k.Config().GetCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// believes is what a device does that trusts the box's authority and no other.
func (p *place) believes(t *testing.T, k *Keeper, name string) error {
	t.Helper()
	ca, err := x509.ParseCertificate(k.Authority())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	_, err = shownBy(t, k).Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name, CurrentTime: p.now})
	return err
}

func TestWhoTrustsTheBoxTrustsItUnderEveryNameItHas(t *testing.T) {
	p := newPlace()
	k := p.open(t)
	for _, name := range []string{"centralita", "centralita.local", "localhost", "192.168.1.20", "203.0.113.9", "127.0.0.1", "::1"} {
		if err := p.believes(t, k, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	leaf := shownBy(t, k).Leaf
	if life := leaf.NotAfter.Sub(leaf.NotBefore); life > 397*24*time.Hour {
		t.Errorf("the certificate lasts %v", life)
	}
	if _, ok := leaf.PublicKey.(*ecdsa.PublicKey); !ok || leaf.IsCA {
		t.Error("not an end's ECDSA key")
	}
	if err := p.believes(t, k, "bank.example"); err == nil {
		t.Error("a foreign name is believed")
	}
	if s := k.Status(); s.Kind != Box || s.State != Good || len(s.Uncovered) != 0 || !strings.Contains(s.Authority, "Gestoría Núñez") {
		t.Errorf("%+v", s)
	}
}

// TestAuthorityVouchesForItsNetworkOnly: a stolen key must not open the Internet.
func TestAuthorityVouchesForItsNetworkOnly(t *testing.T) {
	p := newPlace()
	k := p.open(t)
	evil, _, err := k.ca.newLeaf([]string{"bank.example", "8.8.8.8"}, p.now)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(k.ca.cert)
	for _, name := range []string{"bank.example", "8.8.8.8"} {
		_, err = evil.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name, CurrentTime: p.now})
		var wrong x509.CertificateInvalidError
		if !errors.As(err, &wrong) || wrong.Reason != x509.CANotAuthorizedForThisName {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCertificateOutlivesARestart(t *testing.T) {
	p := newPlace()
	first := p.open(t).Status()
	if again := p.open(t).Status(); again.Fingerprint != first.Fingerprint || again.AuthorityMark != first.AuthorityMark {
		t.Error("people would have to trust the box anew after a restart")
	}
}

func TestCertificateFollowsAddressAndCalendar(t *testing.T) {
	p := newPlace()
	k := p.open(t)
	first := k.Status()
	p.addrs = []netip.Addr{netip.MustParseAddr("10.4.5.6"), netip.MustParseAddr("198.51.100.7")}
	if err := k.Refresh(); err != nil {
		t.Fatal(err)
	}
	if err := p.believes(t, k, "10.4.5.6"); err != nil {
		t.Error(err)
	}
	if s := k.Status(); len(s.Uncovered) != 1 || s.Uncovered[0] != "198.51.100.7" || s.AuthorityMark != first.AuthorityMark {
		t.Errorf("%+v", s)
	}
	moved := k.Status().Fingerprint
	for _, step := range []struct {
		to    time.Duration
		fresh bool
	}{{366 * 24 * time.Hour, false}, {368 * 24 * time.Hour, true}} {
		p.now = newPlace().now.Add(step.to)
		if err := k.Refresh(); err != nil {
			t.Fatal(err)
		}
		if got := k.Status().Fingerprint != moved; got != step.fresh {
			t.Errorf("after %v: renewed is %v", step.to, got)
		}
		if err := p.believes(t, k, "10.4.5.6"); err != nil {
			t.Error(err)
		}
	}
}

// TestClockThatIsNotSet: a box without a clock battery wakes in 1970.
func TestClockThatIsNotSet(t *testing.T) {
	p := newPlace()
	p.now = time.Unix(0, 0)
	k := p.open(t)
	p.now = newPlace().now
	if err := k.Refresh(); err != nil {
		t.Fatal(err)
	}
	if err := p.believes(t, k, "centralita.local"); err != nil {
		t.Error(err)
	}
}

// made is a chain as an owner may have it: root, middle, end.
func made(t *testing.T, end time.Time, key any, names ...string) (certs []*x509.Certificate, keyText string) {
	t.Helper()
	sign := func(c *x509.Certificate, by *x509.Certificate, pub, with any) *x509.Certificate {
		c.SerialNumber, c.NotBefore = serial(), end.Add(-365*24*time.Hour)
		if c.NotAfter = end; c.IsCA {
			c.NotAfter, c.BasicConstraintsValid, c.KeyUsage = end.Add(time.Hour), true, x509.KeyUsageCertSign
		}
		if by == nil {
			by = c
		}
		der, err := x509.CreateCertificate(rand.Reader, c, by, pub, with)
		if err != nil {
			t.Fatal(err)
		}
		out, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	ec := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	rootKey, midKey := ec(), ec()
	root := sign(&x509.Certificate{Subject: pkix.Name{CommonName: "Root"}, IsCA: true}, nil, rootKey.Public(), rootKey)
	mid := sign(&x509.Certificate{Subject: pkix.Name{CommonName: "Middle"}, IsCA: true}, root, midKey.Public(), rootKey)
	if key == nil {
		key = ec()
	}
	var public any
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		public = k.Public()
	case *rsa.PrivateKey:
		public = k.Public()
	}
	leaf := sign(&x509.Certificate{Subject: pkix.Name{CommonName: "end"}, DNSNames: names, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}, mid, public, midKey)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return []*x509.Certificate{leaf, mid, root}, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func TestOwnCertificateInAnyOrder(t *testing.T) {
	p := newPlace()
	k := p.open(t)
	c, key := made(t, p.now.Add(90*24*time.Hour), nil, "pbx.example.com")
	if err := k.UseOwn(certPEM(c[2].Raw, c[0].Raw, c[1].Raw), key); err != nil {
		t.Fatal(err)
	}
	got := shownBy(t, k)
	if len(got.Certificate) != 3 || string(got.Certificate[0]) != string(c[0].Raw) || string(got.Certificate[1]) != string(c[1].Raw) {
		t.Error("the chain is not in order")
	}
	if s := k.Status(); s.Kind != Own || s.State != Good || !k.Public() || len(s.Uncovered) == 0 || s.Issuer != "Middle" {
		t.Errorf("%+v", s)
	}
	if s := p.open(t).Status(); s.Kind != Own {
		t.Error("forgotten by a restart")
	}
	for _, step := range []struct {
		days int
		want State
	}{{80, Ending}, {91, Ended}} {
		p.now = newPlace().now.AddDate(0, 0, step.days)
		if err := k.Refresh(); err != nil {
			t.Fatal(err)
		}
		if s := p.told[len(p.told)-1]; s.State != step.want {
			t.Errorf("after %d days %q was told, want %q", step.days, s.State, step.want)
		}
	}
	if err := k.ForgetOwn(); err != nil || k.Status().Kind != Box || k.Status().State != Good || k.Public() {
		t.Errorf("%v %+v", err, k.Status())
	}
}

func TestOwnCertificateThatCannotBe(t *testing.T) {
	p := newPlace()
	k := p.open(t)
	end := p.now.Add(90 * 24 * time.Hour)
	c, key := made(t, end, nil, "pbx.example.com")
	other, otherKey := made(t, end, nil, "pbx.example.com")
	over, overKey := made(t, p.now.Add(-time.Hour), nil, "pbx.example.com")
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weak, weakKey := made(t, end, small, "pbx.example.com")
	for name, try := range map[string]struct {
		chain, key string
		want       error
	}{
		"nothing":         {"", key, ErrNoCertificate},
		"rubbish":         {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key, ErrNoCertificate},
		"no key":          {certPEM(c[0].Raw), certPEM(c[0].Raw), ErrNoKey},
		"key with word":   {certPEM(c[0].Raw), strings.ReplaceAll(key, "PRIVATE", "ENCRYPTED PRIVATE"), ErrNoKey},
		"key of another":  {certPEM(c[0].Raw), otherKey, ErrOtherKey},
		"chain of others": {certPEM(c[0].Raw, other[1].Raw), key, ErrChain},
		"ended":           {certPEM(over[0].Raw), overKey, ErrOver},
		"weak":            {certPEM(weak[0].Raw), weakKey, ErrWeak},
		"too long":        {strings.Repeat(" ", 64<<10), key, ErrLarge},
	} {
		if err := k.UseOwn(try.chain, try.key); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", name, err, try.want)
		}
	}
	if k.Status().Kind != Box {
		t.Error("a certificate that cannot be is shown")
	}
}

// TestDevicesThatDoNotTrustAreNamed: a real handshake by one who does not know the
// authority.
func TestDevicesThatDoNotTrustAreNamed(t *testing.T) {
	p := newPlace()
	k := p.open(t)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			c, err := l.Accept()
			if err != nil {
				return
			}
			k.Refused(c.RemoteAddr(), tls.Server(c, k.Config()).Handshake())
			c.Close()
		}()
		_, err = tls.Dial("tcp", l.Addr().String(), &tls.Config{MaxVersion: version, RootCAs: x509.NewCertPool()})
		if err == nil {
			t.Fatal("a stranger's certificate is believed")
		}
		<-done
		l.Close()
		if d := k.Status().Distrusted; len(d) != 1 || d[0].From != "127.0.0.1" {
			t.Errorf("TLS %x: %+v", version, d)
		}
		k.shy = distrust{}
	}
	k.Refused(&net.TCPAddr{IP: net.IPv4(10, 0, 0, 1)}, io.EOF)
	if len(k.Status().Distrusted) != 0 {
		t.Error("a line that broke is no distrust")
	}
}
