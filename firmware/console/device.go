package console

import (
	"context"
	"errors"
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
	place Place
	retry time.Duration
}

// Device makes a worker for a serial device.
func (c *Console) Device(p Place) *Device { return &Device{c, p, reopenAfter} }

func (d *Device) String() string { return "console on " + d.place.Path }

// Serve speaks with whoever is at the device, again and again, until ctx ends.
// It says once that the device is missing and waits for it.
func (d *Device) Serve(ctx context.Context) error {
	missing := false
	for ctx.Err() == nil {
		f, err := openDevice(d.place)
		if err != nil && !missing {
			d.c.Log.Warn("the console's device cannot be opened; waiting for it", "device", d.place.Path, "err", err)
		}
		if missing = err != nil; !missing {
			d.session(ctx, f)
		}
		wait(ctx, d.retry)
	}
	return ctx.Err()
}

// session lets one person after the other sign in, as long as the line is there. A
// cable that is pulled ends it, which signs out whoever was there; a line that was
// half typed goes with it, and what was acknowledged stays.
func (d *Device) session(ctx context.Context, f *os.File) {
	w := newWire(f)
	defer w.close()
	stop := context.AfterFunc(ctx, func() { _ = f.Close() }) // wakes the reader; an error has nobody left to act
	defer func() {
		if stop() {
			_ = f.Close() // the line is gone either way
		}
	}()
	for ctx.Err() == nil {
		if err := d.c.Session(ctx, w, Serial); err != nil {
			d.c.Log.Debug("the console's line ended", "device", d.place.Path, "err", err)
			return
		}
	}
}

// openDevice opens without becoming its terminal's child (O_NOCTTY) and so that
// Close ends a read under way (O_NONBLOCK, then the runtime's poller).
func openDevice(p Place) (*os.File, error) {
	f, err := os.OpenFile(p.Path, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	conn, err := f.SyscallConn()
	if err == nil {
		var setting error
		err = conn.Control(func(fd uintptr) { // not f.Fd: that would make it block again
			if term.IsTerminal(int(fd)) {
				setting = raw(int(fd), p.Speed)
			}
		})
		err = errors.Join(err, setting)
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
