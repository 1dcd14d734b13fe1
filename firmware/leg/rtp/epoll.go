package rtp

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// epollNow asks without waiting, past Go's scheduler.
func epollNow(epoll int, events []unix.EpollEvent) (int, error) {
	n, _, err := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(epoll), uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), 0, 0, 0)
	if err == unix.EINTR {
		return 0, nil
	}
	if err != 0 {
		return 0, err
	}
	return int(n), nil
}

// urgency is the priority of the reading thread (sched(7)): before everything common,
// for a packet that waits is delay in a call, and after the tick of the media engine,
// which is shorter. When somebody floods the sockets the kernel leaves a twentieth of
// each second to the others.
const urgency = 15

// hasten asks the kernel for it; where that is not allowed nothing changes. Threads
// made by this one do not inherit it. The caller holds the thread and gives back what
// it was.
func hasten() (back func()) {
	was, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		return func() {}
	}
	err = unix.SchedSetAttr(0, &unix.SchedAttr{
		Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: urgency, Flags: unix.SCHED_FLAG_RESET_ON_FORK,
	}, 0)
	if err != nil {
		return func() {}
	}
	return func() { _ = unix.SchedSetAttr(0, was, 0) } // less than we have is always allowed
}
