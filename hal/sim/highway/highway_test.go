package highway

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/hal"
)

// loop is a chip that captures what was played, in its slot.
type loop struct {
	slot  int
	clock bool
	steps int
}

func (l *loop) Step(out, in *hal.Frame) { in[l.slot] = out[l.slot]; l.steps++ }
func (l *loop) Clock(present bool)      { l.clock = present }

// running runs f beside a paced bus.
func running(t *testing.T, h *Highway, f func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { _ = h.Serve(ctx) })
	f()
	cancel()
	done.Wait()
}

func TestFramesComeBackInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New()
		h.Attach(&loop{slot: 3})
		running(t, h, func() {
			in, out := new(hal.Frame), new(hal.Frame)
			const delay = prefill // a frame given at n is captured at n+delay
			for n := int16(1); n < 500; n++ {
				out[3][0] = n
				if err := h.Exchange(in, out); err != nil {
					t.Fatal(err)
				}
				if want := max(n-delay, 0); in[3][0] != want {
					t.Fatalf("exchange %d captured %d, want %d", n, in[3][0], want)
				}
			}
		})
	})
}

// TestShortStallLosesNothing: an engine that is late by 40 ms, as on a busy host,
// finds every frame in its place; the clock waits for it.
func TestShortStallLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New()
		h.Attach(&loop{slot: 3})
		running(t, h, func() {
			in, out := new(hal.Frame), new(hal.Frame)
			for n := int16(1); n < 500; n++ {
				if n%100 == 0 {
					time.Sleep(4 * Period)
				}
				out[3][0] = n
				if err := h.Exchange(in, out); err != nil {
					t.Fatal(err)
				}
				if want := max(n-prefill, 0); in[3][0] != want {
					t.Fatalf("exchange %d captured %d, want %d", n, in[3][0], want)
				}
			}
			if c := h.Counters(); c.Underruns != 0 || c.Overruns != 0 {
				t.Errorf("counted %+v", c)
			}
		})
	})
}

// TestLateEngineIsCounted: an engine that stalls loses frames, finds them counted,
// and its delay is as before.
func TestLateEngineIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New()
		h.Attach(&loop{slot: 0})
		running(t, h, func() {
			in, out := new(hal.Frame), new(hal.Frame)
			_ = h.Exchange(in, out)
			time.Sleep(20 * Period)
			for range 20 {
				_ = h.Exchange(in, out)
			}
			c := h.Counters()
			if lost := 20 - captureDepth; c.Overruns < uint64(lost-3) || c.Overruns > uint64(lost) || c.Underruns == 0 {
				t.Errorf("a stall of 20 frames counted %+v", c)
			}
			out[0][0] = 77
			_ = h.Exchange(in, out)
			out[0][0] = 0
			for n := 0; in[0][0] != 77; n++ {
				if n > prefill+1 {
					t.Fatalf("the delay has grown to %d frames", n)
				}
				_ = h.Exchange(in, out)
			}
		})
	})
}

func TestMissingClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, chip := New(), &loop{clock: true}
		h.Attach(chip)
		running(t, h, func() {
			in, out := new(hal.Frame), new(hal.Frame)
			h.StopClock(true)
			if err := h.Exchange(in, out); !errors.Is(err, hal.ErrNoClock) || h.Counters().NoClock != 1 {
				t.Errorf("said %v, counted %+v", err, h.Counters())
			}
			if chip.clock {
				t.Error("the chip still has its clock")
			}
			h.StopClock(false)
			if err := h.Exchange(in, out); err != nil {
				t.Error(err)
			}
			_ = h.Close()
			if err := h.Exchange(in, out); !errors.Is(err, ErrClosed) {
				t.Errorf("closed bus said %v", err)
			}
		})
	})
}

// TestStepperBeforeChips: the world lives first, so that a chip sees this frame's
// wire.
func TestStepperBeforeChips(t *testing.T) {
	h, chip := New(), &loop{}
	h.Attach(chip)
	var seen []int
	h.OnStep(func(frame uint64) { seen = append(seen, int(frame)*10+chip.steps) })
	h.Step()
	h.Step()
	if len(seen) != 2 || seen[0] != 0 || seen[1] != 11 {
		t.Errorf("steppers saw frame and steps %v", seen)
	}
}

func TestExchangeAllocatesNothing(t *testing.T) {
	h := New()
	h.Attach(&loop{})
	in, out := new(hal.Frame), new(hal.Frame)
	h.Step()
	_ = h.StepAndExchange(in, out)
	if n := testing.AllocsPerRun(100, func() {
		if err := h.StepAndExchange(in, out); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// StepAndExchange is how an unpaced bus is used from one goroutine.
func (h *Highway) StepAndExchange(in, out *hal.Frame) error {
	h.mu.Lock()
	if !h.playing {
		h.begin()
	}
	h.mu.Unlock()
	h.Step()
	return h.Exchange(in, out)
}

// TestPass: at somebody else's clock a frame is captured with what it plays; without
// clock, or lost, it is silent both ways.
func TestPass(t *testing.T) {
	h, chip := New(), &loop{slot: 3}
	h.Attach(chip)
	in, out := new(hal.Frame), new(hal.Frame)
	for n := int16(1); n < 20; n++ {
		h.StopClock(n == 5)
		if n == 7 {
			h.Lose(1)
		}
		out[3][0] = n
		h.Pass(in, out)
		want := n
		if n == 5 || n == 7 {
			want = 0
		}
		if in[3][0] != want || n == 5 && chip.clock || n == 6 && !chip.clock {
			t.Errorf("frame %d captured %d, clock %t", n, in[3][0], chip.clock)
		}
	}
}
