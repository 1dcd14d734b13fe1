package si3050_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/hal"
	"centralita/hal/si3050"
	"centralita/hal/sim/bus"
	"centralita/hal/sim/highway"
	sim "centralita/hal/sim/si3050"
	"centralita/hal/sim/wire"
)

// bench is one line under its driver.
type bench struct {
	chip *sim.Chip
	pair *wire.Pair
	bus  *highway.Highway
	port *si3050.Port

	mu     sync.Mutex
	events []hal.Event
}

// line runs f with a line that is ready and at rest.
func line(t *testing.T, country string, f func(*bench)) {
	synctest.Test(t, func(t *testing.T) {
		b := &bench{pair: &wire.Pair{Feed: wire.Feed{Volts: 48, Ohms: 800}}, bus: highway.New()}
		interrupt, reset := bus.NewPin("INTn"), bus.NewPin("RESETn")
		b.chip = sim.New(sim.Options{Pair: b.pair, Int: func(low bool) { interrupt.PullLow(0, low) }})
		reset.Watch(func(high bool) { b.chip.Reset(!high) })
		b.bus.Attach(b.chip)
		chain, err := si3050.New(bus.NewPort("spi", sim.Chain{b.chip}), si3050.Pins{Reset: reset, Int: interrupt}, si3050.Opts{
			Ports: []si3050.PortOpts{{Name: "fxo1", Slot: 2}}, Country: country, Timing: si3050.Brisk, Tell: b.told,
		})
		if err != nil {
			t.Fatal(err)
		}
		b.port = chain.Ports()[0]
		ctx, cancel := context.WithCancel(t.Context())
		var workers sync.WaitGroup
		defer workers.Wait()
		defer cancel()
		for _, w := range []hal.Worker{b.bus, chain} {
			workers.Go(func() { _ = w.Serve(ctx) })
		}
		time.Sleep(2 * time.Second)
		if s := b.port.Status(); !s.Ready || s.Chip != "Si3050 rev B + Si3019 rev C" {
			t.Fatalf("not ready: %+v", s)
		}
		f(b)
	})
}

func (b *bench) told(e hal.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, e)
}

func (b *bench) count(kind hal.Kind) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.events {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// TestWorkingRegisters: a Spanish line at rest.
func TestWorkingRegisters(t *testing.T) {
	line(t, "ES", func(b *bench) {
		for reg, want := range map[int]byte{
			2: 0x87, 3: 0xA9, 4: 0, 5: 0x08, 6: 0, 16: 0, 18: 2, 24: 0x91, 26: 0xC2, 30: 0x02, 31: 0x29, 33: 0x38, 34: 33, 36: 33, 38: 0, 41: 0,
		} {
			if got := b.chip.Register(reg); got != want {
				t.Errorf("register %d holds %02x, want %02x", reg, got, want)
			}
		}
	})
}

// TestHookIsAudited: a hook that the chip forgot is written again.
func TestHookIsAudited(t *testing.T) {
	line(t, "ES", func(b *bench) {
		if err := b.port.OffHook(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		b.chip.Poke(5, 0)
		time.Sleep(50 * time.Millisecond)
		if got := b.chip.Register(5); got != 1 {
			t.Errorf("register 5 holds %02x", got)
		}
		if !b.port.Status().Ready || b.count(hal.Fault) != 0 {
			t.Error("one forgotten write became a fault")
		}
	})
}

// TestLostRingInterrupts: rings are told, once each, with the mask gone.
func TestLostRingInterrupts(t *testing.T) {
	for _, lost := range []bool{false, true} {
		line(t, "ES", func(b *bench) {
			if lost {
				b.chip.Poke(3, 0)
			}
			for range 4 {
				b.bus.Do(func() { b.pair.Feed.RingVrms, b.pair.Feed.RingHz = 75, 25 })
				time.Sleep(1500 * time.Millisecond)
				b.bus.Do(func() { b.pair.Feed.RingVrms = 0 })
				time.Sleep(3 * time.Second)
			}
			if begins, ends := b.count(hal.RingBegin), b.count(hal.RingEnd); begins != 4 || ends != 4 {
				t.Errorf("interrupts lost %t: 4 rings were told as %d begins, %d ends", lost, begins, ends)
			}
			if n := b.count(hal.Polarity) + b.count(hal.BatteryLost); n != 0 {
				t.Errorf("ringing told %d changes of the battery", n)
			}
		})
	}
}

// TestBrokenLink: a link that does not come back is one fault, tried again, and
// heals.
func TestBrokenLink(t *testing.T) {
	line(t, "ES", func(b *bench) {
		b.chip.SetFaults(sim.Faults{NoLink: true})
		time.Sleep(20 * time.Second)
		if s := b.port.Status(); s.Ready || !strings.Contains(s.Fault, "isolation link") || b.count(hal.Fault) != 1 {
			t.Errorf("%+v, %d faults", s, b.count(hal.Fault))
		}
		b.chip.SetFaults(sim.Faults{})
		time.Sleep(2 * time.Minute)
		if !b.port.Status().Ready {
			t.Error("the line did not come back")
		}
	})
}

// TestHangsUpAtTheEnd: a program that ends does not keep a line seized.
func TestHangsUpAtTheEnd(t *testing.T) {
	var left *sim.Chip
	line(t, "ES", func(b *bench) {
		left = b.chip
		if err := b.port.OffHook(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
	})
	if got := left.Register(5); got&1 != 0 {
		t.Errorf("register 5 holds %02x after the end", got)
	}
}

// TestGainOutlivesTheLink: gains are there again after the line side was lost.
func TestGainOutlivesTheLink(t *testing.T) {
	line(t, "ES", func(b *bench) {
		if err := b.port.SetGain(-0.3, 7.5); err != nil {
			t.Fatal(err)
		}
		time.Sleep(150 * time.Millisecond)
		b.chip.Reset(true)
		b.chip.Reset(false)
		time.Sleep(3 * time.Second)
		for reg, want := range map[int]byte{38: 0, 39: 7, 40: 0x13, 41: 5} {
			if got := b.chip.Register(reg); got != want {
				t.Errorf("register %d holds %02x, want %02x", reg, got, want)
			}
		}
	})
}

// TestBalanceOutlivesTheLink: how a line is matched is there again after the line
// side was lost; a code that the chip lacks is refused.
func TestBalanceOutlivesTheLink(t *testing.T) {
	line(t, "ES", func(b *bench) {
		if first := b.port.Balances()[0]; first.Impedance != 2 || first.Hybrid != [8]byte{} {
			t.Errorf("Spain's own termination is not tried first: %+v", first)
		}
		want := hal.Balance{Impedance: 5, Hybrid: [8]byte{3, 251, 250, 2, 253, 255, 255, 255}}
		if err := b.port.SetBalance(want); err != nil {
			t.Fatal(err)
		}
		if err := b.port.SetBalance(hal.Balance{Impedance: 16}); err == nil {
			t.Error("impedance 16 was taken")
		}
		time.Sleep(150 * time.Millisecond)
		b.chip.Reset(true)
		b.chip.Reset(false)
		time.Sleep(3 * time.Second)
		if got := b.chip.Register(30); got != 5 {
			t.Errorf("register 30 holds %d", got)
		}
		for i, v := range want.Hybrid {
			if got := b.chip.Register(45 + i); got != v {
				t.Errorf("register %d holds %d, want %d", 45+i, got, v)
			}
		}
	})
}

// TestSpikesAreMended: whatever register a spike changes, the chip is as it was left
// within two seconds, without having been begun anew.
func TestSpikesAreMended(t *testing.T) {
	for _, reg := range []int{2, 3, 16, 17, 18, 22, 23, 24, 26, 30, 31, 34, 35, 36, 37, 38, 39, 45, 59} {
		line(t, "ES", func(b *bench) {
			was, told := b.chip.Register(reg), len(b.events)
			b.chip.Poke(reg, was^0x01)
			time.Sleep(2 * time.Second)
			if got := b.chip.Register(reg); got != was || len(b.events) != told {
				t.Errorf("register %d holds %02x, want %02x; told %+v", reg, got, was, b.events[told:])
			}
		})
	}
}

// TestDangerousLine: too much voltage at rest and too much current in a call take
// the port off the line within half a second, are told once, and are forgotten
// within five seconds of their end.
func TestDangerousLine(t *testing.T) {
	for name, c := range map[string]struct {
		seized bool
		feed   wire.Feed
		says   string
	}{
		"voltage": {false, wire.Feed{Volts: 150, Ohms: 5000}, "voltage"},
		"current": {true, wire.Feed{Volts: 60, Ohms: 120}, "current"},
	} {
		t.Run(name, func(t *testing.T) {
			line(t, "ES", func(b *bench) {
				if c.seized {
					b.must(t, b.port.OffHook())
					time.Sleep(2 * time.Second)
				}
				was := b.pair.Feed
				b.bus.Do(func() { b.pair.Feed = c.feed })
				time.Sleep(500 * ms)
				if s := b.port.Status(); s.Ready || !strings.Contains(s.Fault, c.says) || b.chip.Register(5)&1 != 0 {
					t.Errorf("%+v, register 5 %02x", s, b.chip.Register(5))
				}
				time.Sleep(10 * time.Second)
				if n := b.count(hal.Fault); n != 1 {
					t.Errorf("told %d times", n)
				}
				b.bus.Do(func() { b.pair.Feed = was })
				time.Sleep(5 * time.Second)
				if !b.port.Status().Ready {
					t.Errorf("after its end: %+v", b.port.Status())
				}
			})
		})
	}
}
