package api

import (
	"net"
	"net/http"
	"net/netip"
	"reflect"

	"centralita/firmware/access"
)

// Network is how this machine stands in the office's network.
type Network interface {
	State() NetworkState
	// Reached reports whether who comes to one of our addresses has shown that the
	// network in force is good: it is applied, and the address is of it.
	Reached(at netip.Addr) bool
}

// NetworkState is the machine's network as it is.
type NetworkState struct {
	Owned     bool     `json:"owned" doc:"the machine's network is set by box.network; otherwise by its own system"`
	HostName  string   `json:"host_name"`
	Addresses []string `json:"addresses"`
	ByDHCP    bool     `json:"by_dhcp" doc:"the settings in force let the network give the address"`
	Trouble   string   `json:"trouble" doc:"why the last change could not be made, empty is none"`
}

func (d *door) networkEndpoints() []endpoint {
	if d.Network == nil {
		return nil
	}
	return []endpoint{{
		method: http.MethodGet, path: "/box/network", role: access.Owner, out: reflect.TypeFor[NetworkState](),
		help: "The machine's network as it is, and whether the settings set it.",
		run:  func(*ask) (any, error) { return d.Network.State(), nil },
	}}
}

// socketAt is our end of the connection that a request came by.
func socketAt(r *http.Request) netip.Addr {
	if at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok {
		return at.AddrPort().Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}
