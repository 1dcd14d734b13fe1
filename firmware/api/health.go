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
}

// JournalHealth is how far the book is, and how far it is safe on the disk.
type JournalHealth struct {
	Last    uint64 `json:"last"`
	Durable uint64 `json:"durable"`
}

// MemoryHealth is of the program.
type MemoryHealth struct {
	HeapBytes  uint64 `json:"heap_bytes"`
	Goroutines int    `json:"goroutines"`
}

func (d *door) healthEndpoints() []endpoint {
	if d.Health == nil {
		return nil
	}
	return []endpoint{{
		method: http.MethodGet, path: "/health", role: access.Supervisor, out: reflect.TypeFor[Health](),
		help: "Counters of sound, analog bus, journal and memory since the start.",
		run:  func(*ask) (any, error) { return d.Health(), nil },
	}}
}
