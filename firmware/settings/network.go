package settings

import (
	"fmt"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Network is how the box stands in the office's network, where its own system is set
// by these settings; on another computer that is the computer's affair.
type Network struct {
	HostName string   `yaml:"host_name,omitempty" json:"host_name"` // a label of a name (RFC 1123 2.1); "" the image's
	Address  string   `yaml:"address,omitempty" json:"address"`     // IPv4 with its prefix, 192.168.1.10/24; "" or dhcp by DHCP (RFC 2131)
	Gateway  string   `yaml:"gateway,omitempty" json:"gateway"`     // of a fixed address, in its network; "" none
	DNS      []string `yaml:"dns,omitempty" json:"dns"`             // name servers of a fixed address
	// TimeServers are asked for the time (NTP, RFC 5905): names or IPv4 addresses; none
	// is those that DHCP names (RFC 2132 section 8.3), else the public pool.
	TimeServers []string `yaml:"time_servers,omitempty" json:"time_servers"`
}

// ByDHCP is the word for an address that the network gives.
const ByDHCP = "dhcp"

// resolversMax is how many name servers a resolver asks (resolv.conf's MAXNS).
const resolversMax = 3

// timeServersMax is how many tell a wrong one among them (RFC 5905 section 11.2.1: one
// falseticker among four).
const timeServersMax = 4

var hostLabel = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// Fixed is the address and its prefix; false where the network gives one.
func (n Network) Fixed() (netip.Prefix, bool) {
	p, err := netip.ParsePrefix(n.Address)
	return p, err == nil
}

// MovesFrom reports whether a box that leaves one network for the other may be found
// at another address than before, or not at all.
func (n Network) MovesFrom(was Network) bool {
	place := func(n Network) Network {
		if _, fixed := n.Fixed(); !fixed {
			return Network{}
		}
		return Network{Address: n.Address, Gateway: n.Gateway}
	}
	return !reflect.DeepEqual(place(n), place(was))
}

func (v *validator) network() {
	n := v.t.Box.Network
	if n.HostName != "" && !hostLabel.MatchString(n.HostName) {
		v.add("box.network.host_name", n.HostName, "host-name")
	}
	own := v.address(n.Address)
	for _, only := range []struct{ path, value string }{{"box.network.gateway", n.Gateway}, {"box.network.dns", strings.Join(n.DNS, " ")}} {
		if only.value != "" && (n.Address == "" || n.Address == ByDHCP) {
			v.warn(only.path, only.value, "network-unused")
		}
	}
	if n.Gateway != "" {
		g, ok := host(n.Gateway)
		switch {
		case !ok:
			v.add("box.network.gateway", n.Gateway, "ipv4")
		case own.IsValid() && (!own.Contains(g) || g == own.Addr()):
			v.add("box.network.gateway", n.Gateway, "gateway", own.Masked().String())
		}
	} else if own.IsValid() {
		v.warn("box.network.gateway", "", "no-gateway", own.Masked().String())
	}
	v.servers("box.network.time_servers", n.TimeServers, timeServersMax, serverName, "host-name")
	v.servers("box.network.dns", n.DNS, resolversMax, func(s string) bool { _, ok := host(s); return ok }, "ipv4")
}

// servers checks a list of so many at most, each what it must be and named once.
func (v *validator) servers(path string, list []string, most int, is func(string) bool, reason string) {
	v.length(path, len(list), most)
	for i, s := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		if !is(s) {
			v.add(at, s, reason)
		} else if slices.Contains(list[:i], s) {
			v.add(at, s, "twice", s)
		}
	}
}

// serverName reports whether a text is an IPv4 address or a name of labels (RFC 1123
// section 2.1); what has only digits and dots is meant as an address.
func serverName(text string) bool {
	if strings.Trim(text, "0123456789.") == "" {
		_, ok := host(text)
		return ok
	}
	if len(text) > 253 {
		return false
	}
	for _, label := range strings.Split(strings.TrimSuffix(text, "."), ".") {
		if !hostLabel.MatchString(label) {
			return false
		}
	}
	return true
}

// address checks the box's own; the zero prefix is none that holds.
func (v *validator) address(text string) netip.Prefix {
	if text == "" || text == ByDHCP {
		return netip.Prefix{}
	}
	p, err := netip.ParsePrefix(text)
	a, ok := host(p.Addr().String())
	if err != nil || !ok || p.Bits() < 8 || p.Bits() > 30 || a == p.Masked().Addr() || a == last(p) {
		v.add("box.network.address", text, "own-address")
		return netip.Prefix{}
	}
	return p
}

// host reads an IPv4 address that one machine may have.
func host(text string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(text)
	return a, err == nil && a.Is4() && !a.IsUnspecified() && !a.IsLoopback() && !a.IsMulticast() && a.As4()[0] != 0 && a.As4()[0] < 240
}

// last is the broadcast address of a network of IPv4.
func last(p netip.Prefix) netip.Addr {
	if !p.Addr().Is4() {
		return netip.Addr{}
	}
	b := p.Masked().Addr().As4()
	for i := range b {
		host := min(max(8*(i+1)-p.Bits(), 0), 8)
		b[i] |= byte(1<<host - 1)
	}
	return netip.AddrFrom4(b)
}
