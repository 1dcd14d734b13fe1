package chain

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// priority of the thread that serves a chain among those the kernel runs before
// all common ones: below the sound thread, which must never wait, above everything
// else, since dial pulses and flashes are timed to a few milliseconds.
const priority = 10

// hasten gives the calling goroutine such a thread (sched(7)). Where that is not
// allowed nothing changes. back undoes it.
func hasten() (back func()) {
	runtime.LockOSThread()
	was, err := unix.SchedGetAttr(0, 0)
	if err == nil {
		err = unix.SchedSetAttr(0, &unix.SchedAttr{
			Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: priority, Flags: unix.SCHED_FLAG_RESET_ON_FORK,
		}, 0)
	}
	return func() {
		if err == nil {
			_ = unix.SchedSetAttr(0, was, 0) // less than we have is always allowed
		}
		runtime.UnlockOSThread()
	}
}
