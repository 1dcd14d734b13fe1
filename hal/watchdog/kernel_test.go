package watchdog

import (
	"flag"
	"testing"
	"time"
)

var tried = flag.String("device", "", "watchdog to try, such as /dev/watchdog0: it is fed and stopped; none: this test is left out")

// TestKernel starts, feeds and stops a watchdog, and outlives its time-out.
func TestKernel(t *testing.T) {
	if *tried == "" {
		t.Skip("no -device")
	}
	w, err := New(*tried, 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		if err := w.Feed(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(500 * time.Millisecond) // longer than its time-out altogether
	}
	t.Logf("time-out %s, last start by it %t", w.Timeout(), w.Bit())
	if w.Timeout() != 2*time.Second {
		t.Errorf("time-out is %s", w.Timeout())
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * time.Second) // it would have bitten
}
