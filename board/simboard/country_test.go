package simboard_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard"
	"centralita/hal"
)

// TestDoubleRingIsOneBurst: the two bursts of a UK ring are 200 ms apart and mean
// one ring; a caller would not count them as two.
func TestDoubleRingIsOneBurst(t *testing.T) {
	onOptions(t, simboard.Options{Country: "GB"}, nil, func(b *bench) {
		const rings = 3
		for range rings {
			for _, step := range []struct {
				vrms float64
				d    time.Duration
			}{{50, 400 * time.Millisecond}, {0, 200 * time.Millisecond}, {50, 400 * time.Millisecond}, {0, 2 * time.Second}} {
				b.RingLine("fxo1", step.vrms, 25)
				time.Sleep(step.d)
			}
		}
		if n, m := b.count("fxo1", hal.RingBegin), b.count("fxo1", hal.RingEnd); n != rings || m != rings {
			t.Errorf("%d rings were told as %d begins and %d ends", rings, n, m)
		}
		for _, e := range b.events {
			if e.Kind == hal.RingEnd && (e.Duration < 900*time.Millisecond || e.Duration > 1100*time.Millisecond) {
				t.Errorf("a double ring of 1 s was told as %s", e.Duration)
			}
		}
	})
}

// TestReadyEverywhere: the board comes up for every kind of country, also with
// the waits of careful drivers.
func TestReadyEverywhere(t *testing.T) {
	for _, o := range []simboard.Options{{Country: "US"}, {Country: "BR"}, {Country: "FR"}, {Country: "nowhere"}, {Cautious: true}, {NoEcho: true, Seed: 99}} {
		onOptions(t, o, nil, func(b *bench) {
			if !b.Ready() {
				t.Errorf("%+v: not ready", o)
			}
		})
	}
}

// TestBusFails: a bus that fails is told as a fault of each of its ports, once,
// and when it works again so do they.
func TestBusFails(t *testing.T) {
	on(t, nil, func(b *bench) {
		b.BreakBus(errors.New("cut"))
		time.Sleep(5 * time.Second)
		for _, p := range b.Ports() {
			if p.Status().Ready || b.count(p.Name(), hal.Fault) != 1 {
				t.Errorf("%s: %+v, told %d faults", p.Name(), p.Status(), b.count(p.Name(), hal.Fault))
			}
		}
		b.BreakBus(nil)
		time.Sleep(5 * time.Second)
		if !b.Ready() {
			t.Error("not ready after the bus came back")
		}
	})
}

// TestUnpaced: a board that nobody paces moves by Step alone.
func TestUnpaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := simboard.New(simboard.Options{})
		if err != nil {
			t.Fatal(err)
		}
		frames := 0
		s.OnStep(func(uint64) { frames++ })
		ctx, cancel := context.WithCancel(t.Context())
		var workers sync.WaitGroup
		for _, w := range s.Workers {
			workers.Go(func() { _ = w.Serve(ctx) })
		}
		time.Sleep(time.Second)
		if frames != 0 {
			t.Errorf("%d frames by themselves", frames)
		}
		for !s.Ready() && frames < 500 {
			s.Step()
			time.Sleep(10 * time.Millisecond)
		}
		if !s.Ready() {
			t.Error("not ready after five seconds of steps")
		}
		cancel()
		workers.Wait()
	})
}
