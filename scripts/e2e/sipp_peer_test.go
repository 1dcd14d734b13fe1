package e2e

import (
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sipp is a maker or taker of SIP calls by a scenario.
type sipp struct {
	t    *testing.T
	name string
	dir  string
	cmd  *exec.Cmd
	done chan error
	out  strings.Builder
}

// startSipp runs a scenario of testdata until its calls are made or the test
// ends. Rows are the fields of its calls, one call after the other.
func startSipp(t *testing.T, scenario, target string, rows []string, args ...string) *sipp {
	t.Helper()
	s := &sipp{t: t, name: scenario, dir: t.TempDir(), done: make(chan error, 1)}
	program := need(t, "sipp", "sip-tester")
	all := []string{"-sf", filepath.Join(root(t), "scripts/e2e/testdata", scenario+".xml"),
		"-i", "127.0.0.1", "-mi", "127.0.0.1", "-t", "u1", "-nostdin", "-skip_rlimit",
		"-trace_err", "-error_file", "errors.log", "-trace_stat", "-stf", "stat.csv", "-fd", "1"}
	if rows != nil {
		s.write("rows.csv", []byte("SEQUENTIAL\n"+strings.Join(rows, "\n")+"\n"))
		all = append(all, "-inf", "rows.csv")
	}
	all = append(all, args...)
	s.cmd = exec.Command(program, append(all, target)...)
	s.cmd.Dir = s.dir
	s.cmd.Stdout, s.cmd.Stderr = nil, &s.out // its screen is drawn again and again
	return s
}

func (s *sipp) write(name string, raw []byte) {
	if err := os.WriteFile(filepath.Join(s.dir, name), raw, 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// start begins; the process ends with the test.
func (s *sipp) start() *sipp {
	s.t.Helper()
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() { s.done <- s.cmd.Wait() }()
	s.t.Cleanup(s.end)
	return s
}

func (s *sipp) end() {
	_ = s.cmd.Process.Kill()
	err := <-s.done
	s.done <- err
	if s.t.Failed() {
		good, bad := s.counts()
		s.t.Logf("sipp %s: %d calls good, %d failed\n%s\n%s", s.name, good, bad, &s.out, s.errors())
	}
}

// finish waits until all calls were made, and fails the test when one failed.
func (s *sipp) finish(limit time.Duration) {
	s.t.Helper()
	select {
	case err := <-s.done:
		s.done <- err
		good, bad := s.counts()
		s.t.Logf("sipp %s: %d calls good, %d failed", s.name, good, bad)
		if err != nil || bad != 0 {
			s.t.Fatalf("sipp %s: %v, %d of %d calls failed", s.name, err, bad, good+bad)
		}
	case <-time.After(limit):
		good, bad := s.counts()
		s.t.Fatalf("sipp %s: not over after %v, %d calls good, %d failed", s.name, limit, good, bad)
	}
}

// counts reads its statistics: calls that went by the scenario, and others.
func (s *sipp) counts() (good, bad int) {
	f, err := os.Open(filepath.Join(s.dir, "stat.csv"))
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = ';', -1, true
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 2 {
		return 0, 0
	}
	for i, name := range rows[0] {
		last := rows[len(rows)-1]
		if i >= len(last) {
			break
		}
		n, _ := strconv.Atoi(last[i])
		switch name {
		case "SuccessfulCall(C)":
			good = n
		case "FailedCall(C)":
			bad = n
		}
	}
	return good, bad
}

// errors is the beginning of what it complained of.
func (s *sipp) errors() string {
	raw, _ := os.ReadFile(filepath.Join(s.dir, "errors.log"))
	return string(raw[:min(len(raw), 4000)])
}

// status reads a size of a process in kB ("VmRSS"), or a number ("Threads").
func (b *box) status(field string) int {
	b.t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", b.cmd.Process.Pid))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, l := range strings.Split(string(raw), "\n") {
		if rest, ok := strings.CutPrefix(l, field+":"); ok {
			n, _ := strconv.Atoi(strings.Fields(rest)[0])
			return n
		}
	}
	b.t.Fatalf("no %s in the process's status", field)
	return 0
}

// files counts what the box holds open: files and sockets.
func (b *box) files() int {
	b.t.Helper()
	list, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", b.cmd.Process.Pid))
	if err != nil {
		b.t.Fatal(err)
	}
	return len(list)
}
