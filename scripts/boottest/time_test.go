package boottest

import (
	"strings"
	"testing"

	"centralita/scripts/machine"
)

// timeServer is the way of a time server from the settings' file to the clock: the
// keeper of the clock lives, asks the world where nothing is named, and takes the time
// of a server in the house when one is. The server is a second one of its kind, on an
// address of the loopback.
func timeServer(t *testing.T, m *machine.Machine) {
	const (
		name  = `su -s /bin/sh centralita -c 'printf "ntp 127.0.0.2\n" >/data/centralita/network; echo network >/run/centralita/hand'`
		other = `printf 'user chrony\nlocal stratum 3\nallow\nbindaddress 127.0.0.2\ncmdport 0\nbindcmdaddress /\npidfile /run/other.pid\n' >/run/other.conf; chronyd -x -f /run/other.conf`
		until = "n=0; until %; do n=$((n+1)); [ $n -lt 60 ] || exit 1; sleep 1; done"
	)
	waits := func(what string) string {
		t.Helper()
		return run(t, m, "("+strings.Replace(until, "%", what, 1)+") && echo came")
	}
	if alive := run(t, m, "pidof chronyd | wc -w"); strings.TrimSpace(alive) != "1" {
		t.Fatalf("%s keepers of the clock live; the log: %s", alive, run(t, m, "logread | grep chronyd"))
	}
	if asks := run(t, m, "cat /run/chrony.servers"); !strings.HasPrefix(asks, "pool ") {
		t.Errorf("it asks %q", asks)
	}
	run(t, m, other)
	run(t, m, name)
	if said := waits("logread | grep 'Selected source 127.0.0.2'"); !strings.Contains(said, "came") {
		t.Errorf("the time of the house's server is not taken: %s", run(t, m, "logread | grep chronyd; cat /run/chrony.servers"))
	}
	run(t, m, "kill $(cat /run/other.pid); : >/data/centralita/network; echo network >/run/centralita/hand")
	waits("grep ^pool /run/chrony.servers")
}
