package app

import (
	"testing"

	"centralita/firmware/settings"
)

// A backup does not move a box: nobody could find it, and say that it is good there.
func TestRestoreLeavesTheBoxWhereItIs(t *testing.T) {
	fixed := settings.Network{Address: "192.168.1.10/24", Gateway: "192.168.1.1"}
	for _, c := range []struct {
		owned     bool
		from, now settings.Network
		want      string
		told      bool
	}{
		{true, fixed, settings.Network{}, "", true},
		{true, settings.Network{}, fixed, fixed.Address, true},
		{true, fixed, fixed, fixed.Address, false},
		{false, fixed, settings.Network{}, fixed.Address, false},
	} {
		a := &App{}
		if c.owned {
			a.opt.Network = "/nowhere/network"
		}
		a.network = &network{App: a}
		tree, now := settings.Default("ES"), settings.Default("ES")
		tree.Box.Network, now.Box.Network = c.from, c.now
		remarks := backups{a}.keepNetwork(tree, now)
		if tree.Box.Network.Address != c.want || (len(remarks) == 1) != c.told || len(remarks.Faults()) > 0 {
			t.Errorf("%+v: %q, %v", c, tree.Box.Network.Address, remarks)
		}
	}
}

func TestNetworkTextIsWhatTheSystemReads(t *testing.T) {
	for _, c := range []struct {
		n    settings.Network
		want string
	}{
		{settings.Network{}, ""},
		{settings.Network{Address: "dhcp", Gateway: "192.168.1.1", DNS: []string{"9.9.9.9"}}, ""},
		{settings.Network{HostName: "sol"}, "host sol\n"},
		{settings.Network{HostName: "sol", Address: "192.168.1.10/24", Gateway: "192.168.1.1", DNS: []string{"9.9.9.9", "1.1.1.1"}},
			"host sol\naddress 192.168.1.10/24\ngateway 192.168.1.1\ndns 9.9.9.9\ndns 1.1.1.1\n"},
	} {
		if got := networkText(c.n); got != c.want {
			t.Errorf("%+v: %q", c.n, got)
		}
	}
}
