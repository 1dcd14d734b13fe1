package app

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board"
	"centralita/firmware/event"
)

// battery is a battery clock that is off by some time, or empty.
type battery struct {
	by    time.Duration
	empty bool
	sets  int
	stuck bool
}

func (b *battery) Read() (time.Time, error) {
	if b.empty {
		return time.Time{}, errors.New("empty")
	}
	return time.Now().Add(b.by), nil
}

func (b *battery) Set(t time.Time) error {
	if b.stuck {
		return errors.New("stuck")
	}
	b.sets++
	b.by, b.empty = time.Until(t), false
	return nil
}

// clocked serves the clock of a box for a while and returns the alarms that were told.
func clocked(t *testing.T, floor time.Time, b *battery, during time.Duration) (told []string) {
	was := clockFloor
	clockFloor = floor
	defer func() { clockFloor = was }()
	synctest.Test(t, func(t *testing.T) {
		a := &App{log: slog.New(slog.DiscardHandler), box: &box{Board: &board.Board{Clock: b}}}
		a.alarms = newAlarms(func(e event.Event) {
			switch e := e.(type) {
			case *event.AlarmRaised:
				told = append(told, "+"+e.Key)
			case *event.AlarmCleared:
				told = append(told, "-"+e.Key)
			}
		})
		ctx, cancel := context.WithTimeout(t.Context(), during)
		defer cancel()
		_ = a.serveClock(ctx)
	})
	return told
}

// bubble is when virtual time begins.
var bubble = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// TestClockUnset: a box that believes in another century says so until it is told the
// time, and does not spoil its battery clock meanwhile.
func TestClockUnset(t *testing.T) {
	b := &battery{by: 26 * 365 * 24 * time.Hour}
	told := clocked(t, bubble.Add(10*time.Minute), b, 5*time.Minute)
	if len(told) != 1 || told[0] != "+clock" || b.sets != 0 {
		t.Errorf("told %v, set %d times", told, b.sets)
	}
	told = clocked(t, bubble.Add(10*time.Minute), b, time.Hour)
	if len(told) != 2 || told[1] != "-clock" || b.sets != 1 || b.by != 0 {
		t.Errorf("told %v, set %d times, off by %s", told, b.sets, b.by)
	}
}

func TestBatteryClockIsKept(t *testing.T) {
	for _, c := range []struct {
		battery
		sets int
		told string
	}{
		{battery{by: time.Second}, 0, ""},
		{battery{by: -3 * time.Second}, 1, ""},
		{battery{empty: true}, 1, ""},
		{battery{empty: true, stuck: true}, 0, "+battery-clock"},
	} {
		b := c.battery
		said := ""
		for _, s := range clocked(t, bubble, &b, 24*time.Hour) {
			said += s
		}
		if said != c.told || b.sets != c.sets {
			t.Errorf("%+v: told %q, set %d times", c.battery, said, b.sets)
		}
	}
}
