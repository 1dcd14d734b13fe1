package highway

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// wirePriority is that of the sound thread of firmware/media: the clock of a real
// board waits for no program, so that of the simulated one should not either.
const wirePriority = 20

// hasten gives the calling goroutine a thread that the kernel runs before all
// common ones (sched(7)). Where that is not allowed nothing changes. back undoes
// it.
func hasten() (back func()) {
	runtime.LockOSThread()
	was, err := unix.SchedGetAttr(0, 0)
	if err == nil {
		err = unix.SchedSetAttr(0, &unix.SchedAttr{
			Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: wirePriority, Flags: unix.SCHED_FLAG_RESET_ON_FORK,
		}, 0)
	}
	return func() {
		if err == nil {
			_ = unix.SchedSetAttr(0, was, 0) // less than we have is always allowed
		}
		runtime.UnlockOSThread()
	}
}
