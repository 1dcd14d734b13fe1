package webui

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		".keep":              {},
		"index.html":         {Data: []byte("<html>page")},
		"index.html.gz":      {Data: []byte("gz page")},
		"icon.svg":           {Data: []byte("<svg/>")},
		"assets/app-1.js":    {Data: []byte("script")},
		"assets/app-1.js.br": {Data: []byte("br script")},
		"assets/app-1.js.gz": {Data: []byte("gz script")},
	}
}

func get(t *testing.T, h http.Handler, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEveryViewIsThePage(t *testing.T) {
	h := handler(built())
	for _, path := range []string{"/", "/index.html", "/floor", "/calls/17", "/plan/queues", "/../../floor"} {
		r := get(t, h, "GET", path)
		if got := body(t, r); r.StatusCode != 200 || got != "<html>page" {
			t.Errorf("%s: %d %q, want the page", path, r.StatusCode, got)
		}
		if c := r.Header.Get("Cache-Control"); c != "no-cache" {
			t.Errorf("%s: Cache-Control %q: a new version would not be seen", path, c)
		}
		if r.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: no content security policy", path)
		}
	}
}

func TestHashedFilesStayInTheCache(t *testing.T) {
	r := get(t, handler(built()), "GET", "/assets/app-1.js")
	if !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("Cache-Control %q", r.Header.Get("Cache-Control"))
	}
	if kind := r.Header.Get("Content-Type"); !strings.Contains(kind, "javascript") {
		t.Errorf("Content-Type %q", kind)
	}
}

func TestMissingFilesAreNotThePage(t *testing.T) {
	for _, path := range []string{"/assets/app-0.js", "/assets/x", "/robots.txt", "/.keep", "/assets/app-1.js.gz"} {
		if r := get(t, handler(built()), "GET", path); r.StatusCode != 404 {
			t.Errorf("%s: %d, want 404", path, r.StatusCode)
		}
	}
}

func TestCompression(t *testing.T) {
	h := handler(built())
	for _, c := range []struct{ path, accept, encoding, want string }{
		{"/assets/app-1.js", "gzip, deflate, br", "br", "br script"},
		{"/assets/app-1.js", "gzip", "gzip", "gz script"},
		{"/assets/app-1.js", "br;q=0, gzip;q=0.5", "gzip", "gz script"},
		{"/assets/app-1.js", "", "", "script"},
		{"/floor", "br, gzip", "gzip", "gz page"},
		{"/icon.svg", "br, gzip", "", "<svg/>"},
	} {
		r := get(t, h, "GET", c.path, "Accept-Encoding", c.accept)
		if got := body(t, r); got != c.want || r.Header.Get("Content-Encoding") != c.encoding {
			t.Errorf("%s with %q: %q as %q", c.path, c.accept, got, r.Header.Get("Content-Encoding"))
		}
	}
}

func TestUnchangedIsNotSentAgain(t *testing.T) {
	h := handler(built())
	first := get(t, h, "GET", "/", "Accept-Encoding", "gzip")
	again := get(t, h, "GET", "/", "Accept-Encoding", "gzip", "If-None-Match", first.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("%d, want 304", again.StatusCode)
	}
	if plain := get(t, h, "GET", "/", "If-None-Match", first.Header.Get("ETag")); plain.StatusCode != 200 {
		t.Errorf("plain form: %d, want 200: its bytes differ", plain.StatusCode)
	}
}

func TestOnlyReading(t *testing.T) {
	h := handler(built())
	if r := get(t, h, "POST", "/floor"); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", r.StatusCode)
	}
	if r := get(t, h, "HEAD", "/floor"); r.StatusCode != 200 || body(t, r) != "" {
		t.Errorf("HEAD: %d with a body", r.StatusCode)
	}
}

func TestPageNotBuilt(t *testing.T) {
	h := handler(fstest.MapFS{".keep": {}})
	r := get(t, h, "GET", "/")
	if got := body(t, r); r.StatusCode != 503 || !strings.Contains(got, "make web") {
		t.Errorf("%d %q: does not say how to build it", r.StatusCode, got)
	}
}

func TestEmbeddedHandlerAnswers(t *testing.T) {
	if r := get(t, Handler(), "GET", "/"); r.StatusCode != 200 && r.StatusCode != 503 {
		t.Errorf("%d", r.StatusCode)
	}
}

// The names of settings are the same on the page and in text.
func TestWord(t *testing.T) {
	for lang, want := range map[string]string{"es": "País", "it": "Paese", "en": "Country", "fr": ""} {
		if got := Word(lang, "plan.office.country"); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
}
