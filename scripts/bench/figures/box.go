package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// boxCore is where the box runs; the load keeps off it.
const boxCore = "0"

// pinned is a program on the box's core. Where the machine lets us it has
// real-time priority, so that other work of the machine is not measured with it.
func pinned(args ...string) *exec.Cmd {
	words := []string{"taskset", "-c", boxCore}
	if realTime {
		words = append(words, "chrt", "-r", "10")
	}
	words = append(words, args...)
	return exec.Command(words[0], words[1:]...)
}

var realTime = exec.Command("chrt", "-r", "10", "true").Run() == nil

// box is the program under load.
type box struct {
	cmd      *exec.Cmd
	http     string
	sip      string
	password string
	ready    time.Duration
	client   http.Client
}

// startBox runs the program on the load makers' office with its data in dir.
func startBox(dir string) (*box, error) {
	b := &box{}
	b.cmd = pinned("build/centralita", "run", "--board", "sim", "--data", filepath.Join(dir, "data"),
		"--http", "127.0.0.1:0", "--sip", "127.0.0.1:0", "--settings", "scripts/bench/office.yaml", "--sounds", "build/sounds")
	b.cmd.Stderr = os.Stderr
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := b.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		l := lines.Text()
		if rest, ok := strings.CutPrefix(l, "centralita owner password: "); ok {
			b.password, _, _ = strings.Cut(rest, " ")
		}
		if rest, ok := strings.CutPrefix(l, "centralita ready "); ok {
			b.ready = time.Since(began)
			for _, f := range strings.Fields(rest) {
				k, v, _ := strings.Cut(f, "=")
				switch k {
				case "http":
					b.http = "http://" + strings.Trim(strings.TrimPrefix(v, "http://"), "/")
				case "sip":
					b.sip = v
				}
			}
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return b, nil
		}
	}
	_ = b.cmd.Wait()
	return nil, fmt.Errorf("the box ended before it was ready")
}

func (b *box) stop() {
	_ = b.cmd.Process.Signal(syscall.SIGTERM)
	_ = b.cmd.Wait()
}

// signIn opens the owner's session of a new box.
func (b *box) signIn() error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	b.client = http.Client{Jar: jar, Timeout: 10 * time.Second}
	const lasting = "bench-password"
	for _, step := range []struct{ path, body string }{
		{"session", `{"user":"owner","password":"` + b.password + `"}`},
		{"session/password", `{"old":"` + b.password + `","new":"` + lasting + `"}`},
		{"session", `{"user":"owner","password":"` + lasting + `"}`},
	} {
		res, err := b.client.Post(b.http+"/api/v1/"+step.path, "application/json", strings.NewReader(step.body))
		if err != nil {
			return err
		}
		res.Body.Close()
		if res.StatusCode/100 != 2 {
			return fmt.Errorf("%s: %s", step.path, res.Status)
		}
	}
	return nil
}

// health is what of the box's counters is judged.
type health struct {
	Media struct {
		Ticks, Delayed, Skipped, Missing uint64
		HeardLost                        uint64 `json:"heard_lost"`
		TapLost                          uint64 `json:"tap_lost"`
		Refused                          uint64
		LongestUS                        int64 `json:"longest_us"`
	}
	Highway struct {
		Underruns, Overruns uint64
	}
}

func (b *box) health() (h health, err error) {
	res, err := b.client.Get(b.http + "/api/v1/health")
	if err != nil {
		return h, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return h, fmt.Errorf("health: %s", res.Status)
	}
	return h, json.NewDecoder(res.Body).Decode(&h)
}

// resident is the memory of the process in MB (proc(5): VmRSS in kB).
func (b *box) resident() float64 {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", b.cmd.Process.Pid))
	for l := range strings.Lines(string(raw)) {
		if f := strings.Fields(l); len(f) > 1 && f[0] == "VmRSS:" {
			kb, _ := strconv.ParseFloat(f[1], 64)
			return kb / 1024
		}
	}
	return 0
}

// cpu is the processor time the process has used (proc(5): utime and stime in
// hundredths of a second).
func (b *box) cpu() time.Duration {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", b.cmd.Process.Pid))
	_, rest, _ := strings.Cut(string(raw), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}
