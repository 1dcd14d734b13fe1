package si3050

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"centralita/hal/chain/chaintest"
)

// play makes a chain of nine on a tape.
func play(t *testing.T, want ...string) *Chain {
	t.Helper()
	opts := Opts{}
	for n := range 9 {
		opts.Ports = append(opts.Ports, PortOpts{fmt.Sprintf("fxo%d", n+1), n})
	}
	c, err := New(chaintest.NewTape(t, want...), Pins{}, opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestControlByte: the chip's number stands bit-reversed in bits 3..0.
func TestControlByte(t *testing.T) {
	for chip, want := range []byte{0x20, 0x28, 0x24, 0x2C, 0x22, 0x2A, 0x26, 0x2E, 0x21} {
		if got := control(chip); got != want {
			t.Errorf("chip %d: %02x, want %02x", chip, got, want)
		}
	}
}

// TestIdentify: three zero bytes bring the bytes into step before.
func TestIdentify(t *testing.T) {
	c := play(t, "000000", "28245a", "6824ff>5a", "2824a5", "6824ff>a5")
	if err := c.ports[1].identify(nil); err != nil {
		t.Error(err)
	}
}

func TestIdentifyNobody(t *testing.T) {
	if err := play(t, "000000", "20245a", "6024ff>ff").ports[0].identify(nil); !errors.Is(err, errNoChip) {
		t.Errorf("said %v", err)
	}
}

func TestIdentifyDisturbed(t *testing.T) {
	if err := play(t, "000000", "20245a", "6024ff>5b").ports[0].identify(nil); !errors.Is(err, errEcho) {
		t.Errorf("said %v", err)
	}
}

// TestSoftReset: SR is set, polled until it clears, and register 2 is 3 after it.
func TestSoftReset(t *testing.T) {
	c := play(t, "200180", "6001ff>80", "6001ff>00", "6002ff>03")
	waits := 0
	if err := c.ports[0].softReset(func(time.Duration) bool { waits++; return true }); err != nil || waits != 1 {
		t.Errorf("waited %d times, %v", waits, err)
	}
}

// TestHookWrites: register 5 with the monitor on-hook, with OH alone off-hook.
func TestHookWrites(t *testing.T) {
	p := play(t, "200508", "200501").ports[0]
	p.writeHook()
	p.hook.off = true
	p.writeHook()
}

func TestConfigureSlots(t *testing.T) {
	// Slot 8 begins at clock 129: 0x81, 0x00; then linear PCM, then the link.
	c := play(t, "212281", "212300", "212481", "212500", "212138", "210600")
	if err := c.ports[8].configure(nil); err != nil {
		t.Error(err)
	}
}
