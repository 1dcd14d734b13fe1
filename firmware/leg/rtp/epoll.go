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

// loopNice puts the reading thread before common ones, but, other than a real-time
// priority, lets the rest of the box live when somebody floods the sockets.
const loopNice = -15

// prefer asks the kernel for it; where that is not allowed nothing changes. Threads
// made by this one do not inherit it. The caller holds the thread and gives back
// what it was.
func prefer() (back func()) {
	was, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		return func() {}
	}
	now := *was
	now.Nice, now.Flags = loopNice, now.Flags|unix.SCHED_FLAG_RESET_ON_FORK
	if unix.SchedSetAttr(0, &now, 0) != nil {
		return func() {}
	}
	return func() { _ = unix.SchedSetAttr(0, was, 0) } // less than we have is always allowed
}
