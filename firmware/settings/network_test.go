package settings

import (
	"strings"
	"testing"
)

func TestNetworkTakesOnlyWhatCanBeReached(t *testing.T) {
	for _, c := range []struct {
		n    Network
		want string // "path code" of the problems, warnings with a "?"
	}{
		{Network{}, ""},
		{Network{Address: "dhcp", HostName: "centralita-2"}, ""},
		{Network{Address: "192.168.1.10/24", Gateway: "192.168.1.1", DNS: []string{"192.168.1.1", "9.9.9.9"}}, ""},
		{Network{Address: "10.0.0.2/30", Gateway: "10.0.0.1"}, ""},
		{Network{Address: "192.168.1.10/24"}, "?gateway no-gateway"},
		{Network{Gateway: "192.168.1.1", DNS: []string{"9.9.9.9"}}, "?gateway network-unused, ?dns network-unused"},
		{Network{Address: "192.168.1.10"}, "address own-address"},
		{Network{Address: "192.168.1.0/24"}, "address own-address"},
		{Network{Address: "192.168.1.255/24"}, "address own-address"},
		{Network{Address: "192.168.1.10/31"}, "address own-address"},
		{Network{Address: "192.168.1.10/7"}, "address own-address"},
		{Network{Address: "127.0.0.1/8"}, "address own-address"},
		{Network{Address: "224.0.0.1/8"}, "address own-address"},
		{Network{Address: "0.0.0.0/8"}, "address own-address"},
		{Network{Address: "255.255.255.255/8"}, "address own-address"},
		{Network{Address: "fd00::1/64"}, "address own-address"},
		{Network{Address: "192.168.1.10/24\n"}, "address own-address"},
		{Network{Address: "192.168.1.10/24", Gateway: "192.168.2.1"}, "gateway gateway"},
		{Network{Address: "192.168.1.10/24", Gateway: "192.168.1.10"}, "gateway gateway"},
		{Network{Address: "192.168.1.10/24", Gateway: "router"}, "gateway ipv4"},
		{Network{Address: "192.168.1.10/24", Gateway: "192.168.1.1", DNS: []string{"dns.example"}}, "dns[0] ipv4"},
		{Network{Address: "192.168.1.10/24", Gateway: "192.168.1.1", DNS: []string{"9.9.9.9", "9.9.9.9"}}, "dns[1] twice"},
		{Network{Address: "192.168.1.10/24", Gateway: "192.168.1.1", DNS: []string{"1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"}}, "dns too-many"},
		{Network{TimeServers: []string{"192.168.1.1", "ntp.office.lan", "time.example.org.", "0.pool.ntp.org"}}, ""},
		{Network{TimeServers: []string{"192.168.1", "a b", "-x", "ntp;reboot", ""}}, "time_servers too-many, time_servers[0] host-name, time_servers[1] host-name, time_servers[2] host-name, time_servers[3] host-name, time_servers[4] host-name"},
		{Network{TimeServers: []string{"fd00::1", "ntp.lan", "ntp.lan", strings.Repeat("a.", 127) + "aa"}}, "time_servers[0] host-name, time_servers[2] twice, time_servers[3] host-name"},
		{Network{HostName: "Centralita"}, "host_name host-name"},
		{Network{HostName: "-a"}, "host_name host-name"},
		{Network{HostName: "a.b"}, "host_name host-name"},
		{Network{HostName: strings.Repeat("a", 64)}, "host_name host-name"},
	} {
		tree := Default("ES")
		tree.Box.Network = c.n
		var got []string
		for _, p := range tree.Validate() {
			mark := ""
			if p.Warning {
				mark = "?"
			}
			got = append(got, mark+strings.TrimPrefix(p.Path, "box.network.")+" "+strings.TrimPrefix(p.Reason, "settings.problem."))
		}
		if said := strings.Join(got, ", "); said != c.want {
			t.Errorf("%+v: %q, want %q", c.n, said, c.want)
		}
	}
}

func TestNetworkMoves(t *testing.T) {
	fixed := Network{Address: "192.168.1.10/24", Gateway: "192.168.1.1"}
	for _, c := range []struct {
		from, to Network
		want     bool
	}{
		{Network{}, Network{Address: "dhcp", HostName: "box", Gateway: "1.2.3.4"}, false},
		{Network{}, fixed, true},
		{fixed, Network{}, true},
		{fixed, Network{Address: "192.168.1.11/24", Gateway: "192.168.1.1"}, true},
		{fixed, Network{Address: "192.168.1.10/24", Gateway: "192.168.1.2"}, true},
		{fixed, Network{Address: "192.168.1.10/24", Gateway: "192.168.1.1", DNS: []string{"9.9.9.9"}, HostName: "b"}, false},
	} {
		if got := c.to.MovesFrom(c.from); got != c.want {
			t.Errorf("%v to %v: %t", c.from, c.to, got)
		}
	}
}
