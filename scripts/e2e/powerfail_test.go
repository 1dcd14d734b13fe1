package e2e

import (
	"testing"
	"time"
)

// TestPowerFailure: when the supply says that it is going, handsets stop ringing and
// calls are over at once, which an alarm tells, and the box works on when the supply
// comes back after all.
func TestPowerFailure(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "26450-26499")
	b.signIn()
	b.do("fxs2", "lift", nil)
	b.do("fxs2", "dial", map[string]any{"digits": "103"})
	b.sees("fxs3", "rings", 10*time.Second, func(h telephone) bool { return h.Ringing })
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.ask("POST", "/api/v1/board/button", map[string]any{"button": "supply", "held_ms": 1000})
	}()
	t.Log(b.raises("power", 3*time.Second))
	until(t, 2*time.Second, "no call", func() (any, bool) {
		list := b.allLive()
		return list, len(list) == 0
	})
	b.sees("fxs3", "is still", 10*time.Second, func(h telephone) bool { return !h.Ringing })
	<-done
	until(t, 5*time.Second, "no alarm of the supply", func() (any, bool) {
		list := b.alarms()
		for _, a := range list {
			if a.Key == "power" {
				return list, false
			}
		}
		return list, true
	})
	b.answers(t)
}
