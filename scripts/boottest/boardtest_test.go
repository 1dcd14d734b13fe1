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

// suiteToMemory takes the suite's program off its disk. Were its pages read from there
// when they are needed, its threads would stand for as long as that takes this computer,
// and the clock of a guest that waits goes on at once: a second of sound and more is lost.
// What it says is kept in memory for the same reason.
const suiteToMemory = "mount -t squashfs /dev/vdb /mnt && cp /mnt/kernelside.test /run && umount /mnt"

// TestSuiteOnKernel runs the suite of every board in the machine, on the kernel's own
// SPI, GPIO, sound and LEDs. BOARD_TEST is a test's name, TestCollector, or "all".
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
	run(t, m, "/etc/init.d/S90centralita stop; modprobe -a cuse uleds gpio-sim-box && modprobe snd-aloop pcm_substreams=1 && "+suiteToMemory)
	if wanted == "all" || wanted == collector {
		t.Run(collector, func(t *testing.T) { suite(t, m, collector) })
	}
	for _, name := range boardtest.Names() {
		if wanted == "all" || wanted == name {
			t.Run(name, func(t *testing.T) { suite(t, m, "TestKernel/"+strings.ReplaceAll(name, " ", "_")) })
		}
	}
}

// collector is a test of the machine and not of the board: whether the threads of sound
// get their turns.
const collector = "TestCollector"

// suiteRuns is how the suite's program runs: with places for sound and both buses, and
// without a collector unless memory runs short. Its far end has to be a crystal, which
// none keeps; a late one moves the whole town by some frames.
const suiteRuns = "GOMAXPROCS=4 GOGC=off GOMEMLIMIT=200MiB"

// suite runs one test in the machine.
func suite(t *testing.T, m *machine.Machine, name string) {
	t.Helper()
	pattern := "^" + strings.ReplaceAll(name, "/", "$/^") + "$"
	said, err := m.Lab.Run(fmt.Sprintf("%s timeout %d /run/kernelside.test -test.v -kernel -test.run '%s' >/run/said 2>&1; r=$?; cat /run/said; (exit $r)",
		suiteRuns, boardTestMost, pattern), 5*bootWait)
	if err != nil || !strings.Contains(said, "--- PASS: "+name+" ") {
		t.Errorf("%v: %s", err, said)
		return
	}
	for line := range strings.Lines(said) {
		if !strings.HasPrefix(line, "===") {
			t.Log(strings.TrimSpace(line))
		}
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
