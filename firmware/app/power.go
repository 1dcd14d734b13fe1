package app

import (
	"context"
	"time"

	"golang.org/x/sys/unix"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/hal"
)

// lastWill is how long the last records may take; the supply lasts for some 20 ms, and
// with luck longer.
const lastWill = 200 * time.Millisecond

// power does what is to be done when the supply goes: what draws most is switched off,
// the lines are left to the exchange, and what is known is brought to the disk. It
// runs on the urgent thread that saw the edge.
func (a *App) power(p hal.Power) {
	if !p.Failing {
		a.log.Warn("power supply came back")
		a.tell(&event.PowerFailed{Back: true})
		a.alarms.clear("power")
		return
	}
	for _, f := range a.box.FXS {
		_ = f.StopRing() // a port that does not ring, or not work, says so
	}
	for _, f := range a.box.FXO {
		_ = f.OnHook()
	}
	a.bank.HangUpAll()
	a.tell(&event.PowerFailed{})
	a.alarms.raise("power", "critical", "alarm.power-failing")
	ctx, cancel := context.WithTimeout(context.Background(), lastWill)
	defer cancel()
	if a.switchboard != nil {
		_, last, _, err := a.switchboard.Look(ctx, func(core.Time) any { return nil })
		if err == nil {
			err = a.journal.Sync(ctx, last)
		}
		if err != nil {
			a.log.Error("power supply fails", "err", err)
		}
	}
	a.log.Warn("power supply fails", "done_after", time.Since(p.At))
	unix.Sync() // recordings and what else is on its way; it may take longer than we have
}
