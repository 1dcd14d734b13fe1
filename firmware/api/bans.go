package api

import (
	"net/http"
	"net/netip"
	"reflect"

	"centralita/firmware/access"
	"centralita/firmware/id"
)

// Bans are the addresses that SIP does not listen to.
type Bans interface {
	List() []Ban
	Lift(netip.Addr, id.Person) bool // false where it was not banned
}

// Ban is one of them.
type Ban struct {
	Address string `json:"address"`
	Why     string `json:"why"`   // guessing, asking, scanning, flooding
	Since   int64  `json:"since"` // ms since 1970
	Until   int64  `json:"until"`
	Times   int    `json:"times"`
	Dropped uint64 `json:"dropped"` // messages since
}

func (d *door) banEndpoints() []endpoint {
	if d.Bans == nil {
		return nil
	}
	list := func(*ask) (any, error) { return d.Bans.List(), nil }
	return []endpoint{
		{method: http.MethodGet, path: "/bans", role: access.Supervisor, out: reflect.TypeFor[[]Ban](),
			help: "The addresses that SIP does not listen to for a while.", run: list},
		{method: http.MethodDelete, path: "/bans/{address}", role: access.Owner, out: reflect.TypeFor[[]Ban](),
			help: "Listen to an address again.", run: func(a *ask) (any, error) {
				addr, err := netip.ParseAddr(a.r.PathValue("address"))
				if err != nil || !d.Bans.Lift(addr, a.who.Person) {
					return nil, ErrNotFound
				}
				return list(a)
			}},
	}
}
