package si3210

import (
	"testing"
	"time"

	"centralita/hal"
)

// dialler moves a loop as a hand does and gathers what the hook makes of it, seen
// as the chip shows it: at frames of 10 ms, which start anywhere in them.
type dialler struct {
	hook
	now  time.Time
	told []hal.Event
}

func newDialler(pulse bool) *dialler {
	d := &dialler{hook: hook{flashMin: 80 * ms, flashMax: 600 * ms, pulse: pulse}, now: time.Unix(0, 0)}
	d.stay(true, 500*ms)
	return d
}

func (d *dialler) stay(closed bool, long time.Duration) {
	for end := d.now.Add(long); d.now.Before(end); d.now = d.now.Add(10 * ms) {
		if e := d.see(closed, d.now); e.Kind != 0 && e.Kind != hal.OffHook {
			d.told = append(d.told, e)
		}
	}
}

// digit turns the dial once.
func (d *dialler) digit(n int, brk, mk time.Duration) {
	if n == 0 {
		n = 10
	}
	for i := range n {
		d.stay(false, brk)
		if i < n-1 {
			d.stay(true, mk)
		}
	}
	d.stay(true, 300*ms) // the least between two digits
}

func (d *dialler) says() (s string) {
	for _, e := range d.told {
		switch e.Kind {
		case hal.PulseDigit:
			s += string(e.Digit)
		case hal.HookFlash:
			s += "!"
		case hal.OnHook:
			s += "-"
		}
	}
	return s
}

// TestPulseDigits: every digit at every speed and break of a dial in tolerance.
func TestPulseDigits(t *testing.T) {
	for _, pps := range []int{8, 10, 12} {
		for brk := 47 * ms; brk <= 80*ms; brk += 3 * ms {
			mk := time.Second/time.Duration(pps) - brk
			if mk < 17*ms {
				continue // no dial at this speed
			}
			d := newDialler(true)
			for _, n := range []int{5, 1, 2, 3, 4, 6, 7, 8, 9, 0, 1} {
				d.digit(n, brk, mk)
			}
			if got := d.says(); got != "51234678901" {
				t.Errorf("%d pulses a second, break %s: %s", pps, brk, got)
			}
		}
	}
}

// TestBreaks: what one break alone is.
func TestBreaks(t *testing.T) {
	for _, c := range []struct {
		open         time.Duration
		pulses, none string // with dial pulses taken, and without
	}{
		{5 * ms, "", ""}, {20 * ms, "", ""}, {50 * ms, "1", ""}, {60 * ms, "1", ""}, {70 * ms, "1", ""},
		{80 * ms, "!", "!"}, {90 * ms, "!", "!"}, {100 * ms, "!", "!"}, {300 * ms, "!", "!"}, {600 * ms, "!", "!"},
		{700 * ms, "-", "-"}, {3 * time.Second, "-", "-"},
	} {
		for pulse, want := range map[bool]string{true: c.pulses, false: c.none} {
			d := newDialler(pulse)
			d.stay(false, c.open)
			if c.open < 700*ms {
				d.stay(true, time.Second)
			}
			if got := d.says(); got != want {
				t.Errorf("open for %s, pulses %t: %q, want %q", c.open, pulse, got, want)
			}
		}
	}
}

// TestSlowDialOrRecall: 80 ms is a recall, and the digit 1 of a dial that has
// shown such pulses.
func TestSlowDialOrRecall(t *testing.T) {
	d := newDialler(true)
	d.stay(false, 80*ms)
	d.stay(true, time.Second)
	d.digit(3, 80*ms, 45*ms)
	d.digit(1, 80*ms, 45*ms)
	d.stay(false, 120*ms)
	d.stay(true, time.Second)
	if got := d.says(); got != "!31!" {
		t.Errorf("told %q", got)
	}
}

// TestContactsSettle: a bouncing hook is neither digit nor recall, and putting
// down in the middle of a digit is putting down.
func TestContactsSettle(t *testing.T) {
	d := &dialler{hook: hook{flashMin: 80 * ms, flashMax: 600 * ms, pulse: true}, now: time.Unix(0, 0)}
	d.stay(true, 30*ms)
	d.stay(false, 40*ms)
	d.stay(true, time.Second)
	d.stay(false, 60*ms)
	d.stay(true, 40*ms)
	d.stay(false, 2*time.Second)
	if got := d.says(); got != "-" {
		t.Errorf("told %q", got)
	}
}
