package media

import "golang.org/x/sys/unix"

// soundPriority is above everything common and below the kernel's own threads
// for interrupts (50).
const soundPriority = 20

// hasten asks the kernel to run this thread before all common ones (sched(7)): a
// frame that comes late is lost, and a tick is short. Where that is not allowed,
// as on a laptop, nothing changes. Threads made by this one do not inherit it.
// The caller holds the thread and gives back what it was before it lets go.
func hasten() (back func()) {
	was, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		return func() {}
	}
	err = unix.SchedSetAttr(0, &unix.SchedAttr{
		Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: soundPriority, Flags: unix.SCHED_FLAG_RESET_ON_FORK,
	}, 0)
	if err != nil {
		return func() {}
	}
	return func() { _ = unix.SchedSetAttr(0, was, 0) } // less than we have is always allowed
}
