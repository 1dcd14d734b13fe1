package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// errorDisk is an ext4 of its own that a test can let find an error: the kernel then
// makes it read-only, as the box's data partition is mounted.
type errorDisk struct{ image, dir string }

func newErrorDisk(t *testing.T) *errorDisk {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("a disk of its own needs root")
	}
	d := &errorDisk{image: filepath.Join(t.TempDir(), "disk.img"), dir: t.TempDir()}
	if err := os.WriteFile(d.image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(d.image, 320<<20); err != nil {
		t.Fatal(err)
	}
	run(t, "mkfs.ext4", "-q", d.image)
	d.mount(t)
	t.Cleanup(func() { _ = syscall.Unmount(d.dir, syscall.MNT_DETACH) })
	return d
}

func (d *errorDisk) mount(t *testing.T) {
	t.Helper()
	if out, err := exec.Command("mount", "-o", "loop,errors=remount-ro,commit=5", d.image, d.dir).CombinedOutput(); err != nil {
		t.Skipf("no disk of its own: %v %s", err, out)
	}
}

// fail lets the kernel find an error.
func (d *errorDisk) fail(t *testing.T) {
	t.Helper()
	device := strings.TrimSpace(run(t, "findmnt", "-no", "SOURCE", d.dir))
	if err := os.WriteFile(filepath.Join("/sys/fs/ext4", filepath.Base(device), "trigger_fs_error"), []byte("test"), 0o200); err != nil {
		t.Skipf("this kernel lets no disk fail: %v", err)
	}
}

// restart does to the disk what a start of the machine does.
func (d *errorDisk) restart(t *testing.T) {
	t.Helper()
	if err := syscall.Unmount(d.dir, 0); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("e2fsck", "-p", d.image).CombinedOutput(); err != nil && exitOf(err) >= 4 {
		t.Fatalf("e2fsck: %v %s", err, out)
	}
	d.mount(t)
}

func exitOf(err error) int {
	if e, ok := err.(*exec.ExitError); ok {
		return e.ExitCode()
	}
	return -1
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v %s", name, err, out)
	}
	return string(out)
}

// TestReadOnlyDisk: when the kernel makes the disk read-only, the call under way and
// new ones go on, the alarm says what to do, nothing more is acknowledged, and what was
// is there after a restart.
func TestReadOnlyDisk(t *testing.T) {
	t.Parallel()
	disk := newErrorDisk(t)
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "26700-26799", "--data", filepath.Join(disk.dir, "data"))
	b.signIn()
	seen := newBook()
	follower := seen.follow(t, b, 0)
	caller, agent := phone(t, b, 1001), phone(t, b, 4001)
	c, err := caller.Call(t.Context(), "600")
	if err != nil {
		t.Fatal(err)
	}
	heard := func() int { return int(c.Sound.Heard().Packets) }
	until(t, 5*time.Second, "packets of the echo", func() (any, bool) { return heard(), heard() > 10 })
	b.must("POST", "/api/v1/acd/agent/away", map[string]any{"agent": agent.User, "reason": "lunch"}, nil)
	var known struct{ Journal struct{ Durable uint64 } }
	b.must("GET", "/api/v1/health", nil, &known)

	disk.fail(t)
	before := heard()
	b.answers(t)
	if a := b.raises("journal", 10*time.Second); a.Severity != "critical" || a.Text != "alarm.disk-read-only" {
		t.Errorf("the alarm is %+v", a)
	}
	status, raw := b.ask("POST", "/api/v1/acd/agent/ready", map[string]any{"agent": agent.User})
	if status != 503 {
		t.Errorf("a command was acknowledged on a disk that takes nothing: %d %s", status, raw)
	}
	b.answers(t)
	until(t, 5*time.Second, "the call under way going on", func() (any, bool) { return heard(), heard() > before+50 })
	if err := c.Hangup(t.Context()); err != nil {
		t.Error(err)
	}

	b.kill()
	follower.Wait()
	disk.restart(t)
	seen.check(t, known.Journal.Durable)
	b.start()
	b.signIn()
	seen.quiet(t, b)
	for _, a := range b.alarms() {
		if a.Key == "journal" || a.Key == "journal-damage" || a.Key == "disk" && a.Severity == "critical" {
			t.Errorf("after the restart there is the alarm %+v", a)
		}
	}
	b.answers(t)
	b.stop()
}
