package rtp

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// waiter waits for sockets with something to read.
type waiter struct {
	epoll int
	own   bool // the thread keeps a place of its own to run Go code
}

// newWaiter begins in the thread that will wait. With places to spare (see
// runtime.GOMAXPROCS) the thread keeps one while it waits and gets a priority before
// all common threads; else it gives its place up, for the others would stand still.
func newWaiter(epoll int) (w waiter, back func()) {
	const others = 2 // the tick's and one for everything else
	w = waiter{epoll: epoll, own: runtime.GOMAXPROCS(0) > others}
	if !w.own {
		return w, func() {}
	}
	return w, hasten()
}

// wait waits for so many milliseconds. In a place of its own it goes past Go's
// scheduler, which then neither has to find the thread a place when a packet comes,
// nor may be reading its stack at that moment: the runtime would spin until it has
// done so, and under a real-time priority whoever reads it never comes to run. The
// runtime ends the wait by a signal when it wants the thread to stop.
func (w waiter) wait(events []unix.EpollEvent, ms int) (int, error) {
	var n int
	var err error
	if w.own {
		n, err = epollPast(w.epoll, events, ms)
	} else {
		n, err = unix.EpollWait(w.epoll, events, ms)
	}
	if err == unix.EINTR {
		return 0, nil
	}
	return max(n, 0), err
}

func epollPast(epoll int, events []unix.EpollEvent, ms int) (int, error) {
	n, _, err := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(epoll), uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), uintptr(ms), 0, 0)
	if err != 0 {
		return 0, err
	}
	return int(n), nil
}

// urgency is the priority of the reading thread (sched(7)): before everything common,
// for a packet that waits is delay in a call, and after the tick of the media engine,
// which is shorter. When somebody floods the sockets the kernel leaves a part of the
// time to the others, a tenth on the box.
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
