package main

import (
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// threads lets the two threads of sound, the media engine's and the one that reads
// RTP sockets, run Go code whenever the kernel gives them a processor: without
// places of their own they would wait for one that the deciding part holds, up to
// 10 ms. GOMAXPROCS in the environment goes before.
//
// On one core, 300 recorded calls relayed, delay p99 and p99.9: with 3 places 0.24 and
// 1.0 ms; with 2, where the reader gives its own up while it waits, 19 and 42 ms; with
// one 2.1 and 3.2 ms, but then a freed agent waits whenever the disk does, p99 27 ms. More places
// than 3 are no better for sound (0.29 and 6.8 ms with 4) and worse for deciding, where
// four times as many calls of a hundred a second waited for more than 2.5 ms: the
// runtime takes a place without work for a processor without work and collects there,
// and the kernel has one core for both.
func threads() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.NumCPU() + 2)
	}
	fair()
}

// fairNice is what a real-time priority of the whole program becomes.
const fairNice = -19

// fair turns a real-time priority that the whole program was started with into a
// large share of the processor; the threads of sound ask for their own. Among threads
// of one such priority each has turns of 100 ms, in which whoever is to let a packet
// pass would wait for the garbage collector.
func fair() {
	if was, err := unix.SchedGetAttr(0, 0); err != nil || was.Policy != unix.SCHED_RR && was.Policy != unix.SCHED_FIFO {
		return
	}
	// Shares are of a session where the kernel groups by sessions (sched(7)).
	_ = os.WriteFile("/proc/self/autogroup", []byte(strconv.Itoa(fairNice)), 0)
	for changed := true; changed; { // threads may be made meanwhile
		changed = false
		tasks, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return
		}
		for _, t := range tasks {
			id, err := strconv.Atoi(t.Name())
			if err != nil {
				continue
			}
			was, err := unix.SchedGetAttr(id, 0)
			if err != nil || was.Policy != unix.SCHED_RR && was.Policy != unix.SCHED_FIFO {
				continue
			}
			changed = unix.SchedSetAttr(id, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_NORMAL, Nice: fairNice}, 0) == nil || changed
		}
	}
}
