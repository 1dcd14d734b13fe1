package si3050_test

import (
	"math"
	"testing"
	"time"

	"centralita/hal"
	"centralita/hal/sim/wire"
)

const ms = time.Millisecond

func (b *bench) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// last is the newest event of a kind.
func (b *bench) last(kind hal.Kind) (e hal.Event, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, x := range b.events {
		if x.Kind == kind {
			e, ok = x, true
		}
	}
	return e, ok
}

// stretches records how long the loop is open and closed in turn.
func (b *bench) stretches() func() []time.Duration {
	var all []time.Duration
	run, offHook := time.Duration(0), false
	b.bus.Do(func() { offHook = b.pair.Load.OffHook })
	b.bus.OnStep(func(uint64) {
		at := 0
		for _, e := range b.pair.Edges {
			if e.OffHook == offHook {
				continue
			}
			all = append(all, run+time.Duration(e.At-at)*125*time.Microsecond)
			run, at, offHook = 0, e.At, e.OffHook
		}
		run += time.Duration(wire.FrameSamples-at) * 125 * time.Microsecond
	})
	return func() (got []time.Duration) {
		b.bus.Do(func() { got = all })
		return got
	}
}

// TestPulses: each digit as many breaks as it says, ten for 0, each to the
// millisecond, with the pause between digits.
func TestPulses(t *testing.T) {
	for _, p := range []hal.Pulses{
		{Break: 60 * ms, Make: 40 * ms, Between: 800 * ms},
		{Break: 61 * ms, Make: 39 * ms, Between: 600 * ms},
		{Break: 67 * ms, Make: 33 * ms, Between: 700 * ms},
	} {
		line(t, "ES", func(b *bench) {
			b.must(t, b.port.OffHook())
			time.Sleep(time.Second)
			heard := b.stretches()
			b.must(t, b.port.Pulse("120", p))
			time.Sleep(4 * time.Second)
			var want []time.Duration
			for _, n := range []int{1, 2, 10} {
				for range n {
					want = append(want, p.Break, p.Make)
				}
				want[len(want)-1] = p.Between
			}
			got := heard()[1:] // the first is what came before
			if len(got) != len(want)-1 {
				t.Fatalf("%d stretches, want %d: %v", len(got), len(want)-1, got)
			}
			for i, d := range got {
				if math.Abs((d - want[i]).Seconds()) > 0.002 {
					t.Errorf("stretch %d lasted %v, want %v", i, d, want[i])
				}
			}
			if e, ok := b.last(hal.Dialled); !ok || e.Duration > 5*ms || b.count(hal.Dialled) != 1 {
				t.Errorf("told %+v", e)
			}
			if n := b.count(hal.LoopOpen) + b.count(hal.InUse) + b.count(hal.Fault); n != 0 {
				t.Errorf("pulses were told as %d other things", n)
			}
			if s := b.port.Status(); !s.OffHook || s.MilliAmp < 15 {
				t.Errorf("after dialling: %+v", s)
			}
		})
	}
}

func TestPulsesRefused(t *testing.T) {
	line(t, "ES", func(b *bench) {
		good := hal.Pulses{Break: 60 * ms, Make: 40 * ms, Between: 800 * ms}
		for digits, p := range map[string]hal.Pulses{
			"": good, "12*": good, "1": {Break: 5 * ms, Make: 40 * ms, Between: 800 * ms}, "2": {Break: 60 * ms, Make: 40 * ms},
		} {
			if b.port.Pulse(digits, p) == nil {
				t.Errorf("%q with %+v was accepted", digits, p)
			}
		}
	})
}

// TestHangupEndsPulses: a line that is hung up while dialling stays on-hook.
func TestHangupEndsPulses(t *testing.T) {
	line(t, "ES", func(b *bench) {
		b.must(t, b.port.OffHook())
		time.Sleep(time.Second)
		b.must(t, b.port.Pulse("0000", hal.Pulses{Break: 60 * ms, Make: 40 * ms, Between: 800 * ms}))
		time.Sleep(330 * ms)
		b.must(t, b.port.OnHook())
		time.Sleep(100 * ms)
		heard := b.stretches()
		time.Sleep(5 * time.Second)
		if n := len(heard()); n != 0 || b.chip.Register(5) != 8 || b.count(hal.Dialled) != 0 {
			t.Errorf("%d edges after hanging up, register 5 %02x", n, b.chip.Register(5))
		}
	})
}

// TestSeize: a free line is taken; one that rings, is announced a call on, or is
// used by another telephone is left alone.
func TestSeize(t *testing.T) {
	for _, c := range []struct {
		name string
		kind hal.Kind
		when func(*bench)
	}{
		{"free", hal.Settled, func(*bench) {}},
		{"another telephone", hal.InUse, func(b *bench) {
			b.bus.Do(func() { b.pair.Beside = wire.Load{OffHook: true, Ohms: 300} })
			time.Sleep(20 * ms)
		}},
		{"just ringing", hal.Glare, func(b *bench) {
			b.bus.Do(func() { b.pair.Feed.RingVrms, b.pair.Feed.RingHz = 75, 25 })
			time.Sleep(30 * ms)
		}},
		{"just reversed", hal.Glare, func(b *bench) {
			b.bus.Do(func() { b.pair.Feed.Volts = -48 })
			time.Sleep(400 * ms)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			line(t, "ES", func(b *bench) {
				time.Sleep(5 * time.Second)
				c.when(b)
				b.must(t, b.port.Seize())
				time.Sleep(900 * ms)
				if b.count(c.kind) != 1 {
					t.Errorf("told kind %d %d times", c.kind, b.count(c.kind))
				}
				if off := b.chip.Register(5)&1 != 0; off != (c.kind == hal.Settled) || b.port.Status().OffHook != off {
					t.Errorf("off-hook %t", off)
				}
			})
		})
	}
}

// TestParallelTelephone: lifted and put back, on-hook and in a call.
func TestParallelTelephone(t *testing.T) {
	for _, seized := range []bool{false, true} {
		for _, feed := range []wire.Feed{{Volts: 48, Ohms: 800}, {Volts: -60, Ohms: 1500}, {Volts: 48, Ohms: 400, LimitMA: 25}} {
			line(t, "ES", func(b *bench) {
				b.bus.Do(func() { b.pair.Feed = feed })
				time.Sleep(time.Second)
				if seized {
					b.must(t, b.port.OffHook())
					time.Sleep(3 * time.Second)
				}
				for n := range 2 {
					b.bus.Do(func() { b.pair.Beside = wire.Load{OffHook: true, Ohms: 300} })
					time.Sleep(time.Second)
					if b.count(hal.InUse) != n+1 || !b.port.Status().InUse {
						t.Errorf("seized %t, feed %+v: lifted was told %d times; %+v", seized, feed, b.count(hal.InUse), b.port.Status())
					}
					b.bus.Do(func() { b.pair.Beside = wire.Load{} })
					time.Sleep(time.Second)
					if b.count(hal.Free) != n+1 || b.port.Status().InUse {
						t.Errorf("seized %t, feed %+v: put back was told %d times; %+v", seized, feed, b.count(hal.Free), b.port.Status())
					}
				}
			})
		}
	}
}

// TestOtherTelephoneAnswers: the end of ringing is followed by InUse within a
// second.
func TestOtherTelephoneAnswers(t *testing.T) {
	line(t, "ES", func(b *bench) {
		b.bus.Do(func() { b.pair.Feed.RingVrms, b.pair.Feed.RingHz = 75, 25 })
		time.Sleep(1200 * ms)
		b.bus.Do(func() {
			b.pair.Feed.RingVrms = 0
			b.pair.Beside = wire.Load{OffHook: true, Ohms: 300}
		})
		time.Sleep(time.Second)
		if b.count(hal.RingBegin) != 1 || b.count(hal.RingEnd) != 1 || b.count(hal.InUse) != 1 {
			t.Errorf("told %+v", b.events)
		}
	})
}

// TestRingFrequency is measured in the first burst, once.
func TestRingFrequency(t *testing.T) {
	for _, hz := range []float64{16.7, 20, 25, 50} {
		line(t, "ES", func(b *bench) {
			for range 3 {
				b.bus.Do(func() { b.pair.Feed.RingVrms, b.pair.Feed.RingHz = 75, hz })
				time.Sleep(1500 * ms)
				b.bus.Do(func() { b.pair.Feed.RingVrms = 0 })
				time.Sleep(3 * time.Second)
			}
			if e, ok := b.last(hal.RingHz); !ok || math.Abs(e.Hz-hz) > 0.05*hz || b.count(hal.RingHz) != 1 {
				t.Errorf("%v Hz was told as %+v, %d times", hz, e, b.count(hal.RingHz))
			}
		})
	}
}

// TestWetting: current for its time after its wait, and nothing told of it.
func TestWetting(t *testing.T) {
	line(t, "GB", func(b *bench) {
		heard := b.stretches()
		b.must(t, b.port.Wet(40*ms, 20*ms))
		time.Sleep(2 * time.Second)
		got := heard()
		if len(got) != 2 || math.Abs((got[1]-20*ms).Seconds()) > 0.002 {
			t.Errorf("stretches %v", got)
		}
		if b.count(hal.InUse)+b.count(hal.Polarity)+b.count(hal.BatteryLost)+b.count(hal.Settled) != 0 {
			t.Errorf("told %+v", b.events)
		}
		if b.port.Wet(0, 100*ms) == nil {
			t.Error("a wetting of 100 ms would seize the line")
		}
	})
}
