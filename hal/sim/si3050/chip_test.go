package si3050

import (
	"testing"

	"centralita/hal"
	"centralita/hal/sim/wire"
)

type board struct {
	Chain
	pair wire.Pair
	low  bool
	out  hal.Frame
	in   hal.Frame
}

func newBoard() *board {
	b := &board{}
	b.pair.Feed = wire.Feed{Volts: 48, Ohms: 800}
	b.Chain = Chain{New(Options{Pair: &b.pair, Int: func(low bool) { b.low = low }})}
	return b
}

func (b *board) shift(bytes ...byte) (last byte) {
	for _, v := range bytes {
		last = b.Shift(v)
	}
	return last
}
func (b *board) get(reg byte) byte { return b.shift(0x60, reg, 0xFF) }
func (b *board) set(reg, v byte)   { b.shift(0x20, reg, v) }
func (b *board) steps(n int) {
	for range n {
		b.in = hal.Frame{}
		b.Chain[0].Step(&b.out, &b.in)
	}
}

// linked is a chip whose isolation link is up, on-hook, ring validated with RCC
// 512 ms and RTO 256 ms, interrupts on.
func linked() *board {
	b := newBoard()
	b.set(6, 0)
	b.steps(10)
	for _, r := range [][2]byte{{18, 2}, {22, 0x0C}, {23, 2<<3 | 5}, {24, 0x91}, {31, 0x21}, {5, 8}, {34, 1}, {36, 1}, {33, 0x38}, {4, 0}, {3, 0xA9}, {2, 0x87}} {
		b.set(r[0], r[1])
	}
	return b
}

func TestResetColumn(t *testing.T) {
	b := newBoard()
	for reg, want := range map[byte]byte{
		1: 0, 2: 0x03, 3: 0, 4: 0, 5: 0, 6: 0x10, 12: 0, 13: 0x40, 16: 0, 22: 0x96, 23: 0x2D, 24: 0x19, 26: 0, 29: 0,
		31: 0x20, 32: 0x03, 33: 0, 59: 0,
	} {
		if got := b.get(reg); got != want {
			t.Errorf("register %d reads %02x, want %02x", reg, got, want)
		}
	}
	if b.get(11)>>4 != 0 {
		t.Error("a line side is seen without link")
	}
}

// TestAddressing: chip numbers stand bit-reversed, broadcasts reach all, a zero
// control byte is none.
func TestAddressing(t *testing.T) {
	var c Chain
	for range 3 {
		c = append(c, New(Options{Pair: &wire.Pair{}}))
	}
	send := func(bytes ...byte) (last byte) {
		for _, v := range bytes {
			last = c.Shift(v)
		}
		return last
	}
	send(0xA0, 36, 0x23)
	send(0x28, 36, 0x11)
	send(0x24, 36, 0x22)
	send(0x00)
	for control, want := range map[byte]byte{0x60: 0x23, 0x68: 0x11, 0x64: 0x22, 0x6C: 0xFF} {
		if got := send(control, 36, 0xFF); got != want {
			t.Errorf("%02x reads %02x, want %02x", control, got, want)
		}
	}
}

func TestLinkComesUp(t *testing.T) {
	b := newBoard()
	b.set(6, 0)
	ms := 0
	for ; b.get(12)&0x40 == 0 && ms < 300; ms += 10 {
		b.steps(1)
	}
	if ms < 20 || ms > 150 || b.get(11)>>4 != 3 {
		t.Errorf("link after %d ms, line side %02x", ms, b.get(11))
	}
	b = newBoard()
	b.Chain[0].SetFaults(Faults{NoLink: true})
	b.set(6, 0)
	b.steps(100)
	if b.get(12)&0x40 != 0 {
		t.Error("a broken link came up")
	}
}

// TestLinkLost takes the line side's registers and the hook with it.
func TestLinkLost(t *testing.T) {
	b := linked()
	b.set(5, 1)
	b.steps(60)
	b.Chain[0].LoseLink()
	if b.get(4)&0x20 == 0 || !b.low || b.get(24) != 0x19 || b.get(5)&1 != 0 {
		t.Errorf("source %02x, int %t, ring validation %02x, hook %02x", b.get(4), b.low, b.get(24), b.get(5))
	}
}

func TestOffHookSettles(t *testing.T) {
	b := linked()
	b.set(5, 1)
	b.steps(39)
	if b.get(28) != 0 {
		t.Error("current is valid within 390 ms")
	}
	b.steps(3)
	if mA := float64(b.get(28)) * 1.1; mA < 40 || mA > 60 {
		t.Errorf("%.0f mA", mA)
	}
	if v := int8(b.get(29)); v < 5 || v > 15 {
		t.Errorf("%d V off-hook", v)
	}
	b.pair.Feed.Volts = 0
	b.steps(1)
	if b.get(19)&2 == 0 || b.get(4)&8 == 0 {
		t.Error("no drop-out told")
	}
}

func TestVoltageAndPolarity(t *testing.T) {
	b := linked()
	b.steps(1)
	if v := int8(b.get(29)); v < 44 || v > 52 {
		t.Errorf("%d V on-hook", v)
	}
	b.pair.Feed.Volts = -48
	b.steps(1)
	if v := int8(b.get(29)); v > -44 || b.get(4) != 1 || !b.low {
		t.Errorf("%d V reversed, source %02x", v, b.get(4))
	}
	b.set(4, 0xFE) // zeros clear
	if b.get(4) != 0 || b.low {
		t.Error("the interrupt stays")
	}
	b.pair.Feed.Volts = 2
	b.set(31, 0x20)
	b.steps(1)
	if b.get(29) != 0 {
		t.Error("3 V and less are not forced to zero without LVFD")
	}
}

// TestRingValidator: frequency, duration and threshold decide.
func TestRingValidator(t *testing.T) {
	for _, c := range []struct {
		name     string
		vrms, hz float64
		ms       int
		rings    bool
	}{
		{"25 Hz", 75, 25, 1500, true}, {"50 Hz", 75, 50, 1500, true}, {"20 Hz", 40, 20, 1000, true},
		{"weak", 12, 25, 1500, false}, {"short alert", 75, 25, 250, false}, {"too slow", 75, 8, 1500, false}, {"hum", 75, 100, 1500, false},
	} {
		b := linked()
		b.pair.Feed.RingVrms, b.pair.Feed.RingHz = c.vrms, c.hz
		b.steps(c.ms / 10)
		began := b.get(4)&0x80 != 0 && b.get(5)&4 != 0
		b.set(4, 0)
		b.pair.Feed.RingVrms = 0
		b.steps(20)
		early := b.get(4) & 0x80
		b.steps(10)
		ended := b.get(4)&0x80 != 0 && b.get(5)&4 == 0
		if began != c.rings || ended != c.rings || early != 0 {
			t.Errorf("%s: begin %t, end %t, end before its timeout %02x", c.name, began, ended, early)
		}
	}
}

func TestWatchdogHangsUp(t *testing.T) {
	b := linked()
	b.set(2, 0x97)
	b.set(5, 1)
	b.steps(399)
	if !b.pair.Load.OffHook {
		t.Error("hung up early")
	}
	b.steps(2)
	if b.pair.Load.OffHook {
		t.Error("still off-hook 4 s after the last access")
	}
	b.set(2, 0x87)
	if b.get(2)&0x10 == 0 {
		t.Error("the watchdog was switched off by software")
	}
}

func TestMonitorHasOffset(t *testing.T) {
	b := linked()
	b.steps(2)
	if v := b.in[0][0]; v == 0 || v > 3276 || v < -3276 || v != b.in[0][79] {
		t.Errorf("offset %d", v)
	}
	b.set(5, 0)
	b.steps(1)
	if b.in[0][0] != 0 {
		t.Error("sound without monitor")
	}
}
