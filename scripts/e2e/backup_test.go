package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"centralita/scripts/bench/phones"
)

// TestBackup: a box is saved, another one becomes it, telephones and owner find in
// the second what they knew of the first; a wrong password and a file that was cut
// change nothing, and the second can be had back.
func TestBackup(t *testing.T) {
	t.Parallel()
	const word = "cuatro palabras al azar"
	first := startBox(t, "scripts/e2e/testdata/fax.yaml", "--rtp", "27100-27119")
	first.signIn()
	status, file := first.ask("POST", "/api/v1/box/backup", map[string]any{"password": word})
	if status != http.StatusOK || len(file) < 1000 || bytes.Contains(file, []byte("fax-201")) {
		t.Fatalf("backup: %d, %d bytes", status, len(file))
	}
	if status, raw := first.ask("POST", "/api/v1/box/backup", map[string]any{"password": "corta"}); status != http.StatusUnprocessableEntity {
		t.Errorf("a short password: %d %s", status, raw)
	}

	second := startBox(t, "scripts/e2e/testdata/doctor.yaml", "--rtp", "27120-27139")
	second.signIn()
	was := second.settings()
	for name, c := range map[string]struct {
		file []byte
		word string
		code string
	}{
		"wrong password": {file, word + "!", "backup-password"},
		"cut":            {file[:len(file)-20], word, "backup-damaged"},
		"settings":       {[]byte(was), word, "backup-foreign"},
	} {
		if status, raw := second.give("restore", c.file, c.word); status != http.StatusUnprocessableEntity || !strings.Contains(string(raw), c.code) {
			t.Errorf("%s: %d %s", name, status, raw)
		}
	}
	if now := second.settings(); now != was {
		t.Fatalf("refused files changed the settings:\n%s", now)
	}

	var sheet struct {
		Office  string
		Changes []struct{ Path string }
		Before  string
	}
	if status, raw := second.give("look", file, word); status != http.StatusOK || json.Unmarshal(raw, &sheet) != nil || len(sheet.Changes) == 0 {
		t.Fatalf("look: %d %s", status, raw)
	}
	if now := second.settings(); now != was {
		t.Fatal("a look changed the settings")
	}
	if status, raw := second.give("restore", file, word); status != http.StatusOK || json.Unmarshal(raw, &sheet) != nil || sheet.Before == "" {
		t.Fatalf("restore: %d %s", status, raw)
	}
	if status, _ := second.ask("GET", "/api/v1/settings/export", nil); status != http.StatusUnauthorized {
		t.Errorf("who was signed in before the restore still is: %d", status)
	}
	second.Password = first.Password
	second.signIn()
	if a, b := first.settings(), second.settings(); a != b {
		t.Errorf("the first has\n%s\nthe second\n%s", a, b)
	}
	second.registers(t, "201", "fax-201")

	// And back: the file of before is sealed with the same password.
	status, before := second.ask("GET", "/api/v1/box/backup/before/"+sheet.Before, nil)
	if status != http.StatusOK {
		t.Fatalf("before: %d %s", status, before)
	}
	if status, raw := second.give("restore", before, word); status != http.StatusOK {
		t.Fatalf("back: %d %s", status, raw)
	}
	second.signIn()
	if now := second.settings(); now != was {
		t.Errorf("back, it has\n%s\ninstead of\n%s", now, was)
	}
}

// settings are those in force, as text.
func (b *box) settings() string {
	b.t.Helper()
	status, raw := b.ask("GET", "/api/v1/settings/export", nil)
	if status != http.StatusOK {
		b.t.Fatalf("export: %d %s", status, raw)
	}
	return string(raw)
}

// give sends a backup to the box.
func (b *box) give(what string, file []byte, password string) (status int, answer []byte) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+b.HTTP+"/api/v1/box/backup/"+what, bytes.NewReader(file))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("Backup-Password", url.PathEscape(password))
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, answer
}

// registers fails the test unless a telephone may register.
func (b *box) registers(t *testing.T, extension, password string) {
	t.Helper()
	p, err := phones.New(b.SIP, extension, password)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := p.Register(ctx); err != nil {
		t.Errorf("telephone %s: %v", extension, err)
	}
}
