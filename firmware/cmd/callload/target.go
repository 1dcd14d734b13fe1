package main

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// target is a server under load.
type target struct {
	name string
	addr netip.AddrPort
	pid  int // 0: not known

	cmd  *exec.Cmd // of a box we started
	dir  string    // of its data
	data string
}

// realTime: with it other work of the machine is not measured with the server.
var realTime = exec.Command("chrt", "-r", "10", "true").Run() == nil

// startBox starts the program on a core of its own with new data.
func startBox(o *options) (*target, error) {
	dir, err := os.MkdirTemp("", "callload")
	if err != nil {
		return nil, err
	}
	t := &target{name: "box", dir: dir, data: filepath.Join(dir, "data")}
	args := []string{o.box, "run", "--board", "sim", "--data", t.data, "--http", "127.0.0.1:0", "--sip", "127.0.0.1:0",
		"--rtp", "10000-19999", "--settings", o.settings, "--sounds", o.sounds}
	if realTime {
		args = append([]string{"chrt", "-r", "10"}, args...)
	}
	if o.core != "" {
		args = append([]string{"taskset", "-c", o.core}, args...)
	}
	t.cmd = exec.Command(args[0], args[1:]...)
	t.cmd.Stderr = os.Stderr
	out, err := t.cmd.StdoutPipe()
	if err == nil {
		err = t.cmd.Start()
	}
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	t.pid = t.cmd.Process.Pid // taskset and chrt become the program
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		rest, ok := strings.CutPrefix(lines.Text(), "centralita ready ")
		if !ok {
			continue
		}
		for _, f := range strings.Fields(rest) {
			if v, ok := strings.CutPrefix(f, "sip="); ok {
				t.addr, err = netip.ParseAddrPort(v)
			}
		}
		go func() { _, _ = io.Copy(io.Discard, out) }()
		if err == nil && t.addr.IsValid() {
			return t, nil
		}
		break
	}
	t.stop()
	return nil, fmt.Errorf("the box ended before it was ready")
}

// other is a server that runs already.
func other(name, addr string, pid int) (*target, error) {
	at, err := netip.ParseAddrPort(addr)
	if err != nil {
		return nil, fmt.Errorf("%s: %q is not address:port", name, addr)
	}
	return &target{name: name, addr: at, pid: pid}, nil
}

// stop ends a box we started and forgets its data.
func (t *target) stop() {
	t.end()
	if t.dir != "" {
		os.RemoveAll(t.dir)
	}
}

// end ends the box and leaves its data.
func (t *target) end() {
	if t.cmd == nil {
		return
	}
	_ = t.cmd.Process.Signal(syscall.SIGTERM)
	patience := time.AfterFunc(20*time.Second, func() { _ = t.cmd.Process.Kill() })
	_ = t.cmd.Wait()
	patience.Stop()
	t.cmd = nil
}
