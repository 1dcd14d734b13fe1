package kernelside_test

import (
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// lateMost is what the board's sound has in store: four frames ahead.
const lateMost = 40 * time.Millisecond

// TestCollector: Go's collector does not keep a thread of sound. While the collector
// looks at a goroutine's stack its thread turns round and round; a real-time one so keeps
// the collector from the only processor, until the kernel stops it for using its whole
// share of real time: with a period of a second, the kernel's own setting, that is a
// second and more without sound. /etc/sysctl.conf makes the period short.
//
//	GOMAXPROCS=4 kernelside.test -test.v -kernel -test.run TestCollector
func TestCollector(t *testing.T) {
	if !*kernel {
		t.Skip("no -kernel")
	}
	ended := make(chan time.Duration)
	go func() { ended <- latest(t) }()
	for n := 0; ; n++ {
		select {
		case late := <-ended:
			t.Logf("beside %d collections a thread of sound was late by at most %v", n, late)
			if late > lateMost {
				t.Errorf("a thread of sound was late by %v, more than %v", late, lateMost)
			}
			return
		default:
			runtime.GC()
		}
	}
}

// latest waits a few times for each frame for ten seconds on a real-time thread, and
// tells how late it came back at most.
func latest(t *testing.T) (late time.Duration) {
	runtime.LockOSThread() // the thread ends with it
	turns := &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: 30, Flags: unix.SCHED_FLAG_RESET_ON_FORK}
	if err := unix.SchedSetAttr(0, turns, 0); err != nil {
		t.Error(err)
		return 0
	}
	const wait = 2 * time.Millisecond
	limit := unix.NsecToTimespec(int64(wait))
	for begun := time.Now(); time.Since(begun) < 10*time.Second; {
		asked := time.Now()
		_, _ = unix.Ppoll(nil, &limit, nil) // an interrupted wait is no late one
		late = max(late, time.Since(asked)-wait)
	}
	return late
}
