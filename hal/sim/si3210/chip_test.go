package si3210

import (
	"math"
	"testing"

	"centralita/hal"
	"centralita/hal/sim/wire"
)

// board is chips on a chain with a line each, and their interrupt.
type board struct {
	Chain
	pairs []*wire.Pair
	low   [8]bool
	out   hal.Frame
	in    hal.Frame
}

func newBoard(chips int) *board {
	b := &board{}
	for n := range chips {
		p := &wire.Pair{}
		b.pairs = append(b.pairs, p)
		b.Chain = append(b.Chain, New(Options{Pair: p, Seed: uint64(n), Echo: wire.Line, Int: func(low bool) { b.low[n] = low }}))
	}
	return b
}

func (b *board) shift(bytes ...byte) (last byte) {
	for _, v := range bytes {
		last = b.Shift(v)
	}
	return last
}
func (b *board) get(reg byte) byte { return b.shift(0x80|reg, 0xFF) }
func (b *board) set(reg, v byte)   { b.shift(reg, v) }
func (b *board) steps(n int) {
	for range n {
		b.in = hal.Frame{}
		for _, c := range b.Chain {
			c.Step(&b.out, &b.in)
		}
	}
}
func (b *board) setIndirect(reg byte, v uint16) {
	b.set(28, byte(v))
	b.set(29, byte(v>>8))
	b.set(30, reg)
	b.get(31)
	b.get(31)
}

// powered is one chip with its battery up and linear PCM in slot 2.
func powered() *board {
	b := newBoard(1)
	b.set(8, 0)
	b.set(14, 0)
	for _, r := range [][2]uint16{{26, 0x4000}, {27, 0x4000}, {28, 0x1000}, {29, 0x3600}, {20, 0x7E6D}, {21, 0x01AB}} {
		b.setIndirect(byte(r[0]), r[1])
	}
	b.set(2, 33)
	b.set(4, 33)
	b.set(1, 0x3C)
	b.set(22, 0xFF)
	b.set(21, 0x30)
	b.steps(20)
	b.pairs[0].Load = wire.Load{Ohms: 400, REN: 1}
	return b
}

// TestResetColumn: the reset values of the data sheet's register table.
func TestResetColumn(t *testing.T) {
	b := newBoard(1)
	for reg, want := range map[byte]byte{
		0: 0x05, 1: 0x08, 2: 0, 8: 0x02, 9: 0, 10: 0x08, 11: 0x33, 14: 0x10, 31: 0, 34: 0, 48: 0, 63: 0x54, 64: 0,
		65: 0x61, 66: 0x03, 67: 0x1F, 69: 0x0A, 70: 0x0A, 71: 0, 72: 0x20, 73: 0x02, 74: 0x32, 75: 0x10, 92: 0xFF,
		93: 0x14, 96: 0x1F, 97: 0x1F, 98: 0x10, 99: 0x10, 100: 0x11, 102: 0x08, 103: 0x88, 107: 0x08, 108: 0,
	} {
		if got := b.get(reg); got != want {
			t.Errorf("register %d reads %02x, want %02x", reg, got, want)
		}
	}
	b.Chain[0].Reset(true)
	if b.get(8) != 0xFF {
		t.Error("a chip held in reset answers")
	}
}

func TestDaisyChain(t *testing.T) {
	b := newBoard(3)
	b.set(0, 0x80) // two bytes reach all
	b.shift(0x02, 71, 3)
	b.shift(0x05, 71, 5)
	for mask, want := range map[byte]byte{1: 5, 2: 3, 4: 5, 8: 0xFF} {
		if got := b.shift(mask, 0x80|71, 0xFF); got != want {
			t.Errorf("mask %02x reads %02x, want %02x", mask, got, want)
		}
	}
}

func TestIndirectBusyAndUndefined(t *testing.T) {
	b := newBoard(1)
	b.set(28, 0x34)
	b.set(29, 0x12)
	b.set(30, 20)
	if b.get(31) != 1 {
		t.Error("not busy right after the access")
	}
	if b.get(31) != 0 || b.Chain[0].Indirect(20) != 0x1234 {
		t.Errorf("holds %04x", b.Chain[0].Indirect(20))
	}
	b.set(30, 20)
	for b.get(31) != 0 {
	}
	if v := uint16(b.get(28)) | uint16(b.get(29))<<8; v != 0x1234 {
		t.Errorf("reads %04x", v)
	}
	b.Chain[0].ResetItself()
	if b.Chain[0].Indirect(20) == 0x1234 {
		t.Error("survived a reset")
	}
}

func TestConverterRises(t *testing.T) {
	b := newBoard(1)
	b.set(14, 0)
	ms := 0
	for ; float64(b.get(82))*0.376 < 60; ms += 10 {
		if b.steps(1); ms > 200 {
			t.Fatal("no high voltage")
		}
	}
	if ms < 30 || ms > 120 {
		t.Errorf("60 V after %d ms", ms)
	}
	b.Chain[0].Clock(false)
	b.steps(10)
	b.Chain[0].Clock(true)
	if v := b.get(82); v > 20 {
		t.Errorf("without frame sync the converter holds %d counts", v)
	}
}

func TestCalibrationEnds(t *testing.T) {
	b := powered()
	b.set(97, 0x1E)
	b.set(96, 0x67)
	b.steps(3)
	if b.get(96)&0x40 == 0 {
		t.Error("calibrated in 30 ms")
	}
	b.steps(10)
	if b.get(96) != 0 {
		t.Error("calibration does not end")
	}
}

// TestRingingTimers: bursts and pauses by the 125 us timers, with interrupts.
func TestRingingTimers(t *testing.T) {
	b := powered()
	for i, v := range []uint16{8000, 16000} { // 1 s, 2 s
		b.set(byte(48+2*i), byte(v))
		b.set(byte(49+2*i), byte(v>>8))
	}
	b.set(34, 0x18)
	b.set(64, 4)
	b.steps(1)
	if f := b.pairs[0].Feed; math.Abs(f.RingVrms-45) > 1 || math.Abs(f.RingHz-25) > 0.2 {
		t.Errorf("rings with %.1f V at %.2f Hz", f.RingVrms, f.RingHz)
	}
	b.steps(98)
	if b.get(64) != 0x44 || b.low[0] {
		t.Errorf("linefeed %02x just before the end of the burst", b.get(64))
	}
	b.steps(1)
	if b.get(64) != 0x24 || b.get(18) != 0x10 || !b.low[0] {
		t.Errorf("linefeed %02x, status %02x after the burst", b.get(64), b.get(18))
	}
	b.set(18, 0x10)
	if b.low[0] {
		t.Error("interrupt stays after it was cleared")
	}
	b.steps(200)
	if b.get(64) != 0x44 || b.get(18) != 0x20 {
		t.Errorf("linefeed %02x, status %02x after the pause", b.get(64), b.get(18))
	}
}

func TestRingTripGoesActive(t *testing.T) {
	b := powered()
	b.set(64, 4)
	b.steps(20)
	b.pairs[0].Load.OffHook = true
	ms := 0
	for ; b.get(64)>>4 == 4 && ms < 300; ms += 10 {
		b.steps(1)
	}
	if ms < 20 || ms > 100 || b.get(19)&1 == 0 {
		t.Errorf("tripped after %d ms, status %02x", ms, b.get(19))
	}
}

func TestLoopClosureDebounce(t *testing.T) {
	b := powered()
	b.set(64, 1)
	b.set(69, 40) // 50 ms
	b.steps(5)
	b.pairs[0].Load.OffHook = true
	b.steps(4)
	if b.get(68)&5 != 0 {
		t.Errorf("detector %02x during the debounce; raw is inverted", b.get(68))
	}
	b.steps(1)
	if b.get(68)&5 != 1 || b.get(19) != 2 {
		t.Errorf("detector %02x, status %02x after it", b.get(68), b.get(19))
	}
}

// TestSoundNeedsFeed: sound passes lifted or in on-hook transmission, at 0 dB.
func TestSoundNeedsFeed(t *testing.T) {
	for _, c := range []struct {
		state  byte
		lifted bool
		passes bool
	}{{0, true, false}, {1, false, false}, {1, true, true}, {5, true, true}, {2, false, true}, {6, false, true}, {4, false, false}} {
		b := powered()
		b.Chain[0].SetEcho(wire.Echo{})
		b.set(64, c.state)
		b.pairs[0].Load.OffHook = c.lifted
		b.steps(5)
		var said, heard wire.Sound
		said[7] = -1234
		b.out[2][5] = 4321
		b.pairs[0].SetSays(&said)
		b.steps(1)
		b.pairs[0].AtSet(&heard)
		if got := heard[5] == 4321 && b.in[2][7] == -1234; got != c.passes {
			t.Errorf("state %d, lifted %t: heard %d, captured %d", c.state, c.lifted, heard[5], b.in[2][7])
		}
	}
}

func TestPowerAlarmOpens(t *testing.T) {
	b := powered()
	b.set(64, 1)
	b.Chain[0].PowerAlarm(3)
	if b.get(64) != 0x01 || b.get(19) != 1<<4 {
		t.Errorf("linefeed %02x, status %02x", b.get(64), b.get(19))
	}
}
