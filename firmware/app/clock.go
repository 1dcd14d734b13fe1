package app

import (
	"context"
	"time"

	"golang.org/x/sys/unix"

	"centralita/board/wired"
)

// clockFloor is before every time at which this program can run: what is earlier is
// the clock of a machine that nobody told the time.
var clockFloor = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Of looking after the clocks.
const (
	clockEvery  = 30 * time.Second
	clockSaving = time.Hour
	clockDrift  = 2 * time.Second // by which the battery clock may be off
)

// openClock takes the time from the battery clock where the machine has none: records
// and certificates are about to be dated. Where it cannot, serveClock tells.
func (a *App) openClock() error {
	describe, real := boards[a.opt.Board]
	if !real || clockTold(time.Now()) {
		return nil
	}
	clock, err := wired.Clock(describe(), nil)
	if err != nil || clock == nil {
		return nil // openBoard tells what the board does not have
	}
	now, err := clock.Read()
	if err == nil {
		t := unix.NsecToTimeval(now.UnixNano())
		err = unix.Settimeofday(&t)
	}
	if err != nil {
		a.log.Error("clock", "err", err)
	}
	return nil
}

// clockTold tells that somebody told the machine the time.
func clockTold(now time.Time) bool { return !now.Before(clockFloor) }

// serveClock raises an alarm while the time is not known, and saves it to the battery
// clock when it is.
func (a *App) serveClock(ctx context.Context) error {
	tick := time.NewTicker(clockEvery)
	defer tick.Stop()
	var saved time.Time
	for {
		now := time.Now()
		if !clockTold(now) {
			a.alarms.raise("clock", "major", "alarm.clock-unset", now.UTC().Format(time.DateOnly))
		} else {
			a.alarms.clear("clock")
			if saved.IsZero() || now.Sub(saved) >= clockSaving {
				saved = now
				a.saveClock()
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// saveClock sets the battery clock right, and tells when it cannot be relied on.
func (a *App) saveClock() {
	clock := a.box.Clock
	if clock == nil {
		return
	}
	kept, err := clock.Read()
	if off := time.Since(kept); err != nil || off > clockDrift || off < -clockDrift {
		if err != nil {
			a.log.Warn("battery clock", "err", err)
		}
		err = clock.Set(time.Now())
	}
	if err != nil {
		a.alarms.raise("battery-clock", "minor", "alarm.battery-clock", err.Error())
		return
	}
	a.alarms.clear("battery-clock")
}
