// Package machine starts the box's image in QEMU's ARM machine for tests: the serial
// port and a shell of its owner as lines to speak with, the page and SIP on ports of
// the loopback. scripts/boottest and others that need a kernel below the program use
// it. The machine ends with the test that started it, and reaches no network.
package machine

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Options say what is started.
type Options struct {
	Disk    string   // image, written to
	More    []string // further images, read only: the second is /dev/vdb
	Board   string   // board asked for, "" the image's own
	Memory  int      // MB, 0 for 512
	Steady  bool     // the guest's clock counts instructions, 500 million a second: this computer's load does not show in it
	Cable   bool     // the far end of the box's USB cable leads out of the machine
	Alone   bool     // as Steady, and where the guest waits its clock goes on at once: no time of this computer gets in, but a wait for the disk is long
	Patient bool     // as Steady, with 1000 million a second: a busy computer makes the machine slow, and not late
	Extra   []string // further arguments of QEMU
	Folder  string   // for sockets; short, for their names are bounded
}

// Machine is a running one.
type Machine struct {
	Serial  *Console // the serial port
	Lab     *Console // a shell as root, once the box is up
	HTTP    string   // host:port of the page
	HTTPS   string
	SIP     string // TCP; QEMU lets no UDP out of a network that is shut
	Cable   string // socket of a terminal at the USB cable, "" none was asked for
	monitor string // socket of QEMU's own console
	Town    string // of the board "qemu": where its town is told what to do
	cmd     *exec.Cmd
	end     chan error
}

// Firmware is U-Boot for this machine (Debian's u-boot-qemu).
const Firmware = "/usr/lib/u-boot/qemu_arm/u-boot.bin"

// Missing says what this computer lacks to start one, "" nothing.
func Missing() string {
	if _, err := exec.LookPath("qemu-system-arm"); err != nil {
		return "qemu-system-arm is not installed (Debian: qemu-system-arm)"
	}
	if _, err := os.Stat(Firmware); err != nil {
		return "U-Boot for it is not installed (Debian: u-boot-qemu)"
	}
	return ""
}

// Start starts a machine; Stop or Kill ends it.
func Start(o Options) (*Machine, error) {
	ports, err := free(4)
	if err != nil {
		return nil, err
	}
	m := &Machine{HTTP: ports[0], HTTPS: ports[1], SIP: ports[2], Town: ports[3], monitor: filepath.Join(o.Folder, "monitor"), end: make(chan error, 1)}
	serial, lab := filepath.Join(o.Folder, "serial"), filepath.Join(o.Folder, "lab")
	for _, s := range []string{serial, lab, m.monitor} {
		if err := os.Remove(s); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	if o.Cable {
		m.Cable = filepath.Join(o.Folder, "cable")
	}
	m.cmd = exec.Command("qemu-system-arm", m.arguments(o, serial, lab)...)
	m.cmd.Stderr = os.Stderr
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := m.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { m.end <- m.cmd.Wait() }()
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, m.cmd.Process.Pid, 10) // a courtesy to others here
	if m.Serial, err = dial(serial, dialPatience); err == nil {
		m.Lab, err = dial(lab, dialPatience)
	}
	if err != nil {
		m.Kill()
		return nil, fmt.Errorf("machine: %w", err)
	}
	return m, nil
}

// Terminal joins the far end of the USB cable; one at a time can.
func (m *Machine) Terminal() (*Console, error) { return dial(m.Cable, dialPatience) }

// dialPatience is for QEMU to make its sockets.
const dialPatience = 10 * time.Second

func (m *Machine) arguments(o Options, serial, lab string) []string {
	if o.Memory == 0 {
		o.Memory = 512
	}
	ports := []string{"user", "id=lan", "restrict=on", "ipv6=off", "hostfwd=tcp:" + m.HTTP + "-:80", "hostfwd=tcp:" + m.HTTPS + "-:443",
		"hostfwd=tcp:" + m.SIP + "-:5060", "hostfwd=tcp:" + m.Town + "-:9900"}
	args := []string{"-M", "virt,highmem=off", "-cpu", "cortex-a7", "-smp", "1", "-m", strconv.Itoa(o.Memory),
		"-nodefaults", "-no-user-config", "-display", "none", "-monitor", "unix:" + m.monitor + ",server=on,wait=off", "-bios", Firmware,
		"-chardev", "socket,id=serial,path=" + serial + ",server=on,wait=on", "-serial", "chardev:serial",
		"-netdev", strings.Join(ports, ","), "-device", "virtio-net-pci,netdev=lan,romfile=", "-device", "virtio-rng-pci",
		"-device", "virtio-serial-pci", "-chardev", "socket,id=lab,path=" + lab + ",server=on,wait=on", "-device", "virtconsole,chardev=lab"}
	for i, disk := range append([]string{o.Disk}, o.More...) {
		drive := fmt.Sprintf("file=%s,if=none,id=disk%d,format=raw", disk, i)
		if i > 0 {
			drive += ",readonly=on"
		}
		args = append(args, "-drive", drive, "-device", fmt.Sprintf("virtio-blk-pci,drive=disk%d", i))
	}
	if o.Steady || o.Alone || o.Patient {
		shift, sleep := "1", "on"
		if o.Patient {
			shift = "0"
		}
		if o.Alone {
			sleep = "off"
		}
		args = append(args, "-icount", "shift="+shift+",sleep="+sleep, "-rtc", "clock=vm")
	}
	if o.Board != "" {
		args = append(args, "-device", "virtserialport,name=centralita.board="+o.Board)
	}
	if m.Cable != "" {
		args = append(args, "-chardev", "socket,id=cable,path="+m.Cable+",server=on,wait=off", "-device", "virtserialport,name=centralita.cable,chardev=cable")
	}
	return append(args, o.Extra...)
}

// free finds ports of the loopback that nobody has.
func free(n int) ([]string, error) {
	var list []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		list = append(list, l.Addr().String())
	}
	return list, nil
}

// Written is how many bytes the machine has written, to its disk for the most part.
// It is for the progress of what writes much: 0 once it has ended.
func (m *Machine) Written() int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", m.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if n, ok := strings.CutPrefix(line, "wchar: "); ok {
			bytes, _ := strconv.ParseInt(strings.TrimSpace(n), 10, 64)
			return bytes
		}
	}
	return 0
}

// Worked is the processor time that the machine took of this computer: how far a guest
// has come, whatever else this computer does. 0 once it has ended.
func (m *Machine) Worked() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", m.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	// Behind the program's name in brackets: user and system time, in hundredths (proc(5)).
	_, rest, _ := strings.Cut(string(text), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// Kill is a power cut. It may be called again.
func (m *Machine) Kill() {
	_ = m.cmd.Process.Kill() // it may have ended by itself
	err := <-m.end
	m.end <- err
	for _, c := range []*Console{m.Serial, m.Lab} {
		if c != nil {
			_ = c.conn.Close()
		}
	}
}

// Wait waits until the machine has switched itself off.
func (m *Machine) Wait(limit time.Duration) error {
	select {
	case err := <-m.end:
		m.end <- err
		return err
	case <-time.After(limit):
		return fmt.Errorf("machine: still running after %v", limit)
	}
}
