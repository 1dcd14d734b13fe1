package web

import (
	"net"

	"github.com/pion/ice/v4"
)

// addresses is where browsers are told to send to. The library looks at the machine's
// once for all; here they are looked at for each connection, for the network may give
// one after the start, or another one.
type addresses struct {
	ice.UDPMux
	at       *net.UDPAddr // of the socket
	loopback bool         // for a browser on this machine
	machine  func() ([]net.Addr, error)
}

// GetListenAddresses implements ice.UDPMux.
func (a addresses) GetListenAddresses() []net.Addr {
	if !a.at.IP.IsUnspecified() {
		return []net.Addr{a.at}
	}
	all, err := a.machine()
	if err != nil {
		return nil
	}
	var list []net.Addr
	for _, one := range all {
		n, ok := one.(*net.IPNet)
		if !ok || n.IP.To4() == nil || n.IP.IsLoopback() && !a.loopback {
			continue
		}
		list = append(list, &net.UDPAddr{IP: n.IP.To4(), Port: a.at.Port})
	}
	return list
}

// machineAddresses are those of interfaces that are up.
func machineAddresses() (list []net.Addr, err error) {
	all, err := net.Interfaces()
	for _, i := range all {
		if i.Flags&net.FlagUp == 0 {
			continue
		}
		if own, err := i.Addrs(); err == nil { // one that goes this moment has none
			list = append(list, own...)
		}
	}
	return list, err
}
