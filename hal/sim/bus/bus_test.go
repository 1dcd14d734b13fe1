package bus

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// tape writes down edges and bytes and answers each byte with its complement.
type tape struct{ s string }

func (t *tape) Selected(low bool) {
	if low {
		t.s += "["
	} else {
		t.s += "]"
	}
}
func (t *tape) Shift(in byte) byte { t.s += fmt.Sprintf("%02x", in); return ^in }

func connect(t *testing.T, p *Port) spi.Conn {
	t.Helper()
	c, err := p.Connect(physic.MegaHertz, spi.Mode3, 8)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestChipSelectFramesPackets(t *testing.T) {
	dev := &tape{}
	c := connect(t, NewPort("spi", dev))
	r := make([]byte, 1)
	if err := c.TxPackets([]spi.Packet{{W: []byte{1}}, {W: []byte{2}, KeepCS: true}, {W: []byte{3}, R: r}}); err != nil {
		t.Fatal(err)
	}
	if want := "[01][0203]"; dev.s != want || r[0] != 0xFC {
		t.Fatalf("bus carried %s, read %02x; want %s, fc", dev.s, r[0], want)
	}
}

func TestPortRefuses(t *testing.T) {
	p := NewPort("spi", &tape{})
	if _, err := p.Connect(physic.MegaHertz, spi.Mode0, 8); err == nil {
		t.Error("mode 0 was accepted")
	}
	c := connect(t, p)
	if _, err := p.Connect(physic.MegaHertz, spi.Mode3, 8); err == nil {
		t.Error("second Connect was accepted")
	}
	if err := c.Tx(make([]byte, 2), make([]byte, 3)); err == nil {
		t.Error("unequal lengths were accepted")
	}
	cut := errors.New("cut")
	p.Break(cut)
	if err := c.Tx([]byte{1}, nil); !errors.Is(err, cut) {
		t.Errorf("broken bus said %v", err)
	}
}

func TestNoiseFlipsBits(t *testing.T) {
	p := NewPort("spi", &tape{})
	c := connect(t, p)
	p.Noise(0.5, 7)
	w, r := make([]byte, 1000), make([]byte, 1000)
	if err := c.Tx(w, r); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(r, []byte{0xFF}); n < 150 || n > 400 {
		t.Fatalf("%d of 1000 bytes came through whole; a quarter should", n)
	}
}

func TestInterruptIsWiredOr(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPin("INT")
		if err := p.In(gpio.PullUp, gpio.FallingEdge); err != nil {
			t.Fatal(err)
		}
		p.PullLow(0, true)
		p.PullLow(3, true)
		p.PullLow(0, false)
		if p.Read() != gpio.Low {
			t.Error("pin is high while a model still pulls")
		}
		if !p.WaitForEdge(time.Second) {
			t.Error("the falling edge was lost")
		}
		p.PullLow(3, false)
		begin := time.Now()
		if p.WaitForEdge(100 * time.Millisecond) {
			t.Error("a rising edge counted as falling")
		}
		if d := time.Since(begin); d != 100*time.Millisecond {
			t.Errorf("waited %s", d)
		}
		if p.WaitForEdge(0) || p.WaitForEdge(-1) {
			t.Error("a wait without patience found an edge")
		}
	})
}

func TestResetIsSeen(t *testing.T) {
	p := NewPin("RESETn")
	var seen []bool
	p.Watch(func(l bool) { seen = append(seen, l) })
	_ = p.Out(gpio.Low)
	_ = p.Out(gpio.High)
	if len(seen) != 2 || seen[0] || !seen[1] {
		t.Fatalf("watcher saw %v", seen)
	}
}
