package main

import (
	"os"
	"runtime"
)

// threads lets the two threads of sound, the media engine's and the one that reads
// RTP sockets, run Go code whenever the kernel gives them a processor: without
// places of their own they would wait for one that the deciding part holds, up to
// 10 ms. GOMAXPROCS in the environment goes before.
func threads() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.NumCPU() + 2)
	}
}
