package simboard_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/boardtest"
	"centralita/board/simboard"
	"centralita/hal"
	"centralita/hal/sim/wire"
)

// bench is a running board and what its ports told.
type bench struct {
	*simboard.Sim
	*boardtest.Far
	t *testing.T

	mu     sync.Mutex
	events []hal.Event
}

// on runs f in virtual time with a board whose workers run; before is called on
// the board before they do.
func on(t *testing.T, before func(*simboard.Sim), f func(*bench)) {
	t.Helper()
	onOptions(t, simboard.Options{}, before, f)
}

func onOptions(t *testing.T, o simboard.Options, before func(*simboard.Sim), f func(*bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{t: t}
		o.Paced, o.Tell = true, b.told
		s, err := simboard.New(o)
		if err != nil {
			t.Fatal(err)
		}
		b.Sim, b.Far = s, boardtest.NewFar(t, s.Hardware)
		if before != nil {
			before(s)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var workers sync.WaitGroup
		for _, w := range s.Workers {
			workers.Go(func() {
				for ctx.Err() == nil {
					_ = w.Serve(ctx)
					time.Sleep(50 * time.Millisecond)
				}
			})
		}
		defer workers.Wait()
		defer cancel()
		time.Sleep(3 * time.Second)
		f(b)
	})
}

func (b *bench) told(e hal.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, e)
}

func (b *bench) count(port string, kind hal.Kind) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.events {
		if e.Port == port && e.Kind == kind {
			n++
		}
	}
	return n
}

// TestBadPartsStayLocal: a port whose hardware is broken from the start says what
// is wrong, and all others work.
func TestBadPartsStayLocal(t *testing.T) {
	for _, c := range []struct {
		port  string
		fault simboard.Fault
		says  string
	}{
		{"fxs2", simboard.NoHighVoltage, "no high voltage"},
		{"fxs2", simboard.StuckCalibration, "calibration"},
		{"fxs2", simboard.Leak, "loads the battery"},
		{"fxs2", simboard.ForeignVoltage, "foreign voltage"},
		{"fxs2", simboard.Short, "touch each other"},
		{"fxs2", simboard.GroundFault, "touches ground"},
		{"fxs2", simboard.Dead, "no chip"},
		{"fxo2", simboard.LinkBroken, "isolation link"},
		{"fxo2", simboard.Dead, "no chip"},
	} {
		t.Run(c.port+" "+string(c.fault), func(t *testing.T) {
			on(t, func(s *simboard.Sim) {
				if err := s.Break(c.port, c.fault); err != nil {
					t.Fatal(err)
				}
			}, func(b *bench) {
				for _, p := range b.Ports() {
					s := p.Status()
					if p.Name() != c.port && !s.Ready {
						t.Errorf("%s suffers: %+v", p.Name(), s)
					}
					if p.Name() == c.port && (s.Ready || !strings.Contains(s.Fault, c.says) || !strings.Contains(s.Fault, c.port)) {
						t.Errorf("%s says %+v", p.Name(), s)
					}
				}
				time.Sleep(10 * time.Second)
				if n := b.count(c.port, hal.Fault); n != 1 {
					t.Errorf("the fault was told %d times", n)
				}
			})
		})
	}
}

// TestNoHighVoltageIsTriedBriefly: a converter that makes nothing is on for a small
// part of the time only, as what is short in it gets hot, and works again within
// five seconds when it can.
func TestNoHighVoltageIsTriedBriefly(t *testing.T) {
	on(t, func(s *simboard.Sim) { _ = s.Break("fxs1", simboard.NoHighVoltage) }, func(b *bench) {
		time.Sleep(10 * time.Second)
		powered := 0
		for range 1000 {
			time.Sleep(10 * time.Millisecond)
			if b.Converter("fxs1") {
				powered++
			}
		}
		if powered == 0 || powered > 50 {
			t.Errorf("the converter was on for %d %% of the time", powered/10)
		}
		b.Sim.Heal("fxs1")
		time.Sleep(5 * time.Second)
		if s := b.Port("fxs1").Status(); !s.Ready || b.count("fxs1", hal.Fault) != 1 {
			t.Errorf("mended: %+v", s)
		}
	})
}

// TestPowerAlarms: the feed comes back after each of four in a row, later each
// time; the fifth gives the port up, and once nothing draws too much it is back.
func TestPowerAlarms(t *testing.T) {
	on(t, nil, func(b *bench) {
		for n := 1; n <= 5; n++ {
			_ = b.Sim.Break("fxs1", simboard.PowerAlarm)
			time.Sleep(500 * time.Millisecond)
			v := b.Feed("fxs1")
			if n < 5 && v < 38 {
				t.Fatalf("after alarm %d the feed is %.0f V", n, v)
			}
			if n == 5 && (v > 1 || b.Port("fxs1").Status().Ready) {
				t.Fatalf("after alarm %d the feed is %.0f V", n, v)
			}
		}
		if b.count("fxs1", hal.Fault) != 1 {
			t.Error("no fault was told")
		}
		time.Sleep(5 * time.Second)
		if s := b.Port("fxs1").Status(); !s.Ready {
			t.Errorf("five seconds later: %+v", s)
		}
	})
}

// TestPairFaults: what is wrong with a pair that is in service is noticed within
// a second, takes only its port out of service, is told in its own words, and
// comes back within five seconds once the pair is well.
func TestPairFaults(t *testing.T) {
	for fault, says := range map[simboard.Fault]string{
		simboard.ForeignVoltage: "foreign voltage", simboard.Short: "touch each other", simboard.NoHighVoltage: "no high voltage",
	} {
		t.Run(string(fault), func(t *testing.T) {
			on(t, nil, func(b *bench) {
				time.Sleep(time.Second)
				_ = b.Sim.Break("fxs2", fault)
				time.Sleep(time.Second)
				if s := b.Port("fxs2").Status(); s.Ready || !strings.Contains(s.Fault, says) {
					t.Errorf("after a second: %+v", s)
				}
				if v := b.Feed("fxs2"); fault == simboard.ForeignVoltage && v > foreignBattery {
					t.Errorf("fed with %.0f V against a foreign battery", v)
				}
				if !b.Port("fxs1").Status().Ready || !b.Port("fxs3").Status().Ready {
					t.Error("others suffer")
				}
				b.Sim.Heal("fxs2")
				b.With("fxs2", func(e *boardtest.End) { e.Pair.Load = wire.Load{Ohms: 350, REN: 1} })
				time.Sleep(5 * time.Second)
				if s := b.Port("fxs2").Status(); !s.Ready {
					t.Errorf("healed: %+v", s)
				}
			})
		})
	}
}

// foreignBattery is the battery of somebody else that the town puts on a pair.
const foreignBattery = 48

// TestNoisyBus: one bit in ten thousand bytes is wrong for ten minutes. Nothing
// may crash, and afterwards everything must work.
func TestNoisyBus(t *testing.T) {
	on(t, nil, func(b *bench) {
		b.Noise(1e-4, 11)
		for range 60 {
			_ = b.FXS[0].Ring(hal.Cadence{Hz: 25, Vrms: 50, Steps: []time.Duration{time.Second, 2 * time.Second}})
			_ = b.FXO[0].OffHook()
			time.Sleep(5 * time.Second)
			_ = b.FXS[0].StopRing()
			_ = b.FXO[0].OnHook()
			time.Sleep(5 * time.Second)
		}
		b.Noise(0, 0)
		time.Sleep(2 * time.Minute)
		for _, p := range b.Ports() {
			if s := p.Status(); !s.Ready {
				t.Errorf("%s: %+v", p.Name(), s)
			}
		}
		b.Lift("fxs1")
		time.Sleep(300 * time.Millisecond)
		if !b.Port("fxs1").Status().OffHook {
			t.Error("fxs1 does not notice its handset any more")
		}
	})
}

// TestNoClock: without PCM clock Exchange says so and ports fail; with it back
// all is well again.
func TestNoClock(t *testing.T) {
	on(t, nil, func(b *bench) {
		in, out := new(hal.Frame), new(hal.Frame)
		if err := b.Highway.Exchange(in, out); err != nil {
			t.Fatal(err)
		}
		b.StopClock(true)
		begun := time.Now()
		if err := b.Highway.Exchange(in, out); !errors.Is(err, hal.ErrNoClock) {
			t.Fatalf("exchange without clock: %v", err)
		}
		if d := time.Since(begun); d > 50*time.Millisecond {
			t.Errorf("noticed after %s", d)
		}
		time.Sleep(time.Second)
		if b.Ready() {
			t.Error("ports without clock claim to be ready")
		}
		b.StopClock(false)
		time.Sleep(2 * time.Minute)
		if err := b.Highway.Exchange(in, out); err != nil {
			t.Error(err)
		}
		for _, p := range b.Ports() {
			if s := p.Status(); !s.Ready {
				t.Errorf("%s: %+v", p.Name(), s)
			}
		}
	})
}

// TestDeadProgramHangsUp: a seized line is released by the chip's own watchdog
// when nobody speaks to it any more.
func TestDeadProgramHangsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := simboard.New(simboard.Options{Paced: true})
		if err != nil {
			t.Fatal(err)
		}
		w := boardtest.NewFar(t, s.Hardware)
		ctx, kill := context.WithCancel(t.Context())
		var workers sync.WaitGroup
		for _, x := range s.Workers {
			workers.Go(func() { _ = x.Serve(ctx) })
		}
		time.Sleep(2 * time.Second)
		if err := s.FXO[0].OffHook(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		s.BreakBus(errors.New("the program is gone"))
		kill()
		workers.Wait()
		off := false
		for n := range 450 {
			w.With("fxo1", func(e *boardtest.End) { off = e.Pair.Load.OffHook })
			if n < 300 && !off {
				t.Fatalf("released after %d ms", n*10)
			}
			s.Step()
		}
		if off {
			t.Error("the line is still seized")
		}
	})
}
