package e2e

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// linphone is the command-line softphone of that name, given nothing but the place of
// its settings.
type linphone struct {
	t    *testing.T
	dir  string
	keys io.WriteCloser
	done chan struct{}

	mu  sync.Mutex
	log strings.Builder
}

func startLinphone(t *testing.T, place string) *linphone {
	t.Helper()
	return runLinphone(t, "[misc]\nconfig-uri="+place+"\n")
}

// signedLinphone is one that has its account already.
func signedLinphone(t *testing.T, server, user, password string) *linphone {
	t.Helper()
	return runLinphone(t, fmt.Sprintf("[proxy_0]\nreg_proxy=<sip:%[1]s>\nreg_identity=sip:%[2]s@%[1]s\nreg_expires=60\nreg_sendregister=1\n"+
		"[auth_info_0]\nusername=%[2]s\npasswd=%[3]s\n", server, user, password))
}

func runLinphone(t *testing.T, more string) *linphone {
	t.Helper()
	program := need(t, "linphonec", "linphone-cli")
	p := &linphone{t: t, dir: t.TempDir(), done: make(chan struct{})}
	// Without this folder it opens no port.
	if err := os.MkdirAll(filepath.Join(p.dir, ".local/share/linphone"), 0o755); err != nil {
		t.Fatal(err)
	}
	rc := fmt.Sprintf("[sip]\nsip_port=%d\nsip_tcp_port=-1\nsip_tls_port=-1\nuse_ipv6=0\ndefault_proxy=0\n[rtp]\naudio_rtp_port=%d\n%s", freePort(t, "udp"), freePort(t, "udp"), more)
	if err := os.WriteFile(filepath.Join(p.dir, "rc"), []byte(rc), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-c", filepath.Join(p.dir, "rc"), "-d", "0", "-l", filepath.Join(p.dir, "log"))
	cmd.Env = append(os.Environ(), "HOME="+p.dir)
	cmd.Stdout, cmd.Stderr = p, p
	var err error
	if p.keys, err = cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = cmd.Wait(); close(p.done) }()
	t.Cleanup(func() {
		p.press("quit")
		select {
		case <-p.done:
		case <-time.After(5 * time.Second):
			_ = cmd.Process.Kill()
			<-p.done
		}
		if t.Failed() {
			t.Logf("linphone said:\n%s", p.said())
		}
	})
	return p
}

// press types a command.
func (p *linphone) press(command string) {
	_, _ = fmt.Fprintln(p.keys, command) // it has ended: said by what does not happen
}

// Write takes what it prints.
func (p *linphone) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

func (p *linphone) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}
