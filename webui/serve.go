package webui

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// policy lets the page load only what the box itself serves. Recordings play from
// the box, the bench's listening from memory.
const policy = "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// notBuilt is shown by a binary that was made without the page.
const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Centralita</title>
<link rel="icon" href="data:,">
<h1>The page is not built</h1>
<p>This program was made without its web console. Run <code>make web</code> and build it again.
The telephones, the serial console and the API work without it.</p>`

// site serves one folder of built files.
type site struct {
	files map[string]file
}

// file is one built file with its precompressed forms, nil where there is none.
type file struct {
	kind, etag    string
	plain, gz, br []byte
}

func handler(built fs.FS) http.Handler {
	s := &site{files: map[string]file{}}
	// Walking an embedded folder cannot fail; a folder that does leaves the page out.
	_ = fs.WalkDir(built, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		if ext := path.Ext(name); ext != ".gz" && ext != ".br" {
			s.files[name] = load(built, name)
		}
		return nil
	})
	return s
}

func load(built fs.FS, name string) file {
	read := func(name string) []byte { b, _ := fs.ReadFile(built, name); return b }
	f := file{plain: read(name), gz: read(name + ".gz"), br: read(name + ".br")}
	sum := sha256.Sum256(f.plain)
	f.etag = hex.EncodeToString(sum[:8])
	f.kind = mime.TypeByExtension(path.Ext(name))
	if f.kind == "" {
		f.kind = "application/octet-stream"
	}
	return f
}

// ServeHTTP gives a built file, or the page for every path that names a view of
// it ("/calls/17"); a missing file is 404 so that a stale page notices.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	f, found := s.files[name]
	switch {
	case found && strings.HasPrefix(name, "assets/"): // named by content
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	case found:
		w.Header().Set("Cache-Control", "no-cache")
	case path.Ext(name) != "" || strings.HasPrefix(name, "assets/"):
		http.NotFound(w, r)
		return
	default:
		if f, found = s.files["index.html"]; !found {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Cache-Control", "no-store")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(notBuilt))
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
	}
	f.send(w, r)
}

func (f file) send(w http.ResponseWriter, r *http.Request) {
	body, etag := f.plain, f.etag
	h := w.Header()
	switch accepts := r.Header.Get("Accept-Encoding"); {
	case f.br != nil && offers(accepts, "br"):
		body, etag = f.br, etag+"-br"
		h.Set("Content-Encoding", "br")
	case f.gz != nil && offers(accepts, "gzip"):
		body, etag = f.gz, etag+"-gz"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Type", f.kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+etag+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy", policy)
	if match := r.Header.Get("If-None-Match"); strings.Contains(match, `"`+etag+`"`) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the browser left: nothing to do
	}
}

// offers reports whether an Accept-Encoding header allows an encoding: named, and
// not by ";q=0" refused.
func offers(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == encoding {
			weight = strings.ReplaceAll(weight, " ", "")
			return weight != "q=0" && weight != "q=0.0" && weight != "q=0.00" && weight != "q=0.000"
		}
	}
	return false
}
