package boottest

import (
	"strings"
	"testing"
	"time"

	"centralita/scripts/machine"
)

// address is the network file's way through the image: written by the program's own
// user, told to the system's hand, taken by its script; an empty one is DHCP again.
func address(t *testing.T, m *machine.Machine) {
	const write = `su -s /bin/sh centralita -c 'printf "%b" "` + "TEXT" + `" >/data/centralita/network; echo network >/run/centralita/hand'`
	set := func(text string) {
		t.Helper()
		run(t, m, strings.Replace(write, "TEXT", text, 1))
	}
	systemHas(t, m, "inet 10.0.2.15/24 ")
	name := run(t, m, "hostname")
	set(`host office-7\naddress 10.0.2.77/24\ngateway 10.0.2.2\ndns 10.0.2.3\n`)
	systemHas(t, m, "inet 10.0.2.77/24 ")
	if got := strings.TrimSpace(run(t, m, "hostname")); got != "office-7" {
		t.Errorf("its name is %q", got)
	}
	if route := run(t, m, "ip route"); !strings.Contains(route, "default via 10.0.2.2 ") {
		t.Errorf("the way out is %s", route)
	}
	if dns := run(t, m, "cat /etc/resolv.conf"); strings.TrimSpace(dns) != "nameserver 10.0.2.3" {
		t.Errorf("names are asked at %q", dns)
	}
	if _, err := m.Lab.Run("pidof udhcpc", commandWait); err == nil {
		t.Error("the network is still asked for an address")
	}
	set("")
	systemHas(t, m, "inet 10.0.2.15/24 ")
	if got := run(t, m, "hostname"); got != name {
		t.Errorf("its name was %q and is %q", name, got)
	}
}

// systemHas waits until the first port has an address, and that one only.
func systemHas(t *testing.T, m *machine.Machine, want string) {
	t.Helper()
	var said string
	for limit := time.Now().Add(commandWait); time.Now().Before(limit); time.Sleep(time.Second) {
		said = run(t, m, "ip -4 addr show dev eth0")
		if strings.Contains(said, want) && strings.Count(said, "inet ") == 1 {
			return
		}
	}
	t.Fatalf("waited for %q, it has %s", want, said)
}
