package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// root is the project's folder.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// need finds a program that a check calls with.
func need(t *testing.T, name, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing: run `make needs` or install the Debian package %s", name, pkg)
	}
	return path
}

// box is the real program, running.
type box struct {
	t        *testing.T
	cmd      *exec.Cmd
	in, args []string
	data     string
	HTTP     string // host:port
	SIP      string
	Password string // of the owner
	client   *http.Client
	readyIn  time.Duration

	mu  sync.Mutex
	log bytes.Buffer
	end chan error
}

// startBox runs the program on a settings file of the project, or one with an
// absolute name, until the test ends.
func startBox(t *testing.T, settings string, extra ...string) *box {
	t.Helper()
	return startBoxIn(t, nil, settings, extra...)
}

// startBoxIn is startBox behind a program that runs another: "ip netns exec …".
func startBoxIn(t *testing.T, in []string, settings string, extra ...string) *box {
	t.Helper()
	b := &box{t: t, in: in, data: t.TempDir()}
	if !filepath.IsAbs(settings) {
		settings = filepath.Join(root(t), settings)
	}
	b.args = append([]string{"run", "--board", "sim", "--data", b.data, "--http", "127.0.0.1:0", "--sip", "127.0.0.1:0",
		"--settings", settings, "--sounds", filepath.Join(root(t), "build/sounds")}, extra...)
	t.Cleanup(func() {
		b.stop()
		if t.Failed() {
			b.mu.Lock()
			t.Logf("the box said:\n%s", b.log.String())
			b.mu.Unlock()
		}
	})
	b.start()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b.client = &http.Client{Jar: jar, Timeout: 20 * time.Second}
	return b
}

// start begins a run and waits for its ready line.
func (b *box) start() {
	b.t.Helper()
	line := slices.Concat(b.in, []string{filepath.Join(root(b.t), "build/centralita")}, b.args)
	b.cmd = exec.Command(line[0], line[1:]...)
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	b.cmd.Stderr = b
	began := time.Now()
	if err := b.cmd.Start(); err != nil {
		b.t.Fatalf("the program does not start (was it built by `make box`?): %v", err)
	}
	ready := make(chan string, 1)
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			l := lines.Text()
			fmt.Fprintln(b, l)
			if rest, ok := strings.CutPrefix(l, "centralita owner password: "); ok {
				b.Password, _, _ = strings.Cut(rest, " ")
			}
			if rest, ok := strings.CutPrefix(l, "centralita ready "); ok {
				select {
				case ready <- rest:
				default: // a later start of the same process; who waits for it reads the log
				}
			}
		}
	}()
	b.end = make(chan error, 1)
	go func() { <-read; b.end <- b.cmd.Wait() }()
	select {
	case line := <-ready:
		b.readyIn = time.Since(began)
		for _, f := range strings.Fields(line) {
			if a, ok := strings.CutPrefix(f, "http="); ok {
				b.HTTP = strings.TrimSuffix(strings.TrimPrefix(a, "http://"), "/")
			}
			if a, ok := strings.CutPrefix(f, "sip="); ok {
				b.SIP = a
			}
		}
	case err := <-b.end:
		b.end <- err
		b.t.Fatalf("the box ended before it was ready: %v\n%s", err, b.said())
	case <-time.After(20 * time.Second):
		b.t.Fatalf("the box was not ready in 20 s\n%s", b.said())
	}
}

// Write takes what the box prints.
func (b *box) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log.Write(p)
}

func (b *box) said() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log.String()
}

// stop ends the box in order and returns how long that took.
func (b *box) stop() time.Duration {
	if b.cmd == nil || b.cmd.Process == nil {
		return 0
	}
	began := time.Now()
	_ = b.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-b.end:
		b.end <- err
	case <-time.After(10 * time.Second):
		b.t.Errorf("the box did not end within 10 s of SIGTERM")
		b.kill()
	}
	return time.Since(began)
}

// kill is a power cut.
func (b *box) kill() {
	_ = b.cmd.Process.Kill()
	err := <-b.end
	b.end <- err
}

// signIn opens the owner's session, choosing the lasting password "e2e-password"
// the first time.
func (b *box) signIn() {
	b.t.Helper()
	const lasting = "e2e-password"
	if b.Password != lasting {
		b.must("POST", "/api/v1/session", map[string]any{"user": "owner", "password": b.Password}, nil)
		b.must("POST", "/api/v1/session/password", map[string]any{"old": b.Password, "new": lasting}, nil)
		b.Password = lasting
	}
	b.must("POST", "/api/v1/session", map[string]any{"user": "owner", "password": lasting}, nil)
}

// must asks the box and fails the test on anything but a 2xx answer.
func (b *box) must(method, path string, body, into any) {
	b.t.Helper()
	status, raw := b.ask(method, path, body)
	if status/100 != 2 {
		b.t.Fatalf("%s %s: %d %s", method, path, status, raw)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			b.t.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
}

func (b *box) ask(method, path string, body any) (int, []byte) {
	b.t.Helper()
	var send io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			b.t.Fatal(err)
		}
		send = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, "http://"+b.HTTP+path, send)
	if err != nil {
		b.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 64<<20))
	if err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, raw
}

// view reads a view's data.
func (b *box) view(path string, into any) {
	b.t.Helper()
	var answer struct{ Data json.RawMessage }
	b.must("GET", "/api/v1/"+path, nil, &answer)
	if err := json.Unmarshal(answer.Data, into); err != nil {
		b.t.Fatalf("%s: %v in %s", path, err, answer.Data)
	}
}

// until asks again and again whether something has come about, and fails the
// test with what was seen last when it does not within the limit.
func until(t *testing.T, limit time.Duration, what string, look func() (seen any, ok bool)) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for {
		seen, ok := look()
		if ok {
			return
		}
		if time.Now().After(deadline) {
			raw, _ := json.Marshal(seen)
			t.Fatalf("not within %v: %s; seen last: %s", limit, what, raw)
		}
		time.Sleep(20 * time.Millisecond) // polling a real program in real time
	}
}

// built fails early when the program was not built.
func TestMain(m *testing.M) {
	if _, err := os.Stat("../../build/centralita"); err != nil {
		fmt.Fprintln(os.Stderr, "e2e: build/centralita is missing: run `make e2e`, which builds it")
		os.Exit(1)
	}
	os.Exit(m.Run())
}
