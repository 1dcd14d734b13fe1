package e2e

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// TestHTTPS: who took the certificate from the guide believes the box by TLS, also
// after it started anew, and nobody else does; its address stands at the end of the
// ready line.
func TestHTTPS(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/phones.yaml", "--rtp", "26500-26519", "--https", "127.0.0.1:0")
	at := func() string {
		for line := range strings.Lines(b.said()) {
			if strings.HasPrefix(line, "centralita ready ") {
				f := strings.Fields(line)
				if addr, ok := strings.CutPrefix(f[len(f)-1], "https="); ok {
					return addr
				}
			}
		}
		t.Fatalf("no https= at the end of the ready line:\n%s", b.said())
		return ""
	}
	text, err := os.ReadFile(b.authority())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		t.Fatalf("no certificate: %s", text)
	}
	get := func(roots *x509.CertPool) (*http.Response, error) {
		c := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DisableKeepAlives: true}}
		res, err := c.Get("https://" + at() + "/trust")
		if err == nil {
			res.Body.Close()
		}
		return res, err
	}
	for range 2 {
		res, err := get(pool)
		if err != nil || res.StatusCode != http.StatusOK || res.TLS.Version < tls.VersionTLS12 {
			t.Fatalf("%v %v", res, err)
		}
		if res.Header.Get("Strict-Transport-Security") != "" {
			t.Error("browsers would insist on a certificate that only some trust")
		}
		if _, err := get(x509.NewCertPool()); err == nil {
			t.Error("a stranger believes the box")
		}
		b.stop()
		b.mu.Lock()
		b.log.Reset()
		b.mu.Unlock()
		b.start()
	}
	b.signIn()
	until(t, 3*time.Second, "the device that does not trust", func() (any, bool) {
		_, _ = get(x509.NewCertPool())
		var c struct{ Distrusted []struct{ From string } }
		b.must("GET", "/api/v1/certificate", nil, &c)
		return c, len(c.Distrusted) == 1 && c.Distrusted[0].From == "127.0.0.1"
	})
}
