package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// baresip is a softphone of another make. It speaks a file and keeps what it
// hears; the check presses its keys through its control socket.
type baresip struct {
	t    *testing.T
	dir  string
	cmd  *exec.Cmd
	done chan struct{}
	ctrl net.Conn

	mu     sync.Mutex
	log    strings.Builder
	events []baresipEvent
}

// baresipEvent is what the softphone tells of its calls.
type baresipEvent struct {
	Type    string
	PeerURI string
	Param   string
}

const baresipConfig = `poll_method epoll
sip_listen %[1]s
call_local_timeout 120
call_max_calls 4
audio_player aubridge,nobody
audio_source aufile,%[2]s/say.wav
audio_alert aubridge,bell
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
rtp_ports %[3]s
net_interface %[6]s
module_path %[4]s
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:%[5]d
snd_path %[2]s/heard
`

// startBaresip runs a softphone with an account ("<sip:201@host>;auth_pass=...") at
// an address ("127.0.0.1:0") that speaks say over and over, with more lines of its
// settings; it ends with the test.
func startBaresip(t *testing.T, account, listen, rtp string, say []float64, more ...string) *baresip {
	t.Helper()
	program := need(t, "baresip", "baresip-core")
	p := &baresip{t: t, dir: t.TempDir(), done: make(chan struct{})}
	var long []float64 // it plays a file but once
	for len(say) > 0 && len(long) < 120*8000 {
		long = append(long, say...)
	}
	writeWAV(t, filepath.Join(p.dir, "say.wav"), long)
	if err := os.Mkdir(filepath.Join(p.dir, "heard"), 0o755); err != nil {
		t.Fatal(err)
	}
	port := freePort(t, "tcp")
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		t.Fatal(err)
	}
	p.write("config", fmt.Sprintf(baresipConfig, listen, p.dir, rtp, baresipModules(t), port, host)+strings.Join(more, ""))
	p.write("accounts", account+"\n")
	p.cmd = exec.Command(program, "-f", p.dir)
	p.cmd.Stdout, p.cmd.Stderr = p, p
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.end)
	go func() { _ = p.cmd.Wait(); close(p.done) }()
	until(t, 10*time.Second, "baresip's control socket", func() (any, bool) {
		var err error
		p.ctrl, err = net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		return p.said(), err == nil
	})
	go p.listen()
	return p
}

func (p *baresip) write(name, text string) {
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func baresipModules(t *testing.T) string {
	for _, pattern := range []string{"/usr/lib/baresip/modules", "/usr/lib/*/baresip/modules", "/usr/local/lib/baresip/modules"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return found[0]
		}
	}
	t.Fatal("baresip's modules are not found: install the Debian package baresip-core")
	return ""
}

// freePort is a port of 127.0.0.1 that nobody holds now.
func freePort(t *testing.T, network string) int {
	t.Helper()
	if network == "udp" {
		c, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.LocalAddr().(*net.UDPAddr).Port
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// meter is what it draws several times a second while a call goes on.
var meter = regexp.MustCompile(`\[\d+:\d\d:\d\d\] audio=\d+/\d+ \(bit/s\) *\r?`)

// listen reads events: netstrings with JSON.
func (p *baresip) listen() {
	in := bufio.NewReader(p.ctrl)
	for {
		size, err := in.ReadString(':')
		if err != nil {
			return
		}
		n, err := strconv.Atoi(strings.TrimSuffix(size, ":"))
		if err != nil || n < 0 || n > 1<<20 {
			return
		}
		raw := make([]byte, n+1) // and the comma
		if _, err := io.ReadFull(in, raw); err != nil {
			return
		}
		var e baresipEvent
		if json.Unmarshal(raw[:n], &e) == nil && e.Type != "" {
			p.mu.Lock()
			p.events = append(p.events, e)
			p.mu.Unlock()
		}
	}
}

// press sends a command ("accept", "hangup", "dial 600").
func (p *baresip) press(command string) {
	p.t.Helper()
	name, params, _ := strings.Cut(command, " ")
	raw, err := json.Marshal(map[string]string{"command": name, "params": params})
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(p.ctrl, "%d:%s,", len(raw), raw); err != nil {
		p.t.Fatal(err)
	}
}

// await waits for the n-th event of a type.
func (p *baresip) await(limit time.Duration, kind string, n int) (e baresipEvent) {
	p.t.Helper()
	until(p.t, limit, fmt.Sprintf("baresip: %s number %d", kind, n), func() (any, bool) {
		p.mu.Lock()
		defer p.mu.Unlock()
		left := n
		for _, e = range p.events {
			if e.Type == kind {
				left--
			}
			if left == 0 {
				return e, true
			}
		}
		return p.events, false
	})
	return e
}

// heard reads what it heard in its last call, once that is over.
func (p *baresip) heard() []float64 {
	p.t.Helper()
	files, err := filepath.Glob(filepath.Join(p.dir, "heard", "*-dec.wav"))
	if err != nil || len(files) == 0 {
		p.t.Fatalf("baresip kept no sound: %v", err)
	}
	return readWAV(p.t, files[len(files)-1])[0]
}

// Write takes what it prints.
func (p *baresip) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

func (p *baresip) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

func (p *baresip) end() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	select {
	case <-p.done:
	case <-time.After(5 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
	if p.ctrl != nil {
		_ = p.ctrl.Close()
	}
	if p.t.Failed() {
		said := meter.ReplaceAllString(p.said(), "")
		p.t.Logf("baresip said:\n%s\nand told: %+v", said, p.events)
	}
}
