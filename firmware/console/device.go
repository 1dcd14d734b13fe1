package console

import (
	"context"
	"os"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// reopenAfter is how long a missing device waits: a USB cable that was pulled
// comes back as a new file.
const reopenAfter = time.Second

// Device is the console on one serial device.
type Device struct {
	c     *Console
	path  string
	retry time.Duration
}

// Device makes a worker for a serial device; what speed it has is the system's.
func (c *Console) Device(path string) *Device { return &Device{c, path, reopenAfter} }

func (d *Device) String() string { return "console on " + d.path }

// Serve speaks with whoever is at the device, again and again, until ctx ends.
// It says once that the device is missing and waits for it.
func (d *Device) Serve(ctx context.Context) error {
	missing := false
	for ctx.Err() == nil {
		f, err := openDevice(d.path)
		if err != nil && !missing {
			d.c.Log.Warn("the console's device cannot be opened; waiting for it", "device", d.path, "err", err)
		}
		if missing = err != nil; !missing {
			d.session(ctx, f)
		}
		wait(ctx, d.retry)
	}
	return ctx.Err()
}

func (d *Device) session(ctx context.Context, f *os.File) {
	stop := context.AfterFunc(ctx, func() { _ = f.Close() }) // wakes the reader; an error has nobody left to act
	defer func() {
		if stop() {
			_ = f.Close() // the line is gone either way
		}
	}()
	for ctx.Err() == nil {
		if err := d.c.Session(ctx, f, "serial"); err != nil {
			d.c.Log.Debug("the console's line ended", "device", d.path, "err", err)
			return
		}
	}
}

// openDevice opens without becoming its terminal's child (O_NOCTTY) and so that
// Close ends a read under way (O_NONBLOCK, then the runtime's poller).
func openDevice(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	raw, err := f.SyscallConn()
	if err == nil {
		err = raw.Control(func(fd uintptr) { // not f.Fd: that would make it block again
			if term.IsTerminal(int(fd)) {
				_, err = term.MakeRaw(int(fd))
			}
		})
	}
	if err != nil {
		_ = f.Close() // the first error says more
		return nil, err
	}
	return f, nil
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
