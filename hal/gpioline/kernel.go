package gpioline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// consumer is the name under which the kernel lists us beside our lines.
const consumer = "centralita"

// place is where a line is.
type place struct {
	chip   string // "/dev/gpiochip1"
	offset uint32
	taken  string // by whom, "" nobody
}

// handle is a line that the kernel gave us: every method is one system call.
type handle interface {
	configure(config) error
	get() (high bool, err error)
	set(high bool) error
	// next waits for an edge; os.ErrDeadlineExceeded when none came.
	next(patience time.Duration) (event, error)
	close() error
}

// kernel is where lines come from.
type kernel interface {
	// list calls f for every line that has a name.
	list(f func(name string, at place)) error
	take(at place, c config) (handle, error)
	// monotonic is the clock of the time stamps.
	monotonic() time.Duration
}

// linux is the real one.
type linux struct{}

func (linux) monotonic() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

func (linux) list(f func(name string, at place)) error {
	chips, err := filepath.Glob("/dev/gpiochip*")
	if err != nil || len(chips) == 0 {
		return errors.New("the kernel has no GPIO chip: there is no /dev/gpiochip*")
	}
	for _, path := range chips {
		if err := listChip(path, f); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// linesMost bounds a chip; the largest controllers have some hundred.
const linesMost = 4096

func listChip(path string, f func(name string, at place)) error {
	chip, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrPermission) {
		return nil // not ours; who looks for a line of it is told that there is none
	}
	if err != nil {
		return err
	}
	defer chip.Close()
	var info chipInfo
	if err := ioctl(chip, ioctlChipInfo, unsafe.Pointer(&info)); err != nil {
		return err
	}
	for n := range min(info.lines, linesMost) {
		line := lineInfo{offset: n}
		if err := ioctl(chip, ioctlLineInfo, unsafe.Pointer(&line)); err != nil {
			return err
		}
		if name := text(line.name); name != "" {
			at := place{chip: path, offset: n}
			if line.flags&flagUsed != 0 {
				at.taken = text(line.consumer)
				if at.taken == "" {
					at.taken = "the kernel"
				}
			}
			f(name, at)
		}
	}
	return nil
}

func text(b [nameMost]byte) string {
	s, _, _ := strings.Cut(string(b[:]), "\x00")
	return s
}

func ioctl(f *os.File, request uintptr, with unsafe.Pointer) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var e unix.Errno
	err = raw.Control(func(fd uintptr) {
		_, _, e = unix.Syscall(unix.SYS_IOCTL, fd, request, uintptr(with))
	})
	if err == nil && e != 0 {
		err = e
	}
	return err
}

func (linux) take(at place, c config) (handle, error) {
	chip, err := os.OpenFile(at.chip, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer chip.Close() // the line's own descriptor is enough
	r := lineRequest{config: c, lines: 1}
	r.offsets[0] = at.offset
	copy(r.consumer[:], consumer)
	if err := ioctl(chip, ioctlLine, unsafe.Pointer(&r)); err != nil {
		return nil, err
	}
	if err := unix.SetNonblock(int(r.fd), true); err != nil {
		return nil, errors.Join(err, unix.Close(int(r.fd)))
	}
	return &descriptor{os.NewFile(uintptr(r.fd), at.chip)}, nil
}

// descriptor is a line's own; edges are read from it through Go's poller, so that who
// waits for one holds no thread.
type descriptor struct{ f *os.File }

func (d *descriptor) configure(c config) error {
	return ioctl(d.f, ioctlSetConfig, unsafe.Pointer(&c))
}

func (d *descriptor) get() (bool, error) {
	v := values{mask: 1}
	err := ioctl(d.f, ioctlGetValues, unsafe.Pointer(&v))
	return v.bits&1 == 1, err
}

func (d *descriptor) set(high bool) error {
	v := values{mask: 1}
	if high {
		v.bits = 1
	}
	return ioctl(d.f, ioctlSetValues, unsafe.Pointer(&v))
}

func (d *descriptor) next(patience time.Duration) (event, error) {
	var e event
	if err := d.f.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return e, err
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(&e)), unsafe.Sizeof(e))
	n, err := d.f.Read(b)
	if err == nil && n < len(b) {
		err = errors.New("half an edge")
	}
	return e, err
}

func (d *descriptor) close() error { return d.f.Close() }
