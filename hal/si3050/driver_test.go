package si3050

import (
	"testing"
	"time"

	"centralita/hal/chain/chaintest"
)

const ms = time.Millisecond

// TestCountries checks rows of the termination table as field drivers have them.
func TestCountries(t *testing.T) {
	for code, want := range map[string][4]byte{
		"ES": {0x00, 0xC2, 0x02, 0x28}, "it": {0x00, 0xC2, 0x02, 0x28}, "FR": {0x00, 0xC2, 0x02, 0x28},
		"US": {0x00, 0xC0, 0x00, 0x20}, "GB": {0x00, 0xC2, 0x05, 0x28}, "UK": {0x00, 0xC2, 0x05, 0x28},
		"DE": {0x00, 0xC2, 0x03, 0x28}, "BR": {0x00, 0x30, 0x00, 0x20}, "AU": {0x40, 0x30, 0x03, 0x20},
		"ZA": {0x42, 0xC0, 0x03, 0x20}, "MX": {0x00, 0xC0, 0x00, 0x20}, "CN": {0x00, 0x30, 0x0F, 0x20},
		"": {0x00, 0xC2, 0x02, 0x28}, "XX": {0x00, 0xC2, 0x02, 0x28},
	} {
		c := countryOf(code)
		if got := [4]byte{c.intl1, c.dc, c.ac, c.daa5}; got != want {
			t.Errorf("%q: % x, want % x", code, got, want)
		}
	}
}

// TestCountryTableIsSane: no code twice, no undefined ring threshold, and ring
// confirmation that the shortest burst of the country passes.
func TestCountryTableIsSane(t *testing.T) {
	seen := map[string]bool{}
	for _, code := range Countries() {
		if len(code) != 2 || seen[code] {
			t.Errorf("code %q", code)
		}
		seen[code] = true
		c := countryOf(code)
		if c.intl1&1 != 0 {
			t.Errorf("%s: RT2:RT = 01 is not defined", code)
		}
		if (code == "GB" || code == "AU") && ringCount[c.rcc] >= 400*ms {
			t.Errorf("%s: confirmation of %s misses bursts of 400 ms", code, ringCount[c.rcc])
		}
	}
}

func TestLasting(t *testing.T) {
	at := func(d time.Duration) time.Time { return time.Unix(100, 0).Add(d) }
	var l lasting
	for _, c := range []struct {
		at      time.Duration
		is      bool
		changed bool
	}{
		{0, true, false}, {40 * ms, false, false}, // a blip
		{60 * ms, true, false}, {120 * ms, true, false}, {140 * ms, true, true}, {160 * ms, true, false},
		{200 * ms, false, false}, {280 * ms, false, true},
	} {
		changed, since := l.see(at(c.at), c.is, 80*ms)
		if changed != c.changed {
			t.Fatalf("at %s: changed %t", c.at, changed)
		}
		if changed && c.is && !since.Equal(at(60*ms)) {
			t.Errorf("believed since %s", since)
		}
	}
}

func TestOptionsRefused(t *testing.T) {
	for name, o := range map[string]Opts{
		"none": {}, "slot 15": {Ports: []PortOpts{{"a", 15}}}, "sixteen": {Ports: make([]PortOpts, 16)},
	} {
		if _, err := New(chaintest.NewTape(t), Pins{}, o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
