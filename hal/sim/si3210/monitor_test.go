package si3210

import (
	"math"
	"testing"

	"centralita/hal/sim/wire"
)

// TestRingMonitor: voltage and current of ringing are those of the sine and of the
// bells, by many samples of registers 78 and 79.
func TestRingMonitor(t *testing.T) {
	b := powered()
	b.pairs[0].Load = wire.Load{Ohms: 400, REN: 3}
	b.set(64, 4)
	var volts, amps float64
	const n = 2000
	for range n {
		b.steps(1)
		v, i := float64(b.get(78)&0x3F)*1.5, float64(b.get(79)&0x3F)*1.25
		volts, amps = volts+v*v, amps+i*i
	}
	v, i := math.Sqrt(volts/n), math.Sqrt(amps/n)
	// 3 REN at 25 Hz are 2310 ohm and 24 uF, 2325 ohm in all: 45 V give 19.4 mA.
	if math.Abs(v-45) > 1.5 || math.Abs(i-19.4) > 1 {
		t.Errorf("rings with %.1f V and %.1f mA", v, i)
	}
}

// TestSingleWires: a wire fed alone draws current only where it touches ground.
func TestSingleWires(t *testing.T) {
	b := powered()
	for _, grounded := range []bool{false, true} {
		b.Chain[0].SetFaults(Faults{Grounded: grounded})
		for _, state := range []byte{3, 7} {
			b.set(64, state)
			b.steps(2)
			if drawn := b.get(79) > 2; drawn != grounded {
				t.Errorf("state %d, grounded %t: register 79 reads %d", state, grounded, b.get(79))
			}
			if b.get(64)>>4 != state {
				t.Errorf("state %d became %d", state, b.get(64)>>4)
			}
		}
	}
}
