package e2e

import (
	"testing"
	"time"
)

// TestCodes is what an office does with its telephones alone: one answers a call that
// rings at another, parks it, and a third fetches it; one that does not want to be
// disturbed is not rung.
func TestCodes(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/handsets.yaml", "--rtp", "20950-20999")
	b.signIn()
	dial := func(name, digits string) {
		b.do(name, "lift", nil)
		b.do(name, "dial", map[string]any{"digits": digits, "wait_dial_tone": true})
	}
	talking := func(what, from, station string) {
		until(t, 8*time.Second, what, func() (any, bool) {
			c, ok := b.live(from)
			return c, ok && c.State == "talking" && c.Station == station
		})
	}

	dial("fxs3", "102")
	b.sees("fxs2", "rings", 10*time.Second, func(h telephone) bool { return h.Ringing })
	dial("fxs1", "*8#")
	talking("101 has answered the call to 102", "103", "101")
	b.sees("fxs2", "rings no more", 10*time.Second, func(h telephone) bool { return !h.Ringing })

	b.do("fxs1", "flash", nil)
	b.sees("fxs1", "hears a tone", 5*time.Second, func(h telephone) bool { return h.Hears.Sound == "dial" || h.Hears.Sound == "tone" })
	b.do("fxs1", "dial", map[string]any{"digits": "*50"})
	until(t, 8*time.Second, "103 is parked", func() (any, bool) {
		c, ok := b.live("103")
		return c, ok && c.Where == "park/1"
	})
	b.do("fxs1", "hangup", nil)
	dial("fxs2", "*51")
	talking("102 has fetched the call", "103", "102")
	b.do("fxs3", "hangup", nil)
	b.do("fxs2", "hangup", nil)
	until(t, 5*time.Second, "no call left", func() (any, bool) {
		left := b.allLive()
		return left, len(left) == 0
	})

	until(t, 5*time.Second, "102 rests", func() (any, bool) { // lifted before, it would be a flash
		var now struct {
			Stations []struct{ Extension, State string }
		}
		b.view("station/stations", &now)
		for _, s := range now.Stations {
			if s.Extension == "102" {
				return now, s.State == "idle"
			}
		}
		return now, false
	})
	time.Sleep(time.Second) // longer than any flash
	dial("fxs2", "*78")
	until(t, 8*time.Second, "102 is not to be disturbed", func() (any, bool) {
		var now struct {
			Stations []struct {
				Extension string
				Quiet     bool
			}
		}
		b.view("station/stations", &now)
		for _, s := range now.Stations {
			if s.Extension == "102" {
				return now, s.Quiet
			}
		}
		return now, false
	})
	b.do("fxs2", "hangup", nil)
	dial("fxs3", "102")
	b.sees("fxs3", "hears busy", 8*time.Second, func(h telephone) bool { return h.Hears.Sound == "busy" })
}
