package supervise_test

import (
	"context"
	"testing"

	"centralita/firmware/supervise"

	"golang.org/x/sys/unix"
)

// An urgent worker has what it asked for while it runs, and its thread goes back
// to what it was.
func TestUrgent(t *testing.T) {
	policy := func() (uint32, uint32) {
		a, err := unix.SchedGetAttr(0, 0)
		if err != nil {
			t.Fatal(err)
		}
		return a.Policy, a.Priority
	}
	var during, after, priority uint32
	w := supervise.Urgent(7, supervise.Named("w", func(context.Context) error {
		during, priority = policy()
		return nil
	}))
	if w.String() != "w" {
		t.Errorf("name %q", w)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		was, _ := policy()
		if err := w.Serve(t.Context()); err != nil {
			t.Error(err)
		}
		if after, _ = policy(); after != was {
			t.Errorf("policy %d before, %d after", was, after)
		}
	}()
	<-done
	if during == after {
		t.Skip("this machine allows nobody to be urgent")
	}
	if during != unix.SCHED_RR || priority != 7 {
		t.Errorf("policy %d, priority %d", during, priority)
	}
}
