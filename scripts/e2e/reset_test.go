package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFactoryReset: nobody without the password resets the box; who has it finds a
// box that knows nothing of before, in the same process, and so does a finger that
// holds the button for ten seconds.
func TestFactoryReset(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/doctor.yaml", "--rtp", "27140-27159")
	b.signIn()
	kept := filepath.Join(b.data, "before", "something.txt")
	if err := os.MkdirAll(filepath.Dir(kept), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept, []byte("personal"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, raw := b.ask("POST", "/api/v1/box/reset", map[string]any{"password": "a guess"}); status != http.StatusUnprocessableEntity {
		t.Fatalf("with a wrong password: %d %s", status, raw)
	}
	if _, err := os.Stat(kept); err != nil {
		t.Fatal("a wrong password removed something")
	}
	b.must("POST", "/api/v1/box/reset", map[string]any{"password": b.Password}, nil)
	b.isNew(t, 2)
	if _, err := os.Stat(kept); !os.IsNotExist(err) {
		t.Errorf("after the reset %s is there: %v", kept, err)
	}
	if status, _ := b.ask("GET", "/api/v1/settings", nil); status != http.StatusUnauthorized {
		t.Errorf("the session of before: %d", status)
	}
	b.signIn() // with the new one-time password
	pressed := make(chan struct{})
	go func() { // the answer may come, or the box be gone before
		defer close(pressed)
		res, err := b.client.Post("http://"+b.HTTP+"/api/v1/board/button", "application/json", strings.NewReader(`{"button":"factory","held_ms":10500}`))
		if err == nil {
			_ = res.Body.Close()
		}
	}()
	<-pressed
	b.isNew(t, 3)
	if status, _ := b.ask("GET", "/api/v1/settings", nil); status != http.StatusUnauthorized {
		t.Errorf("the session before the button: %d", status)
	}
}

// isNew waits for the nth ready line of one process and for its one-time password.
func (b *box) isNew(t *testing.T, n int) {
	t.Helper()
	until(t, 20*time.Second, "a box as new", func() (any, bool) {
		said := b.said()
		for line := range strings.Lines(said) {
			if rest, ok := strings.CutPrefix(line, "centralita ready "); ok {
				for _, f := range strings.Fields(rest) {
					if a, ok := strings.CutPrefix(f, "http="); ok {
						b.HTTP = a
					}
				}
			}
		}
		return said, strings.Count(said, "centralita ready ") == n && strings.Count(said, "owner password: ") == n
	})
}
