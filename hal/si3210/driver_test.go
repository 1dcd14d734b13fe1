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
