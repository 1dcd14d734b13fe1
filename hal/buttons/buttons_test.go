package buttons

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"centralita/hal"
	"centralita/hal/sim/bus"
)

// TestPress: bounces are no presses, chatter within a press does not split it,
// and the end of Serve takes no longer than one patience.
func TestPress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pin, told := bus.NewPin("BTNn"), make(chan hal.Press, 10)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = New("factory", pin, func(p hal.Press) { told <- p }).Serve(ctx)
		}()
		time.Sleep(time.Second)
		for _, d := range []time.Duration{5, 500, 5, 500} { // two bounces
			pin.PullLow(0, d == 5)
			time.Sleep(d * time.Millisecond)
		}
		if len(told) != 0 {
			t.Fatalf("a bounce was told as %+v", <-told)
		}
		for _, d := range []time.Duration{300, 5, 300} { // chatter in the middle
			pin.PullLow(0, d == 300)
			time.Sleep(d * time.Millisecond)
		}
		pin.PullLow(0, false)
		time.Sleep(time.Second)
		if len(told) != 1 {
			t.Fatalf("%d presses", len(told))
		}
		if p := <-told; !p.Done || p.Held < 550*time.Millisecond || p.Held > 650*time.Millisecond {
			t.Errorf("told %+v", p)
		}
		begun := time.Now()
		cancel()
		<-ended
		if d := time.Since(begun); d > patience {
			t.Errorf("ended after %s", d)
		}
	})
}
