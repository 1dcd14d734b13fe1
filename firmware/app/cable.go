package app

import (
	"context"
	"net"
	"strings"
	"time"
)

// Of the network's cable. One look that finds it out may have met a switch that is
// agreeing on its speed.
const (
	cableLook  = 2 * time.Second
	cableLooks = 2
)

// serveCable raises an alarm while no network that the machine has switched on has
// a far end: who stands before the box hears of it at its console and lamps.
func (a *App) serveCable(ctx context.Context) error {
	tick := time.NewTicker(cableLook)
	defer tick.Stop()
	out := 0
	for {
		names := a.cables()
		switch {
		case len(names) == 0:
			out = 0
			a.alarms.clear("network-cable")
		case out < cableLooks:
			out++
		}
		if out == cableLooks {
			a.alarms.raise("network-cable", "major", "alarm.network-cable", strings.Join(names, ", "))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// unplugged names the networks without a far end; none where one has it, and where
// the machine has no network that is switched on.
func unplugged() []string {
	list, err := net.Interfaces()
	if err != nil {
		return nil
	}
	var names []string
	for _, i := range list {
		switch {
		case i.Flags&net.FlagLoopback != 0 || i.Flags&net.FlagUp == 0:
		case i.Flags&net.FlagRunning != 0:
			return nil
		default:
			names = append(names, i.Name)
		}
	}
	return names
}
