package api

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"centralita/firmware/trust"
)

type drawer struct{ of sync.Map }

func (d *drawer) Get(name string) (string, bool) {
	v, ok := d.of.Load(name)
	s, _ := v.(string)
	return s, ok
}

func (d *drawer) Put(name, value string) error {
	if d.of.Store(name, value); value == "" {
		d.of.Delete(name)
	}
	return nil
}

// trusting is a door with a certificate, reached by TLS at :8443.
func trusting(t *testing.T, redirect bool) *fixture {
	t.Helper()
	k, err := trust.Open(trust.Options{Secrets: &drawer{}, Hostname: func() string { return "centralita" }, Log: slog.New(slog.DiscardHandler),
		Addresses: func() []netip.Addr { return []netip.Addr{netip.MustParseAddr("192.168.1.20")} }})
	if err != nil {
		t.Fatal(err)
	}
	f := build(t)
	f.trust = k
	f.h = New(Options{Features: features, Box: f.box, Gate: f.gate, Settings: f.repo, Trust: k,
		Secure: func() (string, bool) { return "[::]:8443", redirect },
		Page:   http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("page")) })})
	return f
}

// visit is a plain GET of a machine of the network.
func (f *fixture) visit(target, from string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", target, nil)
	r.RemoteAddr = net.JoinHostPort(from, "50000")
	w := httptest.NewRecorder()
	f.h.ServeHTTP(w, r)
	return w
}

func TestGuideToTrust(t *testing.T) {
	f := trusting(t, true)
	s := f.trust.Status()
	for lang, says := range map[string][]string{
		"es": {"Confíe en la centralita", "Entidades de certificación raíz de confianza", "iPhone y iPad"},
		"it": {"Fidarsi della centrale", "Autorità di certificazione radice attendibili", "Portachiavi"},
		"en": {"Trust the box", "Trusted Root Certification Authorities", "Keychain Access"},
	} {
		w := f.visit("http://centralita.local:8080/trust?lang="+lang, "192.168.1.50")
		page := w.Body.String()
		for _, part := range append(says, s.Fingerprint, s.AuthorityMark, "https://centralita.local:8443/", "/trust/centralita.crt", "192.168.1.20") {
			if !strings.Contains(page, part) {
				t.Errorf("%s: the guide does not say %q", lang, part)
			}
		}
		if w.Code != 200 || strings.Contains(page, "<script") || strings.Contains(page, "style=") || strings.Contains(page, "trust.") && strings.Contains(page, "trust.steps") {
			t.Errorf("%s: %d %s", lang, w.Code, page)
		}
	}
	ca, err := x509.ParseCertificate(f.visit("http://box/trust/centralita.crt", "192.168.1.50").Body.Bytes())
	if err != nil || !ca.IsCA || trust.Fingerprint(ca.Raw) != s.AuthorityMark {
		t.Errorf("the certificate to download: %v", err)
	}
	block, _ := pem.Decode(f.visit("http://box/trust/centralita.pem", "192.168.1.50").Body.Bytes())
	if block == nil || !bytes.Equal(block.Bytes, ca.Raw) {
		t.Error("the PEM is another")
	}
	w := f.visit("http://192.168.1.20/trust/address.svg", "192.168.1.50")
	if w.Header().Get("Content-Type") != "image/svg+xml" || strings.Count(w.Body.String(), "h1v1") < 200 {
		t.Errorf("no code to scan: %.100s", w.Body)
	}
}

func TestPlainHTTPIsSentOn(t *testing.T) {
	f := trusting(t, true)
	for _, c := range []struct{ target, from, to string }{
		{"http://192.168.1.20:8080/calls?x=1", "192.168.1.50", "https://192.168.1.20:8443/calls?x=1"},
		{"http://[fd00::20]:8080/", "fd00::50", "https://[fd00::20]:8443/"},
		{"http://127.0.0.1:8080/calls", "127.0.0.1", ""},
		{"http://192.168.1.20:8080/trust", "192.168.1.50", ""},
		{"http://192.168.1.20:8080/trustworthy", "192.168.1.50", "https://192.168.1.20:8443/trustworthy"},
	} {
		w := f.visit(c.target, c.from)
		if got := w.Header().Get("Location"); got != c.to || (c.to != "") != (w.Code == http.StatusTemporaryRedirect) {
			t.Errorf("%s from %s: %d %q, want %q", c.target, c.from, w.Code, got, c.to)
		}
	}
	f = trusting(t, false)
	if w := f.visit("http://192.168.1.20:8080/calls", "192.168.1.50"); w.Code != 200 || w.Header().Get("Strict-Transport-Security") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := f.visit("http://192.168.1.20:8080/.well-known/acme-challenge/nothing", "203.0.113.5"); w.Code != 404 {
		t.Errorf("a proof that nobody asked for: %d", w.Code)
	}
}

func TestOwnersCertificate(t *testing.T) {
	f := trusting(t, false)
	nobody, ana, owner := &person{t: t, h: f.h}, f.in(t, "ana"), f.in(t, "owner")
	nobody.says("GET", "/api/v1/certificate", "", 401, "")
	ana.says("GET", "/api/v1/certificate", "", 200, `"kind":"box"`)
	ana.says("PUT", "/api/v1/certificate", `{"chain":"x","key":"y"}`, 403, "role")
	owner.says("PUT", "/api/v1/certificate", `{"chain":"x","key":"y"}`, 422, "no hay un certificado en PEM")
	if body := owner.says("GET", "/api/v1/certificate", "", 200, `"https":"[::]:8443"`); strings.Contains(body, "PRIVATE") {
		t.Error("a key is shown")
	}
	owner.says("DELETE", "/api/v1/certificate", "", 200, `"kind":"box"`)
}
