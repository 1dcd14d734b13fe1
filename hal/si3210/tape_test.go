package si3210

import (
	"testing"

	"centralita/hal/chain/chaintest"
)

// play makes a chain of two on a tape.
func play(t *testing.T, opts Opts, want ...string) *Chain {
	t.Helper()
	c, err := New(chaintest.NewTape(t, want...), Pins{}, opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var chained = Opts{Daisy: true, Ports: []PortOpts{{"fxs1", 4}, {"fxs2", 5}}}

func TestIdentify(t *testing.T) {
	// mask 02 selects the second chip; registers 0, 11 and 1 are read.
	c := play(t, chained, "0280ff>05", "028bff>33", "0281ff>08")
	if err := c.ports[1].identify(nil); err != nil || c.ports[1].chip != "Si3210 rev E" {
		t.Errorf("identified %q, %v", c.ports[1].chip, err)
	}
}

func TestIdentifySingleSelect(t *testing.T) {
	c := play(t, Opts{Ports: chained.Ports[:1]}, "80ff>04", "8bff>33", "81ff>08")
	if err := c.ports[0].identify(nil); err != nil || c.ports[0].chip != "Si3210 rev D" {
		t.Errorf("identified %q, %v", c.ports[0].chip, err)
	}
}

func TestIdentifyRefuses(t *testing.T) {
	for name, tape := range map[string][]string{
		"nobody":     {"0180ff>ff", "018bff>ff"},
		"all zero":   {"0180ff>00", "018bff>00"},
		"revision A": {"0180ff>01", "018bff>33"},
		"Si3215":     {"0180ff>03", "018bff>33", "0181ff>88"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := play(t, chained, tape...).ports[0].identify(nil); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestEnterDaisyChain(t *testing.T) {
	play(t, chained, "0080").bus.enterDaisy()
}

func TestIndirectAccess(t *testing.T) {
	c := play(t, chained,
		// write 0x1234 to 20: wait, data low, high, address
		"019fff>00", "011c34", "011d12", "011e14",
		// read it back: wait, address alone, wait until served, data
		"019fff>01", "019fff>00", "011e14", "019fff>01", "019fff>00", "019cff>34", "019dff>12")
	p := c.ports[0]
	if !p.writeIndirect(20, 0x1234) {
		t.Error("write failed")
	}
	if v, ok := p.readIndirect(20); !ok || v != 0x1234 {
		t.Errorf("read %04x, %t", v, ok)
	}
}

func TestIndirectAccessIsRetriedOnce(t *testing.T) {
	once := []string{"019fff>00", "011c34", "011d12", "011e14", "019fff>00", "011e14", "019fff>00", "019cff>34", "019dff>10"}
	c := play(t, chained, append(append([]string{}, once...), once...)...)
	if err := c.ports[0].loadOne(20, 0x1234); err == nil {
		t.Error("a register that does not hold its value was accepted")
	}
}
