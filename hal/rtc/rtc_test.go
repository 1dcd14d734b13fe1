package rtc

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// quartz is a clock in memory.
type quartz struct {
	now  unix.RTCTime
	fail error
}

func (q *quartz) read() (*unix.RTCTime, error) { return &q.now, q.fail }
func (q *quartz) set(t *unix.RTCTime) error    { q.now = *t; return q.fail }
func (q *quartz) close() error                 { return nil }

func TestReadWhatWasSet(t *testing.T) {
	q := &quartz{}
	c := &Clock{"/dev/rtc0", func(string) (device, error) { return q, nil }}
	rome := time.FixedZone("Rome", 3600)
	at := time.Date(2026, 2, 28, 23, 59, 59, 600e6, rome)
	if err := c.Set(at); err != nil {
		t.Fatal(err)
	}
	got, err := c.Read()
	if want := time.Date(2026, 2, 28, 23, 0, 0, 0, time.UTC); err != nil || !got.Equal(want) {
		t.Errorf("read %s, %v, want %s", got, err, want)
	}
	if q.now.Year != 126 || q.now.Mon != 1 || q.now.Wday != 6 || q.now.Yday != 58 {
		t.Errorf("set %+v", q.now)
	}
}

func TestEmptyBattery(t *testing.T) {
	q := &quartz{now: unix.RTCTime{Year: 70, Mday: 1}}
	c := &Clock{"/dev/rtc0", func(string) (device, error) { return q, nil }}
	if _, err := c.Read(); !errors.Is(err, ErrEmpty) {
		t.Errorf("a clock of 1970 is believed: %v", err)
	}
	q.fail = unix.EINVAL
	if _, err := c.Read(); !errors.Is(err, ErrEmpty) {
		t.Error(err)
	}
	if _, err := New(filepath.Join(t.TempDir(), "rtc0")); err == nil {
		t.Error("a clock that is not there was made")
	}
}
