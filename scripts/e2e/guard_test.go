package e2e

import (
	"testing"
	"time"
)

// TestGuard: a call abroad is refused until somebody allows it, the book says why,
// and a national one goes out.
func TestGuard(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/handsets.yaml", "--rtp", "21000-21049")
	b.signIn()
	b.do("fxs3", "lift", nil)
	b.do("fxs3", "dial", map[string]any{"digits": "000447700900123#", "wait_dial_tone": true})
	var list struct {
		Calls []struct {
			Call                        int
			From, To, Cause, Text, Port string
			Direction                   string
		}
	}
	until(t, 15*time.Second, "the call abroad is refused", func() (any, bool) {
		b.must("GET", "/api/v1/calls", nil, &list)
		return list, len(list.Calls) == 1 && list.Calls[0].Cause != "" && list.Calls[0].From == "103"
	})
	if c := list.Calls[0]; c.Cause != "forbidden" && c.Cause != "barred-international" {
		t.Errorf("%+v", c)
	}
	if l := b.line("fxo1"); l.OffHook {
		t.Error("the line was taken")
	}
	b.do("fxs3", "hangup", nil)
	until(t, 5*time.Second, "103 rests", func() (any, bool) { // lifted before, it would be a flash
		var now struct {
			Stations []struct{ Extension, State string }
		}
		b.view("station/stations", &now)
		for _, s := range now.Stations {
			if s.Extension == "103" {
				return now, s.State == "idle"
			}
		}
		return now, false
	})
	b.do("fxs3", "lift", nil)
	b.do("fxs3", "dial", map[string]any{"digits": "0912345678#", "wait_dial_tone": true})
	until(t, 20*time.Second, "the national call goes out", func() (any, bool) {
		l := b.line("fxo1")
		b.must("GET", "/api/v1/calls", nil, &list)
		return []any{l, list, b.allLive(), b.telephone("fxs3")}, l.OffHook
	})
}
