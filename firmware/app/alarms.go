package app

import (
	"errors"
	"sync"

	"golang.org/x/sys/unix"

	"centralita/firmware/event"
	"centralita/firmware/leg/sip"
	"centralita/firmware/store"
	"centralita/firmware/words"

	"fmt"

	"centralita/firmware/id"
	"centralita/firmware/journal"
)

// alarms keeps lasting conditions of the shells from being told twice. Raising
// and clearing become facts; who shows them reads those.
type alarms struct {
	mu   sync.Mutex
	up   map[string]string // key to text and arguments
	tell func(event.Event)
}

// alarmsMax bounds what can be wrong at once; more than the ports, phones and
// parts of a box is a mistake of ours and is not told.
const alarmsMax = 256

func newAlarms(tell func(event.Event)) *alarms {
	return &alarms{up: map[string]string{}, tell: tell}
}

// raise begins a condition, or says anew what changed about it. Text is a key of
// the word catalogue.
func (a *alarms) raise(key, severity, text string, args ...string) {
	says := text + "\x00" + fmt.Sprint(args)
	a.mu.Lock()
	known := a.up[key] == says
	if !known && len(a.up) < alarmsMax {
		a.up[key] = says
	}
	a.mu.Unlock()
	if !known {
		a.tell(&event.AlarmRaised{Key: key, Severity: severity, Text: text, Args: args})
	}
}

// clear ends a condition, if it lasts.
func (a *alarms) clear(key string) {
	a.mu.Lock()
	_, known := a.up[key]
	delete(a.up, key)
	a.mu.Unlock()
	if known {
		a.tell(&event.AlarmCleared{Key: key})
	}
}

// lasts reports whether a condition was raised and not cleared.
func (a *alarms) lasts(key string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, up := a.up[key]
	return up
}

// The conditions that the shells tell of.

func (a *App) space(s store.Space) {
	switch {
	case s.Refusing, s.Low:
		used := 100 - s.Free*100/max(1, s.Total)
		severity := "minor"
		if s.Refusing {
			severity = "critical"
		}
		a.alarms.raise("disk", severity, "alarm.disk-full", fmt.Sprint(used))
	default:
		a.alarms.clear("disk")
	}
}

func (a *App) diskTrouble(t journal.Trouble) {
	if t.Err == nil {
		a.alarms.clear("journal")
		return
	}
	a.log.Error("journal", "err", t.Err, "given up", t.GivenUp, "waiting", t.Unwritten)
	if errors.Is(t.Err, unix.EROFS) {
		// The kernel did that at an error, for what is written on might be lost.
		a.alarms.raise("journal", "critical", "alarm.disk-read-only")
		return
	}
	a.alarms.raise("journal", "critical", "alarm.journal-failed", t.Err.Error())
}

func (a *App) clockLost(lost bool) {
	if lost {
		a.alarms.raise("pcm-clock", "critical", "alarm.no-pcm-clock")
		return
	}
	a.alarms.clear("pcm-clock")
}

func (a *App) soundMissing(name string) {
	a.alarms.raise("sounds", "minor", "alarm.sounds-missing", name)
}

// portHealth turns the health of a socket into a fact; the alarm follows from it.
func (a *App) portHealth(port id.Port, state, text string) {
	if state == "ready" && a.onLifeline(port) {
		state = "lifeline"
	}
	a.tell(&event.LineChanged{Port: port, State: state, Text: text})
}

// trunkState does the same for an account at a provider.
func (a *App) trunkState(s sip.TrunkState) {
	e := &event.TrunkChanged{Trunk: s.Name, Up: s.Ready, Text: s.Why, Code: s.Code, Server: s.Server}
	for _, x := range s.Servers {
		e.Servers = append(e.Servers, event.TrunkServer{Addr: x.Addr, Up: x.Up, Code: x.Code})
	}
	a.tell(e)
}

// lang is the office's first language.
func (a *App) lang() string {
	if l := a.language.Load(); l != nil && words.Known(*l) {
		return *l
	}
	return "es"
}
