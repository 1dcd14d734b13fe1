package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// calmLook is how often it is looked, calmAfter how long nothing was collected: then
	// so little is going on that a collection keeps nobody waiting. Both together are
	// less than the half minute that is left of a minute when SIP has forgotten what a
	// flood asked (RFC 3261 timers H and J, 32 s).
	calmLook  = 5 * time.Second
	calmAfter = 20 * time.Second
	// calmMore is what may lie about for as long as the runtime lets it.
	calmMore = 6 << 20
)

// calm gives back what a busy hour or a flood left, until ctx ends. The runtime alone
// would wait until that much comes again, or two minutes.
func calm(ctx context.Context) {
	tick := time.NewTicker(calmLook)
	defer tick.Stop()
	is := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/live:bytes"}}
	var last debug.GCStats
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		metrics.Read(is)
		debug.ReadGCStats(&last)
		if is[0].Value.Uint64() > is[1].Value.Uint64()+calmMore && time.Since(last.LastGC) > calmAfter {
			runtime.GC()
		}
	}
}
