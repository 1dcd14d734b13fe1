package e2e

import (
	"fmt"
	"testing"
	"time"
)

// soundOf is what a check reads of how a call sounded.
type soundOf struct {
	Quality *struct {
		MOS, Loss float64
		Word      string
		TripMS    float64 `json:"trip_ms"`
		SoundMS   int64   `json:"sound_ms"`
		RelayedMS int64   `json:"relayed_ms"`
	}
	Events []struct {
		Kind string
		Body struct {
			Port  string
			Sound struct {
				Codec                string
				Received, Lost, Late int64
				MOS                  float64
				FarMOS               float64 `json:"far_mos"`
				TripMS               float64 `json:"trip_ms"`
				JitterMS             float64 `json:"jitter_ms"`
				PlayoutMS            int64   `json:"playout_ms"`
				RelayedMS            int64   `json:"relayed_ms"`
			}
		}
	}
}

// TestBaresipQuality: softphones of another make report by RTCP; while calls go on,
// one relayed and one mixed with a handset, the picture of the floor tells how they
// sound, and afterwards each record has round trip, loss and score of both ends.
func TestBaresipQuality(t *testing.T) {
	t.Parallel()
	said := voice(t, "en/vm-instructions")[:6*8000]
	b, phones := startSpeakers(t, 3, "PCMA/8000/1", "20350-20399", said)
	ana, bruno, carla := phones[0], phones[1], phones[2]
	carla.press("dial sip:101@" + b.SIP)
	bruno.press("dial sip:201@" + b.SIP)
	ana.await(3*time.Second, "CALL_INCOMING", 1)
	ana.press("accept")
	bruno.await(3*time.Second, "CALL_ESTABLISHED", 1)
	b.sees("fxs1", "ringing", 8*time.Second, func(h telephone) bool { return h.Ringing })
	b.do("fxs1", "lift", nil)

	type row struct {
		Call int
		Path string
		MOS  float64
		Legs []struct {
			Port  string
			Sound struct{ Trip, MOS float64 }
		}
	}
	byPath := map[string]int{}
	until(t, 20*time.Second, "how two calls sound, one relayed and one mixed, with round trips", func() (any, bool) {
		var live struct{ Calls []row }
		b.view("call/live", &live)
		clear(byPath)
		for _, c := range live.Calls {
			heard := c.MOS > 0
			for _, l := range c.Legs {
				heard = heard && (l.Port == "fxs1" || l.Sound.Trip > 0)
			}
			if heard {
				byPath[c.Path] = c.Call
			}
		}
		return live, len(byPath) == 2 && byPath["relayed"] != 0 && byPath["mixed"] != 0
	})
	bruno.press("hangup")
	carla.press("hangup")
	ana.await(3*time.Second, "CALL_CLOSED", 1)

	for path, ends := range map[string]int{"relayed": 2, "mixed": 1} {
		var c soundOf
		measured := func() (n int) {
			for _, e := range c.Events {
				if e.Kind == "LegMeasured" {
					n++
				}
			}
			return n
		}
		until(t, 5*time.Second, path+" call booked", func() (any, bool) {
			c = soundOf{}
			b.must("GET", fmt.Sprintf("/api/v1/calls/%d", byPath[path]), nil, &c)
			return c, c.Quality != nil && measured() == ends
		})
		q, late := c.Quality, int64(0) // the box's own lateness on a machine that does too much
		t.Logf("%s: %+v", path, *q)
		if share := float64(q.RelayedMS) / float64(q.SoundMS); path == "relayed" && share < 0.8 || path == "mixed" && share != 0 {
			t.Errorf("%s call: %.2f of it relayed", path, share)
		}
		for _, e := range c.Events {
			if e.Kind != "LegMeasured" {
				continue
			}
			s := e.Body.Sound
			t.Logf("%s: %+v", e.Body.Port, s)
			late += s.Late
			if s.Codec != "PCMA" || s.Lost != 0 || s.Received < 100 || s.Late == 0 && s.MOS <= 4 || s.FarMOS <= 4 || s.TripMS <= 0 || s.PlayoutMS > 200 { // the buffer's bound: a busy machine's packets are waited for
				t.Errorf("%s call, %s: %+v", path, e.Body.Port, s)
			}
		}
		if late > 0 {
			t.Logf("%s: %d packets were late in the box", path, late)
		} else if q.MOS <= 4 || q.Word != "good" || q.Loss != 0 {
			t.Errorf("%s call: %+v", path, *q)
		}
		if q.TripMS <= 0 || q.TripMS > 200 {
			t.Errorf("%s call: round trip %.1f ms", path, q.TripMS)
		}
	}
}
