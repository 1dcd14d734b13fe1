package e2e

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestAddress moves the box in a network of its own, with the image's script as the
// system's hand: to a fixed address, which lasts only when somebody keeps it there,
// and to one where nobody can, from which it comes back by itself.
func TestAddress(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("a network of its own needs root")
	}
	n := newOwnNetwork(t)
	w := newTerminal(t)
	defer func() { w.line.Close() }()
	office := filepath.Join(t.TempDir(), "office.yaml")
	if err := os.WriteFile(office, []byte(consoleOffice), 0o600); err != nil {
		t.Fatal(err)
	}
	wanted, pipe := hand(t, n)
	b := startBoxIn(t, []string{"ip", "netns", "exec", n.name}, office, "--rtp", "22500-22549", "--http", ":8480", "--sip", ":5480",
		"--console", w.name, "--network", wanted, "--hand", pipe)
	b.HTTP = n.theirs + ":8480"
	b.signIn()
	const there, nowhere = "10.213.77.20", "10.99.0.5"

	var settings struct {
		Tree map[string]any
	}
	b.must("GET", "/api/v1/settings", nil, &settings)
	settings.Tree["box"].(map[string]any)["network"] = map[string]any{"address": there + "/24", "gateway": n.ours, "host_name": "taller"}
	b.must("PUT", "/api/v1/settings/candidate", settings, nil)
	type onTrial struct {
		On, Moves bool
		Address   string
	}
	var done struct{ Trial onTrial }
	b.must("POST", "/api/v1/settings/commit", map[string]any{"note": "fija"}, &done)
	if done.Trial != (onTrial{true, true, there}) {
		t.Fatalf("a new address is not on trial: %+v", done)
	}
	if status, said := b.ask("POST", "/api/v1/settings/keep", map[string]any{}); status != http.StatusConflict || !strings.Contains(string(said), "keep-elsewhere") {
		t.Fatalf("kept from the old address: %d %s", status, said)
	}
	answers(t, there+":8480", true)
	answers(t, n.theirs+":8480", false)
	b.HTTP = there + ":8480"
	if status, _ := b.ask("POST", "/api/v1/settings/keep", map[string]any{}); status != http.StatusUnauthorized {
		t.Errorf("somebody who is not signed in there keeps it: %d", status)
	}
	b.signIn()
	b.must("POST", "/api/v1/settings/keep", map[string]any{}, nil)
	var now struct {
		Owned     bool
		Addresses []string
	}
	b.must("GET", "/api/v1/box/network", nil, &now)
	if !now.Owned || len(now.Addresses) != 1 || now.Addresses[0] != there {
		t.Errorf("%+v", now)
	}
	if text, err := os.ReadFile(wanted); err != nil || string(text) != "host taller\naddress "+there+"/24\ngateway "+n.ours+"\n" {
		t.Errorf("the system reads %q, %v", text, err)
	}

	w.expect(`Nombre: `, 5*time.Second)
	w.send("owner\r")
	w.expect(`Contraseña: `, 2*time.Second)
	w.send(b.Password + "\r")
	w.expect(`owner> `, 5*time.Second)
	w.send("show network\r")
	w.expect(there, 2*time.Second)
	w.send("configure\rset box network address " + nowhere + "/24\rset box network gateway 10.99.0.1\rcommit confirmed 6s\r")
	w.expect(`a prueba: `, 5*time.Second)
	answers(t, there+":8480", false)
	answers(t, there+":8480", true)
	b.signIn()
	var trial onTrial
	b.must("GET", "/api/v1/settings/trial", nil, &trial)
	if trial.On {
		t.Error("still on trial")
	}
}

// answers waits until a page can be reached at an address, or cannot.
func answers(t *testing.T, address string, want bool) {
	t.Helper()
	until(t, 15*time.Second, "the page at "+address, func() (any, bool) {
		c, err := net.DialTimeout("tcp", address, 300*time.Millisecond)
		if err == nil {
			c.Close()
		}
		return err, (err == nil) == want
	})
}

// hand is the system's: it waits at the pipe for the word and runs the image's script,
// with BusyBox as there, in the network's namespace.
func hand(t *testing.T, n *ownNetwork) (wanted, pipe string) {
	t.Helper()
	dir := t.TempDir()
	busybox := need(t, "busybox", "busybox")
	for _, applet := range []string{"sh", "ip", "hostname", "head", "cat", "start-stop-daemon", "rm"} {
		if err := os.Symlink(busybox, filepath.Join(dir, applet)); err != nil {
			t.Fatal(err)
		}
	}
	wanted, pipe = filepath.Join(dir, "wanted"), filepath.Join(dir, "hand")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "centralita"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "centralita", "filtered"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(root(t), "buildroot/board/common/rootfs-overlay/etc/init.d/S20network")
	loop := `exec 3<>"$PIPE"; while read -r word <&3; do case "$word" in network) sh "$SCRIPT" reload ;; esac; done`
	cmd := exec.Command("ip", "netns", "exec", n.name, "unshare", "-u", filepath.Join(dir, "sh"), "-c", loop)
	cmd.Env = []string{"PATH=" + dir + ":/usr/sbin:/usr/bin:/sbin:/bin", "RUN=" + dir, "WANTED=" + wanted, "SCRIPT=" + script, "PIPE=" + pipe}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	})
	return wanted, pipe
}
