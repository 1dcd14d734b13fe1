package powerfail

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"centralita/hal"
	"centralita/hal/sim/bus"
)

// TestDips: a supply that goes is told within a millisecond, once, and again only when
// it was back for a while.
func TestDips(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pin := bus.NewPin("PWRFAILn")
		var told []hal.Power
		w := New(pin, func(p hal.Power) { told = append(told, p) })
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- w.Serve(ctx) }()
		time.Sleep(time.Second)
		synctest.Wait()
		if len(told) != 0 {
			t.Fatalf("told %v of a good supply", told)
		}
		fell := time.Now()
		pin.PullLow(0, true)
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if len(told) != 1 || !told[0].Failing || told[0].At.Sub(fell) > time.Millisecond {
			t.Fatalf("told %v, it fell at %s", told, fell)
		}
		for range 3 { // it flutters
			pin.PullLow(0, false)
			time.Sleep(50 * time.Millisecond)
			pin.PullLow(0, true)
			time.Sleep(50 * time.Millisecond)
		}
		synctest.Wait()
		if len(told) != 1 {
			t.Fatalf("told %v of one failure", told)
		}
		pin.PullLow(0, false)
		back := time.Now()
		time.Sleep(time.Second)
		synctest.Wait()
		if len(told) != 2 || told[1].Failing || told[1].At.Sub(back) < settled {
			t.Fatalf("told %v, it came back at %s", told, back)
		}
		cancel()
		<-done
	})
}

// TestAlreadyFailing: a supply that is bad at the start is told too.
func TestAlreadyFailing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pin := bus.NewPin("PWRFAILn")
		pin.PullLow(0, true)
		var told []hal.Power
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_ = New(pin, func(p hal.Power) { told = append(told, p) }).Serve(ctx)
		if len(told) != 1 || !told[0].Failing {
			t.Errorf("told %v", told)
		}
	})
}
