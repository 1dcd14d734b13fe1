package boottest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"centralita/board/boardtest"
	"centralita/scripts/machine"
)

// boardTestMost is how long one test of the suite may take, in the guest's seconds: the
// longest waits for a minute of sound.
const boardTestMost = 240

// TestSuiteOnKernel runs the suite of every board in the machine, on the kernel's own
// SPI, GPIO, sound and LEDs. BOARD_TEST is a test's name, or "all".
func TestSuiteOnKernel(t *testing.T) {
	wanted := os.Getenv("BOARD_TEST")
	if wanted == "" {
		t.Skip("the suite of boards is run by `make boot-board-test` alone")
	}
	if lack := machine.Missing(); lack != "" {
		t.Skip("no image can be started here: " + lack)
	}
	m := start(t, machine.Options{Disk: image + "/qemu/disk.img", More: []string{suiteDisk(t)}, Alone: true})
	expect(t, m.Serial, `centralita ready http=\S+ sip=\S+`, 3*bootWait)
	shell(t, m)
	run(t, m, wide)
	run(t, m, "/etc/init.d/S90centralita stop; modprobe -a cuse uleds gpio-sim-box && modprobe snd-aloop pcm_substreams=1 && mount -t squashfs /dev/vdb /mnt")
	for _, name := range boardtest.Names() {
		if wanted != "all" && wanted != name {
			continue
		}
		t.Run(name, func(t *testing.T) {
			said, err := m.Lab.Run(fmt.Sprintf("GOMAXPROCS=4 timeout %d /mnt/kernelside.test -test.v -kernel -test.run 'TestKernel/^%s$'", boardTestMost, strings.ReplaceAll(name, " ", "_")), 5*bootWait)
			if err != nil || !strings.Contains(said, "--- PASS: TestKernel/") {
				t.Errorf("%v: %s", err, said)
			}
			for line := range strings.Lines(said) {
				if strings.Contains(line, "ready after") || strings.Contains(line, "---") {
					t.Log(strings.TrimSpace(line))
				}
			}
		})
	}
}

// suiteDisk is a disk with the suite's program for the machine.
func suiteDisk(t *testing.T) string {
	t.Helper()
	folder, disk := t.TempDir(), filepath.Join(t.TempDir(), "suite.img")
	build := exec.Command("go", "test", "-c", "-o", filepath.Join(folder, "kernelside.test"), "../../board/simboard/kernelside")
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm", "GOARM=7", "CGO_ENABLED=0")
	for _, c := range []*exec.Cmd{build, exec.Command("mksquashfs", folder, disk, "-quiet", "-no-progress")} {
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", c.Args, err, out)
		}
	}
	return disk
}
