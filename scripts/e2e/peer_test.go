package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestCallloadBesideAPeer has another SIP server stand in the same run as the box: both
// are given the same calls, and each figure has two columns.
func TestCallloadBesideAPeer(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "callload")
	build := exec.Command("go", "build", "-o", program, "./firmware/cmd/callload")
	build.Dir = root(t)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	at, pid := startKamailio(t)
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "28400-28499")
	run := exec.Command(program, "-server", b.SIP, "-peer", at, "-peer-pid", fmt.Sprint(pid), "-n", "5", "-t", "1", "-json", "calls", "storm")
	out, _ := run.Output() // it fails where a bar of speed is missed
	var said struct {
		Failed  []string
		Figures []struct {
			Mode, Name string
			Box, Peer  []float64
		}
	}
	if err := json.Unmarshal(out, &said); err != nil || len(said.Failed) > 0 {
		t.Fatalf("%v, not measured: %v\n%s", err, said.Failed, out)
	}
	beside := map[string][2]float64{}
	for _, f := range said.Figures {
		if len(f.Box) != 1 || len(f.Peer) != 1 {
			t.Errorf("%s, %s: box %v, peer %v", f.Mode, f.Name, f.Box, f.Peer)
			continue
		}
		beside[f.Name] = [2]float64{f.Box[0], f.Peer[0]}
	}
	for name, want := range map[string]float64{"telephones": 500, "loss, %": 0, "calls dropped": 0} {
		if got, ok := beside[name]; !ok || got != [2]float64{want, want} {
			t.Errorf("%s: %v, want %v of both", name, got, want)
		}
	}
	t.Logf("INVITE in to INVITE out p50, ms: %v; all registered after, s: %v", beside["INVITE in to INVITE out p50, ms"], beside["all registered after, s"])
	if _, ok := beside["resident, MB"]; ok {
		t.Error("the box's process was not said, and its memory is told")
	}
}

// startKamailio is a registrar and proxy of another make until the end of the test.
func startKamailio(t *testing.T) (at string, pid int) {
	t.Helper()
	program := "/usr/sbin/kamailio" // which few people have in their path
	if _, err := os.Stat(program); err != nil {
		program = need(t, "kamailio", "kamailio")
	}
	dir := t.TempDir()
	at = fmt.Sprintf("127.0.0.1:%d", freePort(t, "udp"))
	cmd := exec.Command(program, "-DD", "-E", "-n", "2", "-m", "32", "-M", "4", "-Y", dir, "-P", filepath.Join(dir, "pid"),
		"-l", "udp:"+at, "-f", filepath.Join(root(t), "scripts/bench/kamailio.cfg"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		ended := make(chan struct{})
		go func() { _ = cmd.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
	})
	c, err := net.Dial("udp", at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	until(t, 10*time.Second, "kamailio answers", func() (any, bool) {
		fmt.Fprintf(c, "REGISTER sip:%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK1\r\nFrom: <sip:x@y>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nMax-Forwards: 9\r\nContent-Length: 0\r\n\r\n", at, c.LocalAddr())
		_ = c.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		b := make([]byte, 2048)
		n, err := c.Read(b)
		return fmt.Sprint(err), err == nil && n > 12 && string(b[:11]) == "SIP/2.0 401"
	})
	return at, cmd.Process.Pid
}
