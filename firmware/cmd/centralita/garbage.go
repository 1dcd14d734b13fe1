package main

import (
	"os"
	"runtime/debug"

	"golang.org/x/sys/unix"
)

const (
	// garbageMost is how much may lie about before it is collected, in per cent of what
	// is in use. While it is collected, everything but sound waits for its turns at the
	// processor: of a hundred calls a second the transactions alone are 60 MB, which
	// SIP keeps for 32 s, and to go through them takes a tenth of a second on one core.
	// At 50 per cent that was every second, and a freed agent's next caller waited.
	garbageMost = 200
	// Where memory runs short it is collected sooner: a quarter of the machine's is
	// ours, but never less than the leanest box uses at its busiest.
	ourShare  = 4
	leastOurs = 96 << 20
)

// garbage says when the collector begins. GOGC and GOMEMLIMIT in the environment go
// before.
func garbage() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbageMost)
	}
	var is unix.Sysinfo_t
	if os.Getenv("GOMEMLIMIT") == "" && unix.Sysinfo(&is) == nil {
		debug.SetMemoryLimit(max(int64(is.Totalram)*int64(is.Unit)/ourShare, leastOurs))
	}
}
