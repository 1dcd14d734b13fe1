package app

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// tidyEvery is how often it is looked for memory that nobody uses.
	tidyEvery = 10 * time.Second
	// tidyAbove is the memory for which it is worth it.
	tidyAbove = 4 << 20
	// tidyAgain is after how many looks without a collection what was in use at the
	// last one is looked through again: SIP keeps what a flood asked for 32 s (RFC 3261
	// timers H and J), and a minute after it memory is to be back at its level.
	tidyAgain = 3
)

// serveMemory gives the memory of busy times back: the collector begins when as much
// again has been made as is in use, which in a quiet hour does not come to pass, and
// keeps for itself what it then finds. Quiet is when it did not begin by itself for
// as long as between two looks: then a collection keeps nobody waiting.
func (a *App) serveMemory(ctx context.Context) error {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	last, quiet := collected(), 0
	var left, level uint64 // what a collection could not give back
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		now := collected()
		if quiet++; now.cycles != last.cycles {
			quiet = 0
		}
		again := quiet >= tidyAgain && now.live > level+tidyAbove
		if again || quiet > 0 && now.spare > left+tidyAbove {
			debug.FreeOSMemory()
			now, quiet = collected(), 0
			left = now.spare
		}
		if again {
			level = now.live
		}
		last, left = now, min(left, now.spare)
	}
}

// memory is how often garbage was collected, what was in use then, and how much the
// program has beside that.
type memory struct{ cycles, live, spare uint64 }

func collected() memory {
	s := []metrics.Sample{{Name: "/gc/cycles/total:gc-cycles"}, {Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/free:bytes"}}
	metrics.Read(s) // it stops nothing
	objects, live := s[1].Value.Uint64(), s[2].Value.Uint64()
	return memory{s[0].Value.Uint64(), live, max(objects, live) - live + s[3].Value.Uint64()}
}
