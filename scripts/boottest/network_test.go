package boottest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNetworkScript runs the box's script in a network of its own, with BusyBox as the
// box has it: a fixed address, its going back to DHCP, and a file that no program of
// ours has written.
func TestNetworkScript(t *testing.T) {
	dir := t.TempDir()
	busybox, err := exec.LookPath("busybox")
	if err != nil || exec.Command("unshare", "-nmu", "true").Run() != nil {
		t.Skip("busybox, or the right to make a network, is not there")
	}
	for _, applet := range []string{"sh", "ip", "hostname", "head", "cat", "start-stop-daemon", "rm"} {
		if err := os.Symlink(busybox, filepath.Join(dir, applet)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "centralita"), 0o700); err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs("../../buildroot/board/common/rootfs-overlay/etc/init.d/S20network")
	if err != nil {
		t.Fatal(err)
	}
	steps := `
say() { echo "== $1"; hostname; ip -4 addr show dev eth0 | grep inet; ip route; cat $RUN/resolv.conf; sed 's/^/asks /' $RUN/ntp.wanted; }
printf 'host centralita-2\naddress 192.0.2.10/24\ngateway 192.0.2.1\ndns 192.0.2.53\ndns 9.9.9.9\nntp ntp.Office.lan\nntp 192.0.2.5\n' >$WANTED
mount -t sysfs none /sys
/usr/sbin/ip link add eth0 type veth peer name far
/usr/sbin/ip link set far up
sh $SCRIPT start; say no-filter
: >$RUN/centralita/filtered
sh $SCRIPT start; say fixed
printf 'host centralita-2\naddress 192.0.2.10/24\ngateway 192.0.2.1\ndns 192.0.2.53\ndns 9.9.9.9\nntp 192.0.2.6\n' >$WANTED
ip route replace 198.51.100.0/24 via 192.0.2.2 # goes with the address, if that goes
sh $SCRIPT reload; say same
printf 'host centralita-3\naddress 192.0.2.11/24\ngateway 192.0.2.1\n' >$WANTED
sh $SCRIPT reload; say moved
printf 'host -F/etc/shadow\nhost a;reboot\naddress 192.0.2.12/24 dev lo\ngateway $(id)\ndns 9.9.9.9;x\nntp -x\nntp a;b\nntp a b\n' >$WANTED
sh $SCRIPT restart; say hostile
printf 'address 999.0.2.12/24\n' >$WANTED
sh $SCRIPT restart; say impossible
: >$WANTED
sh $SCRIPT restart; say dhcp
`
	cmd := exec.Command("unshare", "-nmu", filepath.Join(dir, "sh"), "-c", steps)
	cmd.Env = []string{"PATH=" + dir + ":/usr/bin:/bin", "RUN=" + dir, "WANTED=" + filepath.Join(dir, "wanted"), "SCRIPT=" + script}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	said := map[string]string{}
	for _, part := range strings.Split(string(out), "== ")[1:] {
		name, text, _ := strings.Cut(part, "\n")
		said[name] = text
	}
	for name, want := range map[string][]string{
		"fixed":      {"centralita-2\n", "inet 192.0.2.10/24 brd 192.0.2.255", "default via 192.0.2.1 ", "nameserver 192.0.2.53\nnameserver 9.9.9.9\n", "asks ntp.Office.lan\nasks 192.0.2.5\n"},
		"same":       {"inet 192.0.2.10/24 ", "198.51.100.0/24 ", "nameserver 9.9.9.9\n", "asks 192.0.2.6\n"},
		"moved":      {"centralita-3\n", "inet 192.0.2.11/24", "default via 192.0.2.1 "},
		"no-filter":  {"centralita-2\n"},
		"hostile":    {},
		"impossible": {},
		"dhcp":       {},
	} {
		for _, w := range want {
			if !strings.Contains(said[name], w) {
				t.Errorf("%s: no %q in\n%s", name, w, said[name])
			}
		}
	}
	for _, name := range []string{"no-filter", "hostile", "impossible", "dhcp"} {
		if strings.Contains(said[name], "inet ") || strings.Contains(said[name], "default") || strings.Contains(said[name], "nameserver") {
			t.Errorf("%s: the box has an address:\n%s", name, said[name])
		}
	}
	if strings.Contains(said["hostile"], "asks") || strings.Contains(said["moved"], "asks") {
		t.Errorf("time is asked of others than were named:\n%s%s", said["moved"], said["hostile"])
	}
	if strings.Contains(said["moved"], "192.0.2.10") || strings.Contains(said["moved"], "nameserver") {
		t.Errorf("the old address stays:\n%s", said["moved"])
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}
