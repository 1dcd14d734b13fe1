package app

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// tidyEvery is how often it is looked for garbage that nobody collects: memory is
	// back at its level a minute after a flood.
	tidyEvery = 20 * time.Second
	// tidyAbove is the garbage for which it is worth it.
	tidyAbove = 4 << 20
)

// serveMemory gives the memory of busy times back: the collector begins when as much
// again has been made as is in use, which in a quiet hour does not come to pass.
func (a *App) serveMemory(ctx context.Context) error {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	var cycles uint64
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if now, garbage := collected(); now != cycles {
			cycles = now // it comes along by itself
		} else if garbage > tidyAbove {
			debug.FreeOSMemory()
			cycles, _ = collected()
		}
	}
}

// collected is how often garbage was collected, and how much more than was kept then
// there is now.
func collected() (cycles, garbage uint64) {
	s := []metrics.Sample{{Name: "/gc/cycles/total:gc-cycles"}, {Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(s) // it stops nothing
	objects, live := s[1].Value.Uint64(), s[2].Value.Uint64()
	return s[0].Value.Uint64(), max(objects, live) - live
}
