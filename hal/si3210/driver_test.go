package si3210

import (
	"math"
	"testing"
	"time"

	"centralita/hal"
	"centralita/hal/chain/chaintest"
)

const ms = time.Millisecond

// TestSineMatchesDataSheet: section 2.5 gives 7EFD (rounded) and 0177 for 70 Vpk
// at 20 Hz; the others follow from its formula.
func TestSineMatchesDataSheet(t *testing.T) {
	for _, c := range []struct {
		hz, vrms  float64
		rco, rngx uint16
	}{
		{20, 70 / math.Sqrt2, 0x7EFD, 0x0177}, {25, 45, 0x7E6D, 0x01AB}, {25, 50, 0x7E6D, 0x01DB},
		{20, 45, 0x7EFE, 0x0156}, {50, 60, 0x79BC, 0x047B}, {16.67, 40, 0x7F4C, 0x00FD}, {30, 55, 0x7DBC, 0x0273},
	} {
		rco, rngx := sine(c.hz, c.vrms)
		if math.Abs(float64(rco)-float64(c.rco)) > 1 || math.Abs(float64(rngx)-float64(c.rngx)) > 1 {
			t.Errorf("%g Hz %g V: %04X %04X, want %04X %04X", c.hz, c.vrms, rco, rngx, c.rco, c.rngx)
		}
	}
}

func TestCadenceLimits(t *testing.T) {
	good := hal.Cadence{Hz: 25, Vrms: 50, Steps: []time.Duration{400 * ms, 200 * ms, 400 * ms, 2 * time.Second}}
	if err := checkCadence(good); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*hal.Cadence){
		"frequency": func(c *hal.Cadence) { c.Hz = math.NaN() },
		"voltage":   func(c *hal.Cadence) { c.Vrms = 62 },
		"no steps":  func(c *hal.Cadence) { c.Steps = nil },
		"odd":       func(c *hal.Cadence) { c.Steps = c.Steps[:3] },
		"many":      func(c *hal.Cadence) { c.Steps = make([]time.Duration, 10) },
		"negative":  func(c *hal.Cadence) { c.Steps = []time.Duration{-1, ms} },
	} {
		c := good
		spoil(&c)
		if checkCadence(c) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestHook runs the classes of a break: bounce, dial pulse, flash, hanging up.
func TestHook(t *testing.T) {
	for _, c := range []struct {
		open time.Duration
		want hal.Kind
	}{
		{5 * ms, 0}, {20 * ms, 0}, {60 * ms, 0}, {80 * ms, hal.HookFlash}, {300 * ms, hal.HookFlash},
		{600 * ms, hal.HookFlash}, {700 * ms, hal.OnHook}, {5 * time.Second, hal.OnHook},
	} {
		h := hook{flashMin: 80 * ms, flashMax: 600 * ms}
		at := time.Unix(0, 0)
		if e := h.see(true, at); e.Kind != hal.OffHook {
			t.Fatalf("lifting told %+v", e)
		}
		begun := at.Add(time.Second)
		var got []hal.Event
		for d := time.Duration(0); d <= c.open; d += 5 * ms {
			got = append(got, h.see(d == c.open, begun.Add(d)))
		}
		var told []hal.Event
		for _, e := range got {
			if e.Kind != 0 {
				told = append(told, e)
			}
		}
		switch {
		case c.want == 0 && len(told) != 0:
			t.Errorf("open for %s told %+v", c.open, told)
		case c.want != 0 && (len(told) == 0 || told[0].Kind != c.want || !told[0].At.Equal(begun)):
			t.Errorf("open for %s told %+v, want kind %d", c.open, told, c.want)
		case c.want == hal.HookFlash && told[0].Duration != c.open:
			t.Errorf("open for %s told %s", c.open, told[0].Duration)
		}
	}
}

func TestOptionsRefused(t *testing.T) {
	for name, o := range map[string]Opts{
		"none":          {},
		"two unchained": {Ports: []PortOpts{{"a", 0}, {"b", 1}}},
		"slot 15":       {Ports: []PortOpts{{"a", 15}}},
		"nine":          {Daisy: true, Ports: make([]PortOpts, 9)},
	} {
		if _, err := New(chaintest.NewTape(t), Pins{}, o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
