package web

import (
	"fmt"
	"net"
	"testing"
)

// A browser is told the addresses of the moment, not those of the start.
func TestAddressesAreOfTheMoment(t *testing.T) {
	on := func(list ...string) []net.Addr {
		var all []net.Addr
		for _, s := range list {
			ip, n, err := net.ParseCIDR(s)
			if err != nil {
				t.Fatal(err)
			}
			n.IP = ip
			all = append(all, n)
		}
		return all
	}
	now := on("127.0.0.1/8")
	a := addresses{at: &net.UDPAddr{IP: net.IPv6unspecified, Port: 11000}, machine: func() ([]net.Addr, error) { return now, nil }}
	if got := a.GetListenAddresses(); len(got) != 0 {
		t.Errorf("before the network gave one: %v", got)
	}
	now = on("127.0.0.1/8", "192.0.2.7/24", "fe80::1/64")
	if got := fmt.Sprint(a.GetListenAddresses()); got != "[192.0.2.7:11000]" {
		t.Error(got)
	}
	now = on("127.0.0.1/8", "192.0.2.20/24")
	a.loopback = true
	if got := fmt.Sprint(a.GetListenAddresses()); got != "[127.0.0.1:11000 192.0.2.20:11000]" {
		t.Error(got)
	}
	a.at = &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 11000}
	if got := fmt.Sprint(a.GetListenAddresses()); got != "[127.0.0.1:11000]" {
		t.Error(got)
	}
}
