package app

import (
	"net/netip"
	"slices"
	"strconv"

	"centralita/firmware/api"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// bans implements api.Bans.
type bans struct{ app *App }

func (b bans) List() []api.Ban {
	list := []api.Ban{}
	for _, one := range b.app.sip.Bans() {
		list = append(list, api.Ban{Address: one.Addr.String(), Why: string(one.Why), Since: one.Since.UnixMilli(), Until: one.Until.UnixMilli(), Times: one.Times, Dropped: one.Dropped})
	}
	return list
}

// Lift implements api.Bans.
func (b bans) Lift(addr netip.Addr, who id.Person) bool {
	lifted := b.app.sip.Unban(addr)
	if lifted {
		b.app.tell(&event.BanLifted{Address: addr.String(), Who: who})
	}
	return lifted
}

// banned tells people of who is not listened to, as long as anybody is not.
func (a *App) banned() {
	list := a.sip.Bans()
	if len(list) == 0 {
		a.alarms.clear("sip-bans")
		return
	}
	a.alarms.raise("sip-bans", "minor", "alarm.sip-bans", strconv.Itoa(len(list)), list[0].Addr.String())
}

// spare keeps bans from the networks of the settings and from calls for help, which
// phones make with and without the digits for an outside line.
func (a *App) spare(t *settings.Tree) {
	var networks []netip.Prefix
	for _, n := range t.Box.NeverBan {
		if p, err := settings.Peer(n); err == nil {
			networks = append(networks, p)
		}
	}
	help := slices.Clone(t.Emergency())
	for _, o := range t.DialPlan.Outside {
		for _, n := range t.Emergency() {
			if o.Prefix != "" {
				help = append(help, o.Prefix+n)
			}
		}
	}
	a.sip.Spare(networks, help)
}
