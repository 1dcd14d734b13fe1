package watchdog

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// dog is a device in memory.
type dog struct {
	opened  int
	timeout int
	only    int // the one time-out it has, 0 any
	boot    int
	fed     string
	closed  bool
	broken  error
}

func (d *dog) setTimeout(s int) (int, error) {
	if d.only != 0 {
		return 0, errors.New("not supported")
	}
	d.timeout = s
	return s, nil
}
func (d *dog) bootStatus() (int, error) { return d.boot, nil }
func (d *dog) write(b byte) error       { d.fed += string(rune(b)); return d.broken }
func (d *dog) close() error             { d.closed = true; return nil }

func newDog(d *dog) *Watchdog {
	return &Watchdog{path: "/dev/watchdog0", timeout: 30 * time.Second, open: func(string) (device, error) {
		d.opened++
		return d, nil
	}}
}

func TestFeedAndOrderlyEnd(t *testing.T) {
	d := &dog{boot: 0x8000 | cardReset}
	w := newDog(d)
	if d.opened != 0 || w.Bit() {
		t.Error("started before the first Feed")
	}
	for range 3 {
		if err := w.Feed(); err != nil {
			t.Fatal(err)
		}
	}
	if d.opened != 1 || d.timeout != 30 || d.fed != "\x00\x00\x00" || !w.Bit() || w.Timeout() != 30*time.Second {
		t.Errorf("opened %d, time-out %d, fed %q, bit %t", d.opened, d.timeout, d.fed, w.Bit())
	}
	if err := w.Close(); err != nil || !strings.HasSuffix(d.fed, "V") || !d.closed {
		t.Errorf("closed %t with %q: %v", d.closed, d.fed, err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

func TestOneTimeoutOnly(t *testing.T) {
	w := newDog(&dog{only: 60})
	if err := w.Feed(); err != nil || w.Bit() {
		t.Error(err, w.Bit())
	}
}

func TestFeedingFails(t *testing.T) {
	w := newDog(&dog{broken: errors.New("gone")})
	if err := w.Feed(); err == nil || !strings.Contains(err.Error(), "/dev/watchdog0: feed: gone") {
		t.Error(err)
	}
	path := filepath.Join(t.TempDir(), "watchdog0")
	if _, err := New(path, time.Second); err == nil || !strings.Contains(err.Error(), "the kernel has no "+path) {
		t.Error(err)
	}
}
