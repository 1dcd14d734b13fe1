package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/heartbeat"
)

// writeEvery is how long the journal may have nothing to write before the heartbeat
// writes: what was never acknowledged for longer is not known to work.
const writeEvery = time.Minute

// proof is what the probes remember from beat to beat. The heart's goroutine owns it.
type proof struct {
	ticks   uint64    // of the sound engine
	written uint64    // newest record that was acknowledged
	at      time.Time // when
}

// openHeart makes the heart of the box: a telephone's question through the real
// socket, the sound, the loop, the disk.
func (a *App) openHeart() error {
	o := heartbeat.Options{
		Probes: []heartbeat.Probe{
			{Name: "sip", Ask: a.sip.Probe}, {Name: "sound", Ask: a.probeSound},
			{Name: "loop", Ask: a.probeLoop}, {Name: "journal", Ask: a.probeJournal},
		},
		Told: a.heartTold,
	}
	if a.box.Watchdog != nil {
		o.Watchdog = a.box.Watchdog
	}
	a.proof.at = a.began
	a.heart = heartbeat.New(o)
	return nil
}

// soundPatience is how long a look at the engine may find it standing: far longer than
// any stall that calls outlive on a busy machine.
const soundPatience = 2 * time.Second

// probeSound sees the engine tick, by the highway's clock or without it by its own.
func (a *App) probeSound(ctx context.Context) error {
	limit := time.NewTimer(soundPatience)
	defer limit.Stop()
	for {
		was := a.proof.ticks
		if a.proof.ticks = a.engine.Counters().Ticks; a.proof.ticks != was {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-limit.C:
			return fmt.Errorf("no tick after %d", was)
		case <-time.After(soundPatience / 100):
		}
	}
}

func (a *App) probeLoop(ctx context.Context) error {
	_, _, _, err := a.switchboard.Look(ctx, func(core.Time) any { return nil })
	return err
}

// probeJournal sees the newest record become durable, and writes one when there was
// none for a while. A disk that refuses is told by an alarm of its own: the telephones
// go on, and a new start would not mend it.
func (a *App) probeJournal(ctx context.Context) error {
	if a.journal.Last() == a.proof.written && time.Since(a.proof.at) >= writeEvery {
		a.tell(&event.BoxWell{})
		if err := a.probeLoop(ctx); err != nil { // it has taken what was told
			return err
		}
	}
	last := a.journal.Last()
	err := a.journal.Sync(ctx, last)
	if err != nil && a.alarms.lasts("journal") {
		return nil
	}
	if err == nil && last != a.proof.written {
		a.proof.written, a.proof.at = last, time.Now()
	}
	return err
}

// heartTold raises what the heart finds. A loop that hangs may hold it here, and with
// it the feeding, as it should.
func (a *App) heartTold(s heartbeat.State) {
	if s.Good {
		a.alarms.clear("heartbeat")
		if w := a.box.Watchdog; w != nil && w.Bit() {
			a.alarms.raise("watchdog-bit", "minor", "alarm.watchdog-bit")
		}
		return
	}
	a.log.Error("heartbeat", "failing", s.Failing, "err", s.Why)
	a.alarms.raise("heartbeat", "critical", "alarm.heartbeat", s.Failing)
}

// rest ends the watchdog in order: who stopped the box does not want it back.
func (a *App) rest() error {
	var err error
	if a.box.Watchdog != nil {
		err = a.box.Watchdog.Close()
	}
	return errors.Join(err, a.box.Highway.Close())
}
