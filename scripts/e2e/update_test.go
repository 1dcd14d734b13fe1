package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// updateState is what the page shows of an update.
type updateState struct {
	Offered     bool
	Phase       string
	Board, Slot string
	LastText    string `json:"last_text"`
	Last        *struct{ Version, Result string }
	Bundle      *struct{ Version string }
	Sticks      []string
}

func (b *box) update() (s updateState) {
	b.t.Helper()
	b.must("GET", "/api/v1/box/update", nil, &s)
	return s
}

// TestUpdate: the owner brings a bundle, what is none is refused, the box asks for a
// new start when nobody talks, and says afterwards how it went. What writes slots is
// played by a script; the real one is met where an image starts.
func TestUpdate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stick := t.TempDir()
	hand := filepath.Join(dir, "hand")
	pipe := openHand(t, hand)
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bundle := func(board string) string {
		return `{"compatible":"centralita-` + board + `","version":"9.1.0","description":"oldest 9.0"}`
	}
	write("says", "!signature verification failed: Verify error: self-signed certificate")
	scripted := []string{"env", "RAUC_TEST=" + dir, "PATH=" + filepath.Join(root(t), "firmware/update/testdata") + ":" + os.Getenv("PATH")}
	b := startBoxIn(t, scripted, "scripts/e2e/testdata/doctor.yaml", "--rtp", "27160-27179", "--hand", hand, "--usb", stick)
	b.signIn()
	until(t, 10*time.Second, "an installer", func() (any, bool) { s := b.update(); return s, s.Offered })

	if status, raw := b.bundle("a bundle of somebody else"); status != http.StatusUnprocessableEntity || !strings.Contains(string(raw), "update-signature") {
		t.Errorf("signed by a stranger: %d %s", status, raw)
	}
	write("says", bundle("rev1"))
	if status, raw := b.bundle("another board's"); status != http.StatusUnprocessableEntity || !strings.Contains(string(raw), "update-board") {
		t.Errorf("of another board: %d %s", status, raw)
	}
	write("says", bundle("qemu"))
	if status, raw := b.bundle(strings.Repeat("bundle ", 100_000)); status != http.StatusOK || !strings.Contains(string(raw), `"phase":"checked"`) {
		t.Fatalf("a good one: %d %s", status, raw)
	}
	b.must("POST", "/api/v1/box/update/install", map[string]any{}, nil)
	asked := make([]byte, 100)
	if err := pipe.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Logf("the pipe waits without end: %v", err)
	}
	n, err := pipe.Read(asked)
	if err != nil || string(asked[:n]) != "reboot\n" {
		t.Fatalf("the system was asked for %q, %v", asked[:n], err)
	}

	// The machine starts the other slot.
	b.stop()
	write("slot", "B")
	b.start()
	b.signIn()
	s := b.update()
	until(t, 20*time.Second, "a version that is good", func() (any, bool) { s = b.update(); return s, s.Last != nil })
	if s.Last.Result != "good" || s.Last.Version != "9.1.0" || !strings.Contains(s.LastText, "9.1.0") || s.Slot != "B" || s.Phase != "idle" {
		t.Errorf("%+v %+v", s, s.Last)
	}
	did, err := os.ReadFile(filepath.Join(dir, "did"))
	if err != nil || !bytes.Contains(did, []byte("status mark-good booted")) {
		t.Errorf("it was not called good: %s %v", did, err)
	}

	// An older one, from the stick, is refused: what the box keeps now is not for it.
	write("says", strings.Replace(bundle("qemu"), "9.1.0", "8.9", 1))
	if err := os.WriteFile(filepath.Join(stick, "old.raucb"), []byte("bundle"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.must("POST", "/api/v1/box/update/stick", map[string]any{"name": "old.raucb"}, nil)
	until(t, 10*time.Second, "a refusal", func() (any, bool) {
		_, raw := b.ask("GET", "/api/v1/box/update", nil)
		return string(raw), strings.Contains(string(raw), `"code":"older"`) && strings.Contains(string(raw), "9.0")
	})
}

// bundle sends a file to be installed.
func (b *box) bundle(text string) (status int, answer []byte) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPut, "http://"+b.HTTP+"/api/v1/box/update", strings.NewReader(text))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	if answer, err = io.ReadAll(io.LimitReader(res.Body, 1<<20)); err != nil || !json.Valid(answer) {
		b.t.Fatalf("%q %v", answer, err)
	}
	return res.StatusCode, answer
}

// openHand makes the pipe in which the program asks the system's hand for errands, and
// opens it as a reader that never ends.
func openHand(t *testing.T, name string) *os.File {
	t.Helper()
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	pipe, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pipe.Close() })
	return pipe
}
