package e2e

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestSupportFile: what an owner sends to whoever helps tells of the box, and of
// nobody: no name, number or password of the plan is in it, not of a crash either.
func TestSupportFile(t *testing.T) {
	t.Parallel()
	const plan = "scripts/e2e/testdata/office.yaml"
	b := startBox(t, plan, "--rtp", "27180-27199")
	b.signIn()
	crash := filepath.Join(b.data, "crashes", "crash-20260101-000000.txt")
	if err := os.MkdirAll(filepath.Dir(crash), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(crash, []byte("panic: call of \"Pepe\" from 600123456 by sip:pepe@203.0.113.7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.must("POST", "/api/v1/board/button", map[string]any{"button": "factory", "held_ms": 100}, nil) // for the log
	until(t, 5*time.Second, "a line in the log", func() (any, bool) { return nil, strings.Contains(b.said(), "msg=button") })
	status, raw := b.ask("GET", "/api/v1/box/support", nil)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, raw)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	has := map[string]bool{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil || len(text) == 0 {
			t.Errorf("%s: %v, %d bytes", f.Name, err, len(text))
		}
		has[f.Name] = true
		all.Write(text)
	}
	for _, name := range []string{"about.json", "health.json", "alarms.json", "update.json", "settings.yaml", "log.txt", "crash-1.txt"} {
		if !has[name] {
			t.Errorf("%s is missing in %v", name, has)
		}
	}
	doc, err := os.ReadFile(filepath.Join(root(t), plan))
	if err != nil {
		t.Fatal(err)
	}
	personal := []string{"Pepe", "600123456", "203.0.113", b.Password}
	for _, m := range regexp.MustCompile(`(?m)\b(name|label|number|password|secret|extension): *"?([^",}\n#]+)`).FindAllStringSubmatch(string(doc), -1) {
		if v := strings.TrimSpace(m[2]); len(v) > 2 && !strings.HasPrefix(v, "fx") {
			personal = append(personal, v)
		}
	}
	if len(personal) < 10 {
		t.Fatalf("the plan has too little to be found: %v", personal)
	}
	for _, p := range personal {
		if regexp.MustCompile(`(^|[^\pL\pN])` + regexp.QuoteMeta(p) + `($|[^\pL\pN])`).MatchString(all.String()) {
			t.Errorf("%q is in the file for support", p)
		}
	}
}
