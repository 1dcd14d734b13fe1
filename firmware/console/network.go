package console

import (
	"context"
	"strings"

	"centralita/firmware/access"
	"centralita/firmware/settings"
)

// Machine is the machine's network as it is.
type Machine struct {
	Owned     bool // the settings set it; otherwise its own system does
	HostName  string
	Addresses []string
	ByDHCP    bool
	Trouble   string // why the last change could not be made, "" none
}

func (s *session) networkVerbs() []verb {
	if s.Network == nil {
		return nil
	}
	return []verb{{words: []string{"show", "network"}, help: "console.help.show-network", role: access.Owner, mode: operating, run: s.showNetwork}}
}

func (s *session) showNetwork(context.Context, []string) error {
	n := s.Network()
	how := "console.network.fixed"
	switch {
	case !n.Owned:
		how = "console.network.foreign"
	case n.ByDHCP:
		how = "console.network.dhcp"
	}
	addresses := strings.Join(n.Addresses, " ")
	if addresses == "" {
		addresses = "-"
	}
	s.print(printable(n.HostName) + "  " + printable(addresses))
	s.say(how)
	if n.Trouble != "" {
		s.say("alarm.network-set", printable(n.Trouble))
	}
	return nil
}

// cutsOff reports whether a tree takes the box to another address, and with it who is
// here over the network. A serial line stays.
func (s *session) cutsOff(to *settings.Tree) bool {
	if s.from == Serial || s.Network == nil || !s.Network().Owned {
		return false
	}
	lasting, err := s.Settings.Lasting()
	return err == nil && to.Box.Network.MovesFrom(lasting.Box.Network)
}
