package e2e

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestBrowser runs the checks of scripts/e2e/browser: the web console in real
// Chromium on a fresh box with the demo office.
func TestBrowser(t *testing.T) {
	b := startBox(t, "scripts/demo/office.yaml")
	shots := filepath.Join(root(t), "build/e2e/shots")
	if err := os.RemoveAll(shots); err != nil { // pictures of another run would mislead
		t.Fatal(err)
	}
	browse(t, b, "console.test.js", b.power)
}

// browse runs a file of checks in Chromium on a box; order carries out what they ask
// this process for.
func browse(t *testing.T, b *box, checks string, order func(want string) error) {
	t.Helper()
	chromium := need(t, "chromium", "chromium")
	node := need(t, "node", "nodejs")
	dir := filepath.Join(root(t), "scripts/e2e/browser")
	installNode(t, dir)
	began := time.Now()
	power := newPowerSwitch(t)
	cmd := exec.Command(node, "--test", "--test-reporter=spec", checks)
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "BOX_URL=http://"+b.HTTP, "BOX_PASSWORD="+b.Password, "BOX_CONTROL="+power.url,
		"BOX_SHOTS="+filepath.Join(root(t), "build/e2e/shots"), "CHROMIUM="+chromium, "FORCE_COLOR=0")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // where the test ends early
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case want := <-power.wants:
			power.done <- order(want)
		case err := <-ended:
			if err != nil {
				t.Errorf("the browser's checks: %v; pictures are in build/e2e/shots", err)
			}
			t.Logf("took %v", time.Since(began).Round(100*time.Millisecond))
			return
		}
	}
}

// installNode brings what the checks are made with, at the versions of the lock
// file, unless it is there.
func installNode(t *testing.T, dir string) {
	t.Helper()
	lock, err := os.Stat(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	if have, err := os.Stat(filepath.Join(dir, "node_modules/.package-lock.json")); err == nil && !have.ModTime().Before(lock.ModTime()) {
		return
	}
	cmd := exec.Command(need(t, "npm", "npm"), "ci", "--no-audit", "--no-fund", "--silent")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm ci in %s: %v\n%s", dir, err, out)
	}
}

// power cuts the box off, or starts it again with its data on its addresses.
func (b *box) power(want string) error {
	switch want {
	case "cut":
		b.kill()
	case "start":
		b.args = append(b.args, "--http", b.HTTP, "--sip", b.SIP)
		b.start()
	default:
		return fmt.Errorf("no such wish: %q", want)
	}
	return nil
}

// powerSwitch lets another process ask the running test to cut the box's power;
// the test's own goroutine does it, since only that one may fail.
type powerSwitch struct {
	url   string
	wants chan string
	done  chan error
}

func newPowerSwitch(t *testing.T) *powerSwitch {
	t.Helper()
	p := &powerSwitch{wants: make(chan string), done: make(chan error)}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.url = "http://" + l.Addr().String()
	srv := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case p.wants <- r.URL.Path[1:]:
		case <-r.Context().Done():
			return
		}
		if err := <-p.done; err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	return p
}
