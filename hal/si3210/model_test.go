package si3210_test

import (
	"context"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/hal"
	"centralita/hal/si3210"
	"centralita/hal/sim/bus"
	"centralita/hal/sim/highway"
	sim "centralita/hal/sim/si3210"
	"centralita/hal/sim/wire"
)

// bench is one chip on a select of its own, under its driver.
type bench struct {
	chip *sim.Chip
	pair *wire.Pair
	bus  *highway.Highway
	port *si3210.Port

	mu     sync.Mutex
	events []hal.Event
}

// single runs f with a chip that is not chained, once it is ready.
func single(t *testing.T, f func(*bench)) {
	synctest.Test(t, func(t *testing.T) {
		b := &bench{pair: &wire.Pair{Load: wire.Load{Ohms: 400, REN: 1}}, bus: highway.New()}
		interrupt, reset := bus.NewPin("INTn"), bus.NewPin("RESETn")
		b.chip = sim.New(sim.Options{Pair: b.pair, Int: func(low bool) { interrupt.PullLow(0, low) }})
		reset.Watch(func(high bool) { b.chip.Reset(!high) })
		b.bus.Attach(b.chip)
		chain, err := si3210.New(bus.NewPort("spi", sim.Chain{b.chip}), si3210.Pins{Reset: reset, Int: interrupt}, si3210.Opts{
			Ports: []si3210.PortOpts{{Name: "fxs1", Slot: 0}}, Timing: si3210.Brisk, Tell: b.told,
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
		time.Sleep(3 * time.Second)
		if s := b.port.Status(); !s.Ready {
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

func (b *bench) last() hal.Kind {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.events[len(b.events)-1].Kind
}

// TestWorkingRegisters: what the data sheet and AN35 want in a working port.
func TestWorkingRegisters(t *testing.T) {
	single(t, func(b *bench) {
		for reg, want := range map[int]byte{
			0: 0x05, 1: 0x3C, 2: 1, 3: 0, 4: 1, 5: 0, 8: 0, 9: 0, 14: 0, 64: 0x11, 67: 0x17, 108: 0xEB, 96: 0,
		} {
			if got := b.chip.Register(reg); got != want {
				t.Errorf("register %d holds %02x, want %02x", reg, got, want)
			}
		}
		for reg, want := range map[int]uint16{26: 0x4000, 27: 0x4000, 28: 0x1000, 29: 0x3600, 32: 0x0FF0, 33: 0x7F80, 35: 0x8000, 36: 0x0350, 88: 0, 211: 0} {
			if got := b.chip.Indirect(reg); got != want {
				t.Errorf("indirect register %d holds %04x, want %04x", reg, got, want)
			}
		}
	})
}

// TestFastRestart: a chip that was reset by itself is back within a quarter of a
// second, with the calibration it had.
func TestFastRestart(t *testing.T) {
	single(t, func(b *bench) {
		before := [2]byte{b.chip.Register(98), b.chip.Register(99)}
		b.chip.ResetItself()
		begun := time.Now()
		for b.port.Status().Ready {
			time.Sleep(10 * time.Millisecond)
		}
		noticed := time.Since(begun)
		for !b.port.Status().Ready {
			time.Sleep(10 * time.Millisecond)
		}
		if d := time.Since(begun); noticed > 350*time.Millisecond || d > noticed+250*time.Millisecond {
			t.Errorf("noticed after %s, back after %s", noticed, d)
		}
		if after := [2]byte{b.chip.Register(98), b.chip.Register(99)}; after != before {
			t.Errorf("gain codes %x became %x", before, after)
		}
		if b.last() != hal.Recovered {
			t.Error("recovery was not told")
		}
	})
}

// TestRingLoad: the driver counts the bells on its port to half a bell, at every
// frequency that is rung with.
func TestRingLoad(t *testing.T) {
	for _, hz := range []float64{16.67, 20, 25, 50} {
		single(t, func(b *bench) {
			for ren := 1.0; ren <= 5; ren++ {
				b.bus.Do(func() { b.pair.Load.REN = ren })
				_ = b.port.Ring(hal.Cadence{Hz: hz, Vrms: 45, Steps: []time.Duration{time.Second, time.Second}})
				time.Sleep(1500 * time.Millisecond)
				if got := b.port.Status().REN; math.Abs(got-ren) > 0.5 {
					t.Errorf("%g Hz: %g REN read as %g", hz, ren, got)
				}
				_ = b.port.StopRing()
			}
			b.bus.Do(func() { b.pair.Load.REN = 8 })
			_ = b.port.Ring(hal.Cadence{Hz: hz, Vrms: 45, Steps: []time.Duration{time.Second, time.Second}})
			time.Sleep(1500 * time.Millisecond)
			if got := b.port.Status().REN; got < 5.6 {
				t.Errorf("%g Hz: 8 REN, whose ringing gives way, read as %g", hz, got)
			}
		})
	}
}

// TestSaving: a set at rest is fed with less after half a minute, and with all
// again once it is lifted or rung.
func TestSaving(t *testing.T) {
	single(t, func(b *bench) {
		feed := func() (v float64) {
			b.bus.Do(func() { v = b.pair.Feed.Volts })
			return v
		}
		if v := feed(); v < 47 {
			t.Errorf("fed with %g V at first", v)
		}
		time.Sleep(time.Minute)
		if v := feed(); v < 36 || v > 42 {
			t.Errorf("fed with %g V at rest", v)
		}
		b.bus.Do(func() { b.pair.Load.OffHook = true })
		time.Sleep(200 * time.Millisecond)
		if v := feed(); v < 47 || !b.port.Status().OffHook {
			t.Errorf("fed with %g V lifted, %+v", v, b.port.Status())
		}
	})
}

// TestPark: a parked set gets little current, is still seen as lifted, and is fed
// as usual once it is put back.
func TestPark(t *testing.T) {
	single(t, func(b *bench) {
		b.bus.Do(func() { b.pair.Load.OffHook = true })
		time.Sleep(time.Second)
		full := b.port.Status().MilliAmp
		_ = b.port.Park(true)
		time.Sleep(time.Second)
		if s := b.port.Status(); !s.OffHook || s.MilliAmp > 0.7*full || s.MilliAmp < 5 {
			t.Errorf("parked: %+v, before it had %g mA", s, full)
		}
		b.bus.Do(func() { b.pair.Load.OffHook = false })
		time.Sleep(time.Second)
		b.bus.Do(func() { b.pair.Load.OffHook = true })
		time.Sleep(time.Second)
		if s := b.port.Status(); !s.OffHook || s.MilliAmp < full {
			t.Errorf("lifted again: %+v", s)
		}
	})
}

// TestLostInterrupt: a set lifted while the interrupt is not enabled any more is
// noticed by the audit.
func TestLostInterrupt(t *testing.T) {
	single(t, func(b *bench) {
		b.chip.Poke(22, 0)
		b.bus.Do(func() { b.pair.Load.OffHook = true })
		time.Sleep(200 * time.Millisecond)
		if b.last() != hal.OffHook {
			t.Error("the lifted set was not noticed")
		}
	})
}

// TestStopsRingingAtTheEnd: a program that ends does not leave bells ringing, as
// the chip would go on for ever.
func TestStopsRingingAtTheEnd(t *testing.T) {
	var left *sim.Chip
	single(t, func(b *bench) {
		left = b.chip
		if err := b.port.Ring(hal.Cadence{Hz: 25, Vrms: 50, Steps: []time.Duration{time.Second, 4 * time.Second}}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(500 * time.Millisecond)
		if b.chip.Register(64) != 0x44 {
			t.Fatalf("linefeed %02x while ringing", b.chip.Register(64))
		}
	})
	if got := left.Register(64); got != 0x11 {
		t.Errorf("linefeed %02x after the end", got)
	}
}

// TestGainOutlivesAReset: gains set at any time are there again after the chip
// fell back by itself.
func TestGainOutlivesAReset(t *testing.T) {
	single(t, func(b *bench) {
		if err := b.port.SetGain(-7, 2); err != nil {
			t.Fatal(err)
		}
		time.Sleep(150 * time.Millisecond)
		b.chip.ResetItself()
		for b.port.Status().Ready {
			time.Sleep(10 * time.Millisecond)
		}
		if err := b.port.SetGain(-6, 2); err != nil { // while it is on its way back
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if play, capture := b.chip.Indirect(26), b.chip.Indirect(27); play != 0x2013 || capture != 0x5092 {
			t.Errorf("gains hold %04x %04x", play, capture)
		}
	})
}

// TestSpikesAreMended: whatever register a spike changes, the chip is as it was left
// within two seconds, without having been begun anew.
func TestSpikesAreMended(t *testing.T) {
	for _, reg := range []int{2, 3, 4, 5, 9, 10, 11, 14, 21, 22, 63, 67, 69, 70, 71, 72, 74, 108} {
		single(t, func(b *bench) {
			was, told := b.chip.Register(reg), len(b.events)
			b.chip.Poke(reg, was^0x01)
			time.Sleep(2 * time.Second)
			if got := b.chip.Register(reg); got != was || len(b.events) != told {
				t.Errorf("register %d holds %02x, want %02x; told %+v", reg, got, was, b.events[told:])
			}
		})
	}
}
