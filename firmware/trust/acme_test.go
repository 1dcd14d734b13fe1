package trust

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/acme"
)

// directory is an ACME authority (RFC 8555) that proves names by asking prove.
type directory struct {
	*httptest.Server
	key   *ecdsa.PrivateKey
	root  *x509.Certificate
	prove func(kind, token string) bool
	kind  string
	life  time.Duration
	now   func() time.Time

	mu     sync.Mutex
	valid  bool
	tries  int
	issued []byte
}

func newDirectory(t *testing.T, kind string) *directory {
	d := &directory{kind: kind, life: 90 * 24 * time.Hour, now: newPlace().clock}
	var err error
	if d.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: serial(), Subject: pkix.Name{CommonName: "Test Authority"}, NotBefore: d.now().Add(-time.Hour), NotAfter: d.now().AddDate(5, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, c, c, d.key.Public(), d.key)
	if err != nil {
		t.Fatal(err)
	}
	if d.root, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	d.Server = httptest.NewServer(d)
	t.Cleanup(d.Close)
	return d
}

func (p *place) clock() time.Time { return p.now }

func (d *directory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w.Header().Set("Replay-Nonce", fmt.Sprint(time.Now().UnixNano()))
	say := func(status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	order := func() map[string]any {
		o := map[string]any{"status": "pending", "authorizations": []string{d.URL + "/z"}, "finalize": d.URL + "/final",
			"identifiers": []any{map[string]string{"type": "dns", "value": "pbx.example.com"}}}
		if d.valid {
			o["status"] = "ready"
		}
		if d.issued != nil {
			o["status"], o["certificate"] = "valid", d.URL+"/cert"
		}
		return o
	}
	challenge := map[string]any{"type": d.kind, "url": d.URL + "/c", "token": "tok-en", "status": "pending"}
	switch r.URL.Path {
	case "/":
		say(200, map[string]any{"newNonce": d.URL + "/nonce", "newAccount": d.URL + "/account", "newOrder": d.URL + "/order"})
	case "/nonce":
	case "/account":
		w.Header().Set("Location", d.URL+"/account/1")
		say(201, map[string]string{"status": "valid"})
	case "/order":
		d.tries++
		d.valid, d.issued = false, nil
		w.Header().Set("Location", d.URL+"/order/1")
		say(201, order())
	case "/order/1":
		w.Header().Set("Location", d.URL+"/order/1")
		say(200, order())
	case "/z":
		z := map[string]any{"status": "pending", "identifier": map[string]string{"type": "dns", "value": "pbx.example.com"}, "challenges": []any{challenge}}
		if d.valid {
			z["status"] = "valid"
		}
		say(200, z)
	case "/c":
		if d.valid = d.prove(d.kind, "tok-en"); !d.valid {
			say(403, map[string]string{"type": "urn:ietf:params:acme:error:unauthorized", "detail": "not proved"})
			return
		}
		say(200, challenge)
	case "/final":
		var csr struct{ CSR string }
		d.payload(r, &csr)
		der, _ := base64.RawURLEncoding.DecodeString(csr.CSR)
		req, err := x509.ParseCertificateRequest(der)
		if err != nil || !d.valid {
			say(403, map[string]string{"type": "urn:ietf:params:acme:error:badCSR"})
			return
		}
		c := &x509.Certificate{SerialNumber: serial(), DNSNames: req.DNSNames, NotBefore: d.now().Add(-time.Hour), NotAfter: d.now().Add(d.life), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
		d.issued, _ = x509.CreateCertificate(rand.Reader, c, d.root, req.PublicKey, d.key)
		w.Header().Set("Location", d.URL+"/order/1")
		say(200, order())
	case "/cert":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		_, _ = io.WriteString(w, certPEM(d.issued, d.root.Raw))
	default:
		http.NotFound(w, r)
	}
}

func (d *directory) payload(r *http.Request, into any) {
	var jws struct{ Payload string }
	_ = json.NewDecoder(r.Body).Decode(&jws)
	raw, _ := base64.RawURLEncoding.DecodeString(jws.Payload)
	_ = json.Unmarshal(raw, into)
}

func (d *directory) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.tries
}

// served runs the keeper until the test ends.
func served(t *testing.T, k *Keeper) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = k.Serve(ctx) }()
	t.Cleanup(func() { stop(); <-done })
}

func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
	}
}

func TestCertificateFetchedByHTTP(t *testing.T) {
	p := newPlace()
	k := p.open(t)
	d := newDirectory(t, "http-01")
	d.prove = func(_, token string) bool {
		answer, ok := k.Challenge(token)
		return ok && strings.HasPrefix(answer, token+".")
	}
	served(t, k)
	k.SetACME(ACME{Names: []string{"pbx.example.com"}, Directory: d.URL + "/", Mail: "it@example.com"})
	waitFor(t, "a fetched certificate", func() bool { return k.Status().Kind == Fetched })
	if s := k.Status(); s.Issuer != "Test Authority" || s.Names[0] != "pbx.example.com" || !s.ACME.On || s.ACME.Problem != "" || !k.Public() {
		t.Errorf("%+v", s)
	}
	if _, ok := k.Challenge("tok-en"); ok {
		t.Error("the proof is still given out")
	}
	if again := p.open(t); func() bool {
		again.SetACME(ACME{Names: []string{"pbx.example.com"}})
		_ = again.Refresh()
		return again.Status().Kind != Fetched
	}() {
		t.Error("forgotten by a restart")
	}
	k.SetACME(ACME{})
	_ = k.Refresh()
	if k.Status().Kind != Box {
		t.Error("still shown though it is not wanted any more")
	}
	if n := d.count(); n != 1 {
		t.Errorf("%d orders for one certificate", n)
	}
}

func TestCertificateFetchedByRecord(t *testing.T) {
	p := newPlace()
	k := p.open(t)
	d := newDirectory(t, "dns-01")
	var mu sync.Mutex
	zone := ""
	d.prove = func(string, string) bool { return true }
	served(t, k)
	asked := make(chan struct{}, 8)
	k.SetACME(ACME{Names: []string{"pbx.example.com"}, Directory: d.URL + "/", DNS: true, Lookup: func(_ context.Context, name string) ([]string, error) {
		// The person sees what to make and makes it.
		for _, r := range k.Status().ACME.Records {
			mu.Lock()
			if r.Name == name {
				zone = r.Value
			}
			mu.Unlock()
		}
		asked <- struct{}{}
		mu.Lock()
		defer mu.Unlock()
		return []string{zone}, nil
	}})
	<-asked
	waitFor(t, "a fetched certificate", func() bool { return k.Status().Kind == Fetched })
	mu.Lock()
	defer mu.Unlock()
	if len(zone) < 40 {
		t.Errorf("the record to make was %q", zone)
	}
}

func TestFetchingThatFailsIsTold(t *testing.T) {
	p := newPlace()
	k := p.open(t)
	d := newDirectory(t, "http-01")
	d.prove = func(string, string) bool { return false }
	served(t, k)
	k.SetACME(ACME{Names: []string{"pbx.example.com"}, Directory: d.URL + "/", Client: func() *acme.Client {
		return &acme.Client{RetryBackoff: func(int, *http.Request, *http.Response) time.Duration { return -1 }}
	}})
	waitFor(t, "a problem", func() bool { return k.Status().ACME.Problem != "" })
	s := k.Status()
	if s.Kind != Box || s.State != Failed || !strings.Contains(s.ACME.Problem, "pbx.example.com") || s.ACME.Next == 0 {
		t.Errorf("%+v", s)
	}
}
