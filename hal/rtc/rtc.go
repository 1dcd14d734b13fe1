// Package rtc reads and sets the battery clock, so that a box that was without power
// knows the day before any time server answers.
//
// Boards make one; firmware/app reads it at the start and saves the time to it. The
// clock holds UTC, to the second.
//
// Source: include/uapi/linux/rtc.h of the kernel. Traps: a clock whose battery was
// empty fails to be read with EINVAL, or counts on from 1970 or 2000.
package rtc

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"centralita/hal"
)

// device is a clock that is open: each method is one system call.
type device interface {
	read() (*unix.RTCTime, error)
	set(*unix.RTCTime) error
	close() error
}

// Clock is one battery clock. It fulfils hal.Clock.
type Clock struct {
	path string
	open func(path string) (device, error)
}

var _ hal.Clock = (*Clock)(nil)

// New makes the clock of a device, "/dev/rtc0", that is there.
func New(path string) (*Clock, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("battery clock: the kernel has no %s", path)
	}
	return &Clock{path, openDevice}, nil
}

// ErrEmpty says that the clock has no time to tell.
var ErrEmpty = errors.New("it has lost the time; its battery may be empty")

// first is the earliest time that is believed: years before it are what clocks begin
// with that were without power.
var first = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// Read fulfils hal.Clock.
func (c *Clock) Read() (time.Time, error) {
	d, err := c.open(c.path)
	if err != nil {
		return time.Time{}, fmt.Errorf("battery clock: %w", err)
	}
	defer d.close()
	r, err := d.read()
	if errors.Is(err, unix.EINVAL) {
		err = ErrEmpty
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("battery clock %s: %w", c.path, err)
	}
	t := time.Date(int(r.Year)+1900, time.Month(r.Mon+1), int(r.Mday), int(r.Hour), int(r.Min), int(r.Sec), 0, time.UTC)
	if t.Before(first) {
		return time.Time{}, fmt.Errorf("battery clock %s: %w", c.path, ErrEmpty)
	}
	return t, nil
}

// Set fulfils hal.Clock.
func (c *Clock) Set(t time.Time) error {
	d, err := c.open(c.path)
	if err != nil {
		return fmt.Errorf("battery clock: %w", err)
	}
	defer d.close()
	t = t.UTC().Round(time.Second)
	err = d.set(&unix.RTCTime{
		Year: int32(t.Year() - 1900), Mon: int32(t.Month() - 1), Mday: int32(t.Day()),
		Hour: int32(t.Hour()), Min: int32(t.Minute()), Sec: int32(t.Second()),
		Wday: int32(t.Weekday()), Yday: int32(t.YearDay() - 1),
	})
	if err != nil {
		return fmt.Errorf("battery clock %s: set: %w", c.path, err)
	}
	return nil
}

// file is the kernel's device.
type file struct{ *os.File }

func openDevice(path string) (device, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return file{f}, nil
}

func (f file) read() (*unix.RTCTime, error) { return unix.IoctlGetRTCTime(int(f.Fd())) }
func (f file) set(t *unix.RTCTime) error    { return unix.IoctlSetRTCTime(int(f.Fd()), t) }
func (f file) close() error                 { return f.Close() }
