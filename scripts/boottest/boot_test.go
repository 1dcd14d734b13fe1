package boottest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"centralita/scripts/machine"
)

// Bars of an appliance.
const (
	readyMost  = 12         // s from the first program until the box answers, by the guest's clock
	memoryMost = 160        // MB of the whole machine at rest
	bundleMost = 96_000_000 // bytes of the image as it is sent
)

// Waits are for a busy computer: ten times what an idle one takes.
const (
	bootWait    = 300 * time.Second
	commandWait = 60 * time.Second
)

// image is where make image-qemu leaves its work.
const image = "../../build/image"

// need leaves a test out with a sentence when it was not asked for, or cannot run.
func need(t *testing.T) {
	t.Helper()
	if os.Getenv("BOOT_TEST") == "" {
		t.Skip("the image is started by `make boot-test` alone")
	}
	if lack := machine.Missing(); lack != "" {
		t.Skip("no image can be started here: " + lack)
	}
}

// start starts a copy of a disk, ended and reported with the test.
func start(t *testing.T, o machine.Options) *machine.Machine {
	t.Helper()
	own := filepath.Join(t.TempDir(), "disk.img")
	if out, err := exec.Command("cp", "--sparse=always", o.Disk, own).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s (is it built? make image-qemu)", err, out)
	}
	folder, err := os.MkdirTemp("", "box")
	if err != nil {
		t.Fatal(err)
	}
	o.Disk, o.Folder = own, folder
	m, err := machine.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		m.Kill()
		if t.Failed() {
			t.Logf("the serial port said:\n%s", m.Serial.Said())
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	return m
}

func expect(t *testing.T, c *machine.Console, pattern string, limit time.Duration) []string {
	t.Helper()
	found, err := c.Expect(pattern, limit)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func run(t *testing.T, m *machine.Machine, command string) string {
	t.Helper()
	text, err := m.Lab.Run(command, commandWait)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestImage starts the image once and looks at everything that one start shows.
func TestImage(t *testing.T) {
	need(t)
	m := start(t, machine.Options{Disk: image + "/qemu/disk.img", Steady: true})
	expect(t, m.Serial, `slot A: order A B, tries left A 2 B 3`, bootWait)
	at := expect(t, m.Serial, `init at ([0-9.]+) s`, bootWait)
	password := expect(t, m.Serial, `owner password: (\S+) \(`, bootWait)[1]
	expect(t, m.Serial, `centralita ready http=\S+ sip=\S+`, bootWait)
	shell(t, m)
	up := run(t, m, "cut -d' ' -f1 /proc/uptime")
	took := seconds(t, up) - seconds(t, at[1])
	t.Logf("kernel until init %s s, from there until the ready line %.1f s of guest time", at[1], took)
	if took > readyMost {
		t.Errorf("the ready line came %.1f s after init, more than %d", took, readyMost)
	}
	if _, err := m.Serial.Ever(`confirmed at [0-9.]+ s: running=A .*A=3 B=3 trial=\n`, bootWait); err != nil {
		t.Error(err)
	}

	t.Run("page", func(t *testing.T) { page(t, m) })
	t.Run("sip", func(t *testing.T) { options(t, m.SIP) })
	t.Run("doors", func(t *testing.T) { doors(t, m) })
	t.Run("passwords", func(t *testing.T) { passwords(t, m, password) })
	t.Run("root", func(t *testing.T) { readOnly(t, m) })
	t.Run("memory", func(t *testing.T) { memory(t, m) })
	t.Run("size", size)
	t.Run("address", func(t *testing.T) { address(t, m) })
	t.Run("time", func(t *testing.T) { timeServer(t, m) })
	t.Run("kept", func(t *testing.T) { keptRunning(t, m) })
	t.Run("off", func(t *testing.T) { switchOff(t, m) })
}

func seconds(t *testing.T, text string) float64 {
	t.Helper()
	s, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// shell waits for the owner's shell.
func shell(t *testing.T, m *machine.Machine) {
	t.Helper()
	if err := m.Lab.Type("\n"); err != nil {
		t.Fatal(err)
	}
	expect(t, m.Lab, `lab# `, bootWait)
}

// page asks for the page through the forwarded port.
func page(t *testing.T, m *machine.Machine) {
	client := http.Client{Timeout: commandWait}
	res, err := client.Get("http://" + m.HTTP + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil || res.StatusCode != http.StatusOK || !bytes.Contains(text, []byte("<title>Centralita")) {
		t.Errorf("the page answers %d %v: %.200s", res.StatusCode, err, text)
	}
}

// options asks the box by SIP, as a provider would. By TCP: the machine's network is
// shut for UDP that comes out of it.
func options(t *testing.T, address string) {
	c, err := net.DialTimeout("tcp", address, commandWait)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	local := c.LocalAddr().String()
	ask := "OPTIONS sip:box SIP/2.0\r\nVia: SIP/2.0/TCP " + local + ";branch=z9hG4bK-boot;rport\r\nMax-Forwards: 70\r\n" +
		"From: <sip:test@" + local + ">;tag=1\r\nTo: <sip:box>\r\nCall-ID: boot@test\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
	if err := c.SetDeadline(time.Now().Add(commandWait)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte(ask)); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 4096)
	n, err := c.Read(answer)
	if err != nil || !bytes.HasPrefix(answer[:n], []byte("SIP/2.0 ")) {
		t.Errorf("OPTIONS is answered %.60s, %v", answer[:n], err)
	}
	t.Logf("OPTIONS: %.40q", answer[:n])
}

// doors holds what listens against the list in buildroot/README.md.
func doors(t *testing.T, m *machine.Machine) {
	text, err := os.ReadFile("../../buildroot/README.md")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, row := range regexp.MustCompile(`(?m)^\| (tcp|udp) \| (\d+) \| (any|loopback) \|`).FindAllStringSubmatch(string(text), -1) {
		told = append(told, row[1]+" "+row[2]+" "+row[3])
	}
	var found []string
	for _, line := range strings.Split(run(t, m, "netstat -lntu"), "\n") {
		f := strings.Fields(line)
		if len(f) < 4 || !strings.HasPrefix(f[0], "tcp") && !strings.HasPrefix(f[0], "udp") {
			continue
		}
		host, port, err := net.SplitHostPort(bracketed(f[3]))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		where := "any"
		if ip := net.ParseIP(host); ip.IsLoopback() {
			where = "loopback"
		}
		found = append(found, f[0][:3]+" "+port+" "+where)
	}
	slices.Sort(told)
	slices.Sort(found)
	told, found = slices.Compact(told), slices.Compact(found)
	if !slices.Equal(told, found) {
		t.Errorf("what listens is\n%q\nthe list in buildroot/README.md says\n%q", found, told)
	}
	if rules := run(t, m, "nft list chain inet box input"); !strings.Contains(rules, "policy drop") {
		t.Errorf("the packet filter lets in what is not named:\n%s", rules)
	}
}

// bracketed makes netstat's :::80 an address with a port.
func bracketed(s string) string {
	i := strings.LastIndexByte(s, ':')
	if strings.Contains(s[:i], ":") {
		return "[" + s[:i] + "]" + s[i:]
	}
	return s
}

// passwords looks for one that is the same in two boxes.
func passwords(t *testing.T, m *machine.Machine, own string) {
	for _, line := range strings.Split(run(t, m, "cat /etc/shadow"), "\n") {
		if f := strings.Split(line, ":"); len(f) < 2 || f[1] != "*" {
			t.Errorf("an account of the system can be entered: %q", line)
		}
	}
	if status := signIn(t, m, own); status/100 != 2 {
		t.Errorf("the password that was printed gives %d", status)
	}
	for _, word := range []string{"", "owner", "admin", "centralita", "root"} {
		if status := signIn(t, m, word); status/100 == 2 {
			t.Errorf("%q opens the page", word)
		}
	}
	if out := run(t, m, "ps -o user,comm | grep ' centralita$' | head -1"); !strings.HasPrefix(out, "central") {
		t.Errorf("the program runs as %q", out)
	}
}

func signIn(t *testing.T, m *machine.Machine, word string) int {
	t.Helper()
	body, err := json.Marshal(map[string]string{"user": "owner", "password": word})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), commandWait)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+m.HTTP+"/api/v1/session", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

func readOnly(t *testing.T, m *machine.Machine) {
	for _, f := range []string{"/usr/x", "/etc/x", "/bin/x"} {
		if _, err := m.Lab.Run("touch "+f+" 2>/dev/null", commandWait); err == nil {
			t.Errorf("%s can be written", f)
		}
	}
	mounts := run(t, m, "cat /proc/mounts")
	for _, want := range []string{` / squashfs ro`, ` /data ext4 rw,nosuid,nodev,noexec,noatime,`} {
		if !strings.Contains(mounts, want) {
			t.Errorf("no %q among the mounts:\n%s", want, mounts)
		}
	}
	if strings.Contains(mounts, "overlay") {
		t.Errorf("something is laid over the root:\n%s", mounts)
	}
	run(t, m, "test -c /dev/ttyGS0")
	run(t, m, "rauc status >/dev/null")
}

// memory is what the machine takes of the 512 MB that it was given, kernel included.
func memory(t *testing.T, m *machine.Machine) {
	var available int
	for _, line := range strings.Split(run(t, m, "cat /proc/meminfo"), "\n") {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "MemAvailable:" {
			available, _ = strconv.Atoi(f[1])
		}
	}
	used := 512 - available/1024
	t.Logf("memory of the whole machine at rest: %d MB", used)
	if available == 0 || used > memoryMost {
		t.Errorf("%d MB are in use, more than %d", used, memoryMost)
	}
}

func size(t *testing.T) {
	info, err := os.Stat(image + "/qemu/centralita-qemu.raucb")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the image as a bundle: %.1f MB", float64(info.Size())/1e6)
	if info.Size() > bundleMost {
		t.Errorf("the bundle has %d bytes, more than %d", info.Size(), bundleMost)
	}
}

// keptRunning kills the program and waits for the next one.
func keptRunning(t *testing.T, m *machine.Machine) {
	before := run(t, m, "cat /run/centralita.pid")
	run(t, m, "kill -9 "+before)
	expect(t, m.Serial, `centralita ready `, bootWait)
	if after := run(t, m, "cat /run/centralita.pid"); after == before {
		t.Errorf("the process is still %s", after)
	}
	page(t, m)
}

// switchOff asks as the program would, and looks that the data partition is left
// clean.
func switchOff(t *testing.T, m *machine.Machine) {
	if err := m.Lab.Type("su -s /bin/sh centralita -c 'echo poweroff >/run/centralita/hand'\n"); err != nil {
		t.Fatal(err)
	}
	if err := m.Wait(bootWait); err != nil {
		t.Error(err)
	}
	if strings.Contains(m.Serial.Said(), "umount: can't") {
		t.Error("the data partition was still in use")
	}
}
