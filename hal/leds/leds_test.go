package leds

import (
	"errors"
	"testing"
	"testing/synctest"

	"centralita/hal"
	simleds "centralita/hal/sim/leds"
)

func make2(t *testing.T) (*Lamps, *simleds.Bus) {
	t.Helper()
	bus := simleds.NewBus(0x60, 0x61)
	l, err := New(bus, []uint16{0x60, 0x61}, []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"})
	if err != nil {
		t.Fatal(err)
	}
	return l, bus
}

// TestColours: each state lights the right LEDs of its lamp, on both chips, and
// blinks at 1 Hz.
func TestColours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, bus := make2(t)
		for name, first := range map[string]int{"a": 0, "c": 4, "h": 14, "i": 16} {
			for state, want := range map[hal.Lamp][2]simleds.LED{
				hal.LampGreen: {simleds.Lit, simleds.Dark}, hal.LampRed: {simleds.Dark, simleds.Lit},
				hal.LampGreenBlink: {simleds.Blinking, simleds.Dark}, hal.LampRedBlink: {simleds.Dark, simleds.Blinking},
				hal.LampAmber: {simleds.Lit, simleds.Lit}, hal.LampOff: {},
			} {
				if err := l.Set(name, state); err != nil {
					t.Fatal(err)
				}
				if got := [2]simleds.LED{bus.LED(first), bus.LED(first + 1)}; got != want {
					t.Errorf("%s in state %d shows %v, want %v", name, state, got, want)
				}
			}
			_ = l.Set(name, hal.LampOff)
		}
		if hz := bus.BlinkHz(0); hz != 1 {
			t.Errorf("blinks at %g Hz", hz)
		}
	})
}

// TestFailureChangesNothing: a lamp that could not be set still says what it shows.
func TestFailureChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, bus := make2(t)
		_ = l.Set("b", hal.LampGreen)
		cut := errors.New("cut")
		bus.Break(cut)
		if err := l.Set("b", hal.LampRed); !errors.Is(err, cut) || l.Get("b") != hal.LampGreen {
			t.Errorf("said %v, shows %d", err, l.Get("b"))
		}
		bus.Break(nil)
		if err := l.Set("b", hal.LampRed); err != nil || l.Get("b") != hal.LampRed {
			t.Errorf("said %v, shows %d", err, l.Get("b"))
		}
		if l.Set("b", hal.Lamp(99)) == nil || l.Set("z", hal.LampRed) == nil {
			t.Error("nonsense was accepted")
		}
	})
}

func TestNewRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := simleds.NewBus(0x60)
		for name, f := range map[string]func() error{
			"missing chip": func() error { _, err := New(bus, []uint16{0x62}, []string{"a"}); return err },
			"too many":     func() error { _, err := New(bus, []uint16{0x60}, make([]string, 9)); return err },
			"twice":        func() error { _, err := New(bus, []uint16{0x60}, []string{"a", "a"}); return err },
		} {
			if f() == nil {
				t.Errorf("%s: accepted", name)
			}
		}
	})
}
