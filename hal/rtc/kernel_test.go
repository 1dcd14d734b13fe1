package rtc

import (
	"flag"
	"testing"
	"time"
)

var tried = flag.String("device", "", "clock to try, such as /dev/rtc0: it is set and set back; none: this test is left out")

// TestKernel sets a clock and reads what was set.
func TestKernel(t *testing.T) {
	if *tried == "" {
		t.Skip("no -device")
	}
	c, err := New(*tried)
	if err != nil {
		t.Fatal(err)
	}
	was, err := c.Read()
	t.Logf("read %s, %v", was, err)
	want := time.Date(2031, 12, 31, 23, 59, 58, 0, time.UTC)
	if err := c.Set(want); err != nil {
		t.Fatal(err)
	}
	got, err := c.Read()
	if off := got.Sub(want); err != nil || off < 0 || off > 2*time.Second {
		t.Errorf("set to %s, read %s, %v", want, got, err)
	}
	if err := c.Set(was); err != nil {
		t.Error(err)
	}
}
