package supervise

import (
	"context"
	"runtime"

	"golang.org/x/sys/unix"
)

// Urgent lets a worker run on a thread of its own that the kernel runs before all
// common ones (sched(7)); a higher priority goes first, and 50 is that of the
// kernel's own threads for interrupts. Where that is not allowed, as on a laptop,
// it still has its own thread. Threads made by this one do not inherit it.
//
// While Go's collector looks at such a thread's stack the thread does not sleep, it
// turns: on one processor it keeps the collector from ending, until the kernel takes its
// turn away (sched_rt_runtime_us). The image's /etc/sysctl.conf has that happen within a
// frame of sound; the kernel's own setting is a second.
func Urgent(priority int, w Worker) Worker { return urgent{w, priority} }

type urgent struct {
	Worker
	priority int
}

func (u urgent) Serve(ctx context.Context) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer hasten(u.priority)()
	return u.Worker.Serve(ctx)
}

// hasten asks for the calling thread; back gives it back as it was.
func hasten(priority int) (back func()) {
	was, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		return func() {}
	}
	err = unix.SchedSetAttr(0, &unix.SchedAttr{
		Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: uint32(priority), Flags: unix.SCHED_FLAG_RESET_ON_FORK,
	}, 0)
	if err != nil {
		return func() {}
	}
	return func() { _ = unix.SchedSetAttr(0, was, 0) } // less than we have is always allowed
}
