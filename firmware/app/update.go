package app

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"centralita/firmware/desk"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/update"
)

// openUpdates makes what brings new versions; without an installer on the machine it
// only says so.
func (a *App) openUpdates() error {
	var err error
	a.updates, err = update.New(update.Options{
		Dir: a.path("update"), Stick: a.opt.USB, Installer: update.FindRauc(), Version: a.opt.Version, Boot: kernelStart(),
		Calls: a.callsUp, Well: a.proved, Restart: func() error { return a.errand("reboot") }, Ended: a.updateEnded, Alarm: a.updateAlarm, Log: a.log,
	})
	if err != nil { // telephones come first
		a.log.Error("updates", "err", err)
	}
	return nil
}

// kernelStart is the kernel's own name of this start of the machine.
func kernelStart() string {
	name, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(name))
}

func (a *App) callsUp(ctx context.Context) (int, error) {
	p, err := a.View(ctx, desk.Feature.Name, "live")
	if err != nil {
		return 0, err
	}
	calls, ok := p.Data.(desk.Picture)
	if !ok {
		return 0, fmt.Errorf("live calls are shown as %T", p.Data)
	}
	return len(calls.Calls), nil
}

// proved is what `centralita health` says, too.
func (a *App) proved() (good bool, failing string) {
	s := a.heart.State()
	return strings.HasPrefix(a.wellness(time.Now()), "well"), s.Failing
}

func (a *App) updateEnded(o update.Outcome) {
	a.tell(&event.UpdateEnded{Version: o.Version, From: o.From, Result: o.Result, Why: o.Why, Detail: o.Detail, Who: id.Person(o.Who)})
}

func (a *App) updateAlarm(o *update.Outcome) {
	if o == nil {
		a.alarms.clear("update")
		return
	}
	a.alarms.raise("update", "major", "alarm.update-fell-back."+o.Why, o.Version, o.From, o.Detail)
}
