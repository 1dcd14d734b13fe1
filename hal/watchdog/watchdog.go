// Package watchdog feeds the kernel's watchdog device, which resets the box when
// nobody does.
//
// Boards make one; firmware/app feeds it, and only while the whole box was just seen
// to work. The device is opened by the first Feed, for opening starts it: a program
// that has not come up yet is the business of the kernel's own watchdog.open_timeout.
// From then on only Close ends it in order (the letter V, where the driver knows it); a
// program that ends in any other way leaves it running, and has its time-out to be
// started again.
//
// Source: Documentation/watchdog/watchdog-api.rst of the kernel. Traps: a driver may
// round the time-out; without WDIOF_MAGICCLOSE, or built with nowayout, Close does not
// stop it; a second opener is refused with EBUSY.
package watchdog

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"centralita/hal"
)

// device is an open watchdog device: each method is one system call.
type device interface {
	setTimeout(seconds int) (int, error) // what the driver made of it
	bootStatus() (int, error)
	write(b byte) error
	close() error
}

// cardReset is WDIOF_CARDRESET: the last start was the watchdog's doing.
const cardReset = 0x20

// Watchdog is one device. It fulfils hal.Watchdog.
type Watchdog struct {
	path string
	open func(path string) (device, error)

	mu      sync.Mutex
	timeout time.Duration
	dev     device // nil before the first Feed
	bit     bool
}

var _ hal.Watchdog = (*Watchdog)(nil)

// New makes the watchdog of a device, "/dev/watchdog0", that is there; nothing is
// started. The time-out is in whole seconds.
func New(path string, timeout time.Duration) (*Watchdog, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("watchdog: the kernel has no %s", path)
	}
	return &Watchdog{path: path, timeout: timeout, open: openDevice}, nil
}

// Timeout fulfils hal.Watchdog: after the first Feed what the driver took.
func (w *Watchdog) Timeout() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.timeout
}

// Bit fulfils hal.Watchdog. It is known from the first Feed on.
func (w *Watchdog) Bit() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bit
}

// Feed fulfils hal.Watchdog.
func (w *Watchdog) Feed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dev == nil {
		if err := w.start(); err != nil {
			return fmt.Errorf("watchdog: %s: %w", w.path, err)
		}
	}
	if err := w.dev.write(0); err != nil {
		return fmt.Errorf("watchdog: %s: feed: %w", w.path, err)
	}
	return nil
}

func (w *Watchdog) start() error {
	d, err := w.open(w.path)
	if err != nil {
		return err
	}
	w.dev = d
	status, err := d.bootStatus()
	w.bit = err == nil && status > 0 && status&cardReset != 0
	took, err := d.setTimeout(int(w.timeout / time.Second))
	if err == nil && took > 0 {
		w.timeout = time.Duration(took) * time.Second
		return nil
	}
	// Some have one time-out only: it is fed often enough for any that is sold.
	return nil
}

// Close fulfils hal.Watchdog.
func (w *Watchdog) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dev == nil {
		return nil
	}
	err := errors.Join(w.dev.write('V'), w.dev.close())
	w.dev = nil
	if err != nil {
		return fmt.Errorf("watchdog: %s: %w", w.path, err)
	}
	return nil
}

// file is the kernel's device.
type file struct{ *os.File }

func openDevice(path string) (device, error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	return file{f}, nil
}

func (f file) setTimeout(seconds int) (int, error) {
	fd := int(f.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.WDIOC_SETTIMEOUT, seconds); err != nil {
		return 0, err
	}
	return unix.IoctlGetInt(fd, unix.WDIOC_GETTIMEOUT)
}

func (f file) bootStatus() (int, error) {
	return unix.IoctlGetInt(int(f.Fd()), unix.WDIOC_GETBOOTSTATUS)
}

func (f file) write(b byte) error {
	_, err := f.Write([]byte{b})
	return err
}

func (f file) close() error { return f.Close() }
