package app

import (
	"runtime"
	"runtime/metrics"
	"time"

	"centralita/firmware/api"
)

// health collects the counters of the parts.
func (a *App) health() api.Health {
	m, w := a.engine.Counters(), a.box.Highway.Counters()
	heap := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(heap) // unlike runtime.ReadMemStats it stops nothing
	return api.Health{
		UptimeMS: time.Since(a.began).Milliseconds(),
		Media: api.MediaHealth{
			Ticks: m.Ticks, Delayed: m.Delayed, Skipped: m.Skipped, Missing: m.Missing,
			HeardLost: m.HeardLost, TapLost: m.TapLost, Refused: m.Refused, LongestUS: m.Longest.Microseconds(),
		},
		Highway: api.HighwayHealth{Frames: w.Frames, Underruns: w.Underruns, Overruns: w.Overruns, NoClock: w.NoClock, Suspends: w.Suspends, Realigned: w.Realigned},
		Journal: api.JournalHealth{Last: a.journal.Last(), Durable: a.journal.Durable()},
		Memory:  api.MemoryHealth{HeapBytes: heap[0].Value.Uint64(), Goroutines: runtime.NumGoroutine()},

		Heartbeat: a.heartbeat(),
	}
}

func (a *App) heartbeat() api.HeartbeatHealth {
	s := a.heart.State()
	h := api.HeartbeatHealth{
		Good: s.Good, Failing: s.Failing, Why: s.Why, Beats: s.Beats, Missed: s.Missed, LastMS: -1, LongestUS: s.Longest.Microseconds(),
	}
	if !s.Last.IsZero() {
		h.LastMS = time.Since(s.Last).Milliseconds()
	}
	if w := a.box.Watchdog; w != nil {
		h.WatchdogMS, h.Bit = w.Timeout().Milliseconds(), w.Bit()
	}
	return h
}
