package api

import (
	"net"
	"net/http"
	"net/netip"
	"reflect"

	"centralita/firmware/access"
)

// DeviceCard is what a person needs to let a telephone set itself up.
type DeviceCard struct {
	Name    string   `json:"name"`
	Vendor  string   `json:"vendor"`
	Address string   `json:"address"`        // typed into the telephone as the place of its settings
	Menu    string   `json:"menu,omitempty"` // password its own menus get
	Code    []string `json:"code,omitempty"` // QR code of the address: rows of # and spaces
}

func (d *door) deviceEndpoints() []endpoint {
	if d.Device == nil {
		return nil
	}
	return []endpoint{{
		method: http.MethodGet, path: "/devices/{name}", role: access.Owner, help: "help.device", out: reflect.TypeFor[DeviceCard](),
		run: func(a *ask) (any, error) { return d.Device(a.r.PathValue("name"), reachedAt(a.r)) },
	}}
}

// reachedAt is the address by which the reader reached the box: a telephone in the same
// network reaches it there too.
func reachedAt(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return a
	}
	if at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok {
		return at.AddrPort().Addr().Unmap()
	}
	return netip.IPv4Unspecified()
}
