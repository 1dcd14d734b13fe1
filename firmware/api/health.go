package api

import (
	"net/http"
	"reflect"

	"centralita/firmware/access"
)

// Health is what the machinery counted since the program started, for support and
// for load tests; the alarms tell people what matters of it.
type Health struct {
	UptimeMS int64         `json:"uptime_ms"`
	Media    MediaHealth   `json:"media"`
	Highway  HighwayHealth `json:"highway"`
	Journal  JournalHealth `json:"journal"`
	Memory   MemoryHealth  `json:"memory"`

	Heartbeat HeartbeatHealth `json:"heartbeat"`
}

// HeartbeatHealth is the proof, every few seconds, that the box works as a whole: SIP
// through the real socket, sound, loop and journal.
type HeartbeatHealth struct {
	Good      bool   `json:"good"`
	Failing   string `json:"failing" doc:"sip, sound, loop, journal or watchdog; empty when good"`
	Why       string `json:"why"`
	Beats     uint64 `json:"beats" doc:"good ones"`
	Missed    uint64 `json:"missed"`
	LastMS    int64  `json:"last_ms" doc:"since the last good one; -1 before the first"`
	LongestUS int64  `json:"longest_us" doc:"the longest good one"`
	// Watchdog is the hardware that starts the box anew when beats fail to come.
	WatchdogMS int64 `json:"watchdog_ms" doc:"its time-out; 0 when there is none"`
	Bit        bool  `json:"bit" doc:"it started the box the last time"`
}

// MediaHealth is of the sound engine.
type MediaHealth struct {
	Ticks     uint64 `json:"ticks"`
	Delayed   uint64 `json:"delayed" doc:"ticks that began more than 5 ms late"`
	Skipped   uint64 `json:"skipped" doc:"frames given up after a long delay"`
	Missing   uint64 `json:"missing" doc:"periods in which the clock did not come"`
	HeardLost uint64 `json:"heard_lost" doc:"digits and other facts dropped because the loop was slow"`
	TapLost   uint64 `json:"tap_lost" doc:"recorded frames dropped because the disk was slow"`
	Refused   uint64 `json:"refused" doc:"orders that could not be carried out"`
	LongestUS int64  `json:"longest_us" doc:"the longest tick"`
}

// HighwayHealth is of the bus of the analog sockets.
type HighwayHealth struct {
	Frames    uint64 `json:"frames"`
	Underruns uint64 `json:"underruns"`
	Overruns  uint64 `json:"overruns"`
	NoClock   uint64 `json:"no_clock"`
	Suspends  uint64 `json:"suspends"`
	Realigned uint64 `json:"realigned" doc:"new starts of its streams"`
}

// JournalHealth is how far the book is, and how far it is safe on the disk.
type JournalHealth struct {
	Last    uint64 `json:"last"`
	Durable uint64 `json:"durable"`
}

// MemoryHealth is of the program.
type MemoryHealth struct {
	HeapBytes  uint64 `json:"heap_bytes" doc:"in use when garbage was last collected"`
	Goroutines int    `json:"goroutines"`
}

func (d *door) healthEndpoints() []endpoint {
	if d.Health == nil {
		return nil
	}
	return []endpoint{{
		method: http.MethodGet, path: "/health", role: access.Supervisor, out: reflect.TypeFor[Health](),
		help: "Counters of sound, analog bus, journal and memory since the start, and the heartbeat.",
		run:  func(*ask) (any, error) { return d.Health(), nil },
	}}
}
